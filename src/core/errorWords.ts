import { AppError, type ErrorCode, type ErrorDetails, messageOf } from './errors';
import { sentence } from './sentence';

type Words = { readonly [C in ErrorCode]: (details: ErrorDetails[C]) => string };

/** What happened, where, and what to do. A code without words does not compile. */
const words: Words = {
  'project.missing': d => `There is no pebr.json in ${d.folder}. Create one with "PeBR: Create Project" or open a folder that has one.`,
  'project.invalid': d => `${d.file}, line ${d.line}: ${d.reason}`,
  'dataset.unreadable': d => `${d.file} cannot be read: ${d.reason}`,
  'dataset.changedOnDisk': d => `${d.file} was changed by something else while it had unsaved edits here. Compare the two before you save, or revert the file.`,
  'dataset.rowsMoved': d => `${d.file} changed on disk after these rows were selected, so the numbers by which they were selected mean other rows now. Nothing was changed; select them again.${d.typed ? ` What you made: ${d.typed}` : ''}`,
  'workspace.untrusted': d => `${d.what}, and this folder is in Restricted Mode. Trust it to run them ("Workspaces: Manage Workspace Trust").`,
  'reward.failed': d => `${d.file}${d.line ? `, line ${d.line}` : ''}: ${d.remedy ? `${sentence(d.reason)} ${d.remedy}` : d.reason}`,
  'reward.workerLost': d => `The process that runs rewards ended: ${d.reason}. It is started again at the next scoring.`,
  'model.unusable': d => `The image-text model in ${d.folder} cannot be used: ${d.reason}`,
  'detector.unusable': d => `The detector in ${d.folder} cannot be used: ${sentence(d.reason)} ${d.remedy}`,
  'detector.failed': d => `No boxes can be proposed for ${d.image}: ${d.reason}`,
  'detector.lost': d => `The process that runs the detector ended: ${sentence(d.reason)} It is started again when boxes are asked for.`,
  'python.notFound': d => `No Python 3.11 or newer was found (tried: ${d.tried.join(', ')}). Install Python, or set "pebr.python.path".`,
  'python.unusable': d => `${d.python} cannot run the trainer: ${d.reason}`,
  'trainer.exited': d => `The trainer ended with code ${d.exitCode ?? 'none'}. ${d.lastLines.slice(-3).join(' ')}`,
  'run.unreadable': d => `The run ${d.folder} cannot be read: ${d.reason}`,
  'run.alreadyActive': d => `The run ${d.run} is still going. Stop it, or wait for its end.`,
  'endpoint.failed': d => `${d.url}: ${d.reason} ${d.remedy}`,
  'policy.failed': d => `The policy ${d.policy} gave no responses: ${d.reason} ${d.remedy}`,
  'file.unwritable': d => `${d.file} cannot be written: ${d.reason}`,
  'argument.invalid': d => `${d.argument}: ${d.reason}`,
  'duckdb.unavailable': d => `Queries and Parquet files need DuckDB, which cannot be loaded on ${d.platform}: ${d.reason}. Install the package of PeBR Studio that is made for this platform; rows, labels and training work without it.`,
  'query.invalid': d => `${sentence(d.message)} ${d.remedy}`,
};

/** One sentence or two for a person, from anything that was thrown. */
export function errorInWords(error: unknown): string {
  if (!(error instanceof AppError)) return messageOf(error);
  const word = words[error.code as ErrorCode] as (details: unknown) => string;
  return word(error.details);
}
