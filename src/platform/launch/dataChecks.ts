import * as path from 'node:path';
import { errorInWords } from '../../core/errorWords';
import { type LaunchCheck, passed, skipped } from '../../core/launch/launchCheck';
import type { LintReport } from '../../core/lint/lintReport';
import type { RuleId } from '../../core/lint/rules';
import type { DatasetConfig, Project } from '../../core/project/project';
import type { StageOutlook } from '../../core/routing/difficultyReport';
import { DatasetFile } from '../dataset/datasetFile';
import { lintDataset, lintWarmUpFile } from '../dataset/lintDataset';
import { readReport } from '../routing/readReport';
import { usedDatasets } from './fileChecks';

/** More groups without signal than this waste most of a stage. */
const mostZeroStd = 0.5;

/** Whether the linter finds errors in what the run reads. */
export async function checkData(folder: string, project: Project, signal?: AbortSignal): Promise<readonly LaunchCheck[]> {
  const { pipeline, policy } = project;
  const checks: LaunchCheck[] = [];
  if (pipeline.warmUp) checks.push(checkLint('warm-up', await lintWarmUpFile(folder, pipeline.warmUp.data, { signal })));
  for (const dataset of usedDatasets(project)) {
    const report = await lintDataset(folder, dataset, { maxPromptTokens: policy.maxPromptTokens, signal });
    checks.push((await checkEveryRow(folder, dataset, report)) ?? checkLint(dataset.id, report));
  }
  return checks;
}

/** Findings that harm a row each, and the whole run where every row has them: what the run would then have no prompt or no answer of. */
const harmful: readonly (readonly [RuleId, string])[] = [
  ['dataset/long-prompt', 'Raise policy.maxPromptTokens, or shorten the prompt: every sample would be left out.'],
  ['dataset/empty-answer', 'Give the rows answers, or say in "columns" of the dataset what their column is called.'],
];

async function checkEveryRow(folder: string, { id, path: file, heldOut }: DatasetConfig, { counts }: LintReport): Promise<LaunchCheck | undefined> {
  const found = harmful.filter(([rule]) => counts.has(rule));
  if (found.length === 0) return undefined;
  const rows = await Promise.all([file, ...(heldOut === null ? [] : [heldOut])].map(name => countRows(path.resolve(folder, name))));
  const all = rows.reduce((sum, count) => sum + count, 0);
  const [rule, remedy] = found.find(([each]) => (counts.get(each)?.count ?? 0) >= all) ?? [];
  return rule && remedy ? { id: `data@${id}`, title: `Data of ${id}`, state: 'error', message: `${rule} in every one of its ${all.toLocaleString('en')} rows.`, remedy, fix: { kind: 'problems', title: 'Show Problems' } } : undefined;
}

async function countRows(file: string): Promise<number> {
  const dataset = await DatasetFile.open(file);
  try {
    return await dataset.count();
  } finally {
    await dataset.close();
  }
}

function checkLint(name: string, { counts, problems: listed }: LintReport): LaunchCheck {
  const [id, title] = [`data@${name}`, `Data of ${name}`];
  if (counts.has('dataset/empty-file')) return { id, title, state: 'error', message: `${path.basename(listed.find(({ rule }) => rule === 'dataset/empty-file')?.file ?? name)} has no row.`, remedy: 'Add rows, or name another file in pebr.json.', fix: { kind: 'open', title: 'Open pebr.json', file: 'pebr.json' } };
  const firstError = listed.find(({ severity }) => severity === 'error');
  const first = firstError ? ` The first: ${path.basename(firstError.file)}:${firstError.line ?? 1}: ${firstError.message}` : '';
  const of = (severity: string): [string, number][] => [...counts].flatMap(([rule, found]): [string, number][] => (found.severity === severity ? [[rule, found.count]] : []));
  const [errors, warnings] = [of('error'), of('warning')];
  const words = (found: [string, number][]): string => found.slice(0, 3).map(([rule, count]) => `${count.toLocaleString('en')} × ${rule}`).join(', ');
  const problems = { kind: 'problems', title: 'Show Problems' } as const;
  if (errors.length > 0) return { id, title, state: 'error', message: `${words(errors)}.${first}`, remedy: 'Such rows are left out or stop the run; mend them, or mark them as excluded.', fix: problems };
  if (warnings.length > 0) return { id, title, state: 'warning', message: `${words(warnings)}.`, remedy: 'Look at them before they cost a run.', fix: problems };
  return passed(id, title, 'The linter found nothing.');
}

/** What the stored difficulty lets each stage expect: samples at all, and groups that are not all the same. */
export async function checkForecast(folder: string, project: Project, signal?: AbortSignal): Promise<readonly LaunchCheck[]> {
  const checks: LaunchCheck[] = [];
  for (const dataset of usedDatasets(project)) checks.push(...(await forecastsOf(folder, project, dataset, signal)));
  return checks;
}

async function forecastsOf(folder: string, project: Project, dataset: DatasetConfig, signal?: AbortSignal): Promise<readonly LaunchCheck[]> {
  try {
    const { stages, counts } = await readReport(folder, project, dataset, { signal });
    const isSampled = counts.easy + counts.medium + counts.hard > 0;
    return stages.map(outlook => checkOutlook(project, dataset, outlook, isSampled));
  } catch (error) {
    signal?.throwIfAborted();
    return [skipped(`signal@${dataset.id}`, `Signal of ${dataset.id}`, errorInWords(error))];
  }
}

function checkOutlook({ pipeline }: Project, dataset: DatasetConfig, outlook: StageOutlook, isSampled: boolean): LaunchCheck {
  const what = outlook.isReplay ? `replay in ${outlook.stage}` : outlook.stage;
  const [id, title] = [`signal@${what}`, `Signal of ${what}`];
  const difficulty = outlook.difficulty.join(', ');
  if (!isSampled && pipeline.sampling) return skipped(id, title, 'Sampling comes first and tells.');
  const passRate = pipeline.stages.find(({ name }) => name === outlook.stage && !outlook.isReplay)?.passRate ?? null;
  const asked = passRate ? `${difficulty} with a pass rate from ${passRate[0]} to ${passRate[1]}` : difficulty;
  if (!isSampled && outlook.difficulty.length === 3 && !passRate) return passed(id, title, 'Every sample may be drawn; which of them teach something is not known.');
  if (outlook.samples === 0 && pipeline.sampling) return { id, title, state: 'warning', message: `The last sampling found no sample in ${dataset.id} that is ${asked}.`, remedy: 'This run samples anew; a warmer or colder policy, or more samples, may find some.' };
  if (outlook.samples === 0) return { id, title, state: 'error', message: `No sample of ${dataset.id} is ${asked}.`, remedy: 'Sample first (pipeline.sampling), or widen the difficulty or passRate of the stage.', fix: { kind: 'open', title: 'Open pebr.json', file: 'pebr.json' } };
  const share = outlook.expectedZeroStd ?? 0;
  const words = `${outlook.samples.toLocaleString('en')} samples; about ${Math.round(share * 100)} % of the groups will be zero-std where the reward is 0 or 1`;
  if (share <= mostZeroStd || dataset.stage === 'perception') return passed(id, title, `${words}.`);
  return { id, title, state: 'warning', message: `${words}: they teach nothing.`, remedy: 'Train on medium samples, sample anew, or ask for more responses a group.' };
}
