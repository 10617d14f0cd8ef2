import { type WorkerError, WorkerFailure } from '../protocol';
import { apiRemedy } from './apiRemedy';
import type { RewardModules } from './rewardModules';

const remedies: readonly (readonly [message: RegExp, remedy: string])[] = [
  [/^SyntaxError: Cannot use 'import\.meta'/, 'A reward is loaded as CommonJS: write __dirname or __filename instead.'],
  [/^SyntaxError: await is only valid/, 'A reward is loaded at once: move the await into a component, which may be async.'],
  [/^Cannot find module '(?![./])/, 'Install the package in the project with npm, or take the import out.'],
];

/** Why a reward file did not load: what was thrown, its line in the source, and what to do where that is known. */
export function loadFailure(error: unknown, path: string, modules: RewardModules): WorkerError {
  const failure: WorkerError = error instanceof WorkerFailure ? { file: path, ...error.details } : placed(error, path, modules);
  const remedy = failure.remedy ?? remedies.find(([pattern]) => pattern.test(failure.message))?.[1] ?? apiRemedy(failure.message, modules.source(failure.file ?? path), modules.apiNames());
  return remedy === undefined ? failure : { ...failure, remedy };
}

function placed(error: unknown, path: string, { files, places }: RewardModules): WorkerError {
  const { message, ...rest } = places.describe(error);
  const described = { ...rest, message: message.split('\nRequire stack:')[0] ?? message };
  if (described.line !== undefined || !(error instanceof Error)) return { file: path, ...described };
  const file = files[files.length - 1] ?? path;
  const transpiler = /^Error transforming .*?: (.*?)(?: \((\d+):(\d+)\))?$/s.exec(error.message);
  if (transpiler) return { message: transpiler[1] ?? error.message, file, ...(transpiler[2] ? { line: Number(transpiler[2]), column: Number(transpiler[3]) } : {}) };
  const compiler = /^(.*):(\d+)\n/.exec(error.stack ?? '');
  return compiler && error instanceof SyntaxError ? { message: described.message, file: compiler[1] ?? file, line: Number(compiler[2]) } : { ...described, file };
}
