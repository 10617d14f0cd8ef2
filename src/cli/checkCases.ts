import * as path from 'node:path';
import type { Sample, SampleRef } from '../core/dataset/sample';
import { rewardNames } from '../core/project/rewardUses';
import { casesFileOf } from '../core/rewards/cases/caseFiles';
import { caseDiff } from '../core/rewards/cases/checkCase';
import { readSample } from '../platform/dataset/readSample';
import { RewardClient } from '../platform/rewards/rewardClient';
import { type CaseOutcome, isPassed, readCases, runCases } from '../platform/rewards/runCases';
import { AppError } from '../core/errors';
import { datasetArgument } from './datasetArgument';
import type { ProjectOnDisk } from './openProject';
import { clipFolder, rewardArgument } from './rewardArgument';

/** Runs the cases beside the project's rewards, or beside one. 1 when a case fails, a line is broken or a reward does not load. */
export async function checkCases(opened: ProjectOnDisk, { reward, python, isJson }: { readonly reward: unknown; readonly python: string; readonly isJson: boolean }): Promise<number> {
  const { folder, project } = opened;
  const rewards = reward === undefined ? rewardNames(project).map(name => path.resolve(folder, name)) : [rewardArgument(folder, reward)];
  const client = new RewardClient({ dist: __dirname }, text => process.stderr.write(text));
  const samples = new Map<string, Promise<Sample>>();
  let passed = 0;
  let failed = 0;
  try {
    for (const file of rewards) {
      const { cases, problems } = await readCases(casesFileOf(file));
      for (const problem of problems) tell({ reward: file, line: problem.line, isPassed: false, message: problem.message }, `${problem.file}:${problem.line ?? 1}: error: ${problem.message}`, isJson);
      failed += problems.length;
      if (cases.length === 0) continue;
      const outcomes = await outcomesOf(file, cases);
      for (const outcome of outcomes) report(file, outcome, isJson);
      passed += outcomes.filter(isPassed).length;
      failed += outcomes.filter(outcome => !isPassed(outcome)).length;
    }
  } finally {
    client.dispose();
  }
  if (!isJson) console.log(passed + failed === 0 ? `no cases beside ${rewards.map(file => path.relative(folder, file)).join(', ') || 'any reward'}` : `${passed} passed, ${failed} failed`);
  return failed > 0 ? 1 : 0;

  /** Many cases may name one sample, and finding it reads the dataset. */
  function findSample(ref: SampleRef): Promise<Sample> {
    const key = `${ref.dataset}\n${ref.qid}`;
    const found = samples.get(key) ?? readRow(ref);
    samples.set(key, found);
    return found;
  }

  async function readRow({ dataset, qid }: SampleRef): Promise<Sample> {
    const placed = await readSample(folder, datasetArgument(project, dataset), qid);
    if (!placed) throw new AppError('argument.invalid', { argument: qid, reason: `the dataset "${dataset}" has no such sample` });
    return placed.sample;
  }

  async function outcomesOf(file: string, cases: Parameters<typeof runCases>[0]): Promise<readonly CaseOutcome[]> {
    try {
      const loaded = await client.load({ path: file, clip: clipFolder(folder, project), python: [python] });
      return await runCases(cases, {
        findSample,
        score: async items => (await client.score({ reward: loaded.reward, items })).scores,
      });
    } catch (error) {
      if (!AppError.is(error, 'reward.failed')) throw error;
      const { file: at, line, reason } = error.details;
      return cases.map(placed => ({ placed, fault: `The reward does not load: ${at}${line === undefined ? '' : `:${line}`}: ${reason}` }));
    }
  }
}

function report(reward: string, outcome: CaseOutcome, isJson: boolean): void {
  const { file, line, name } = outcome.placed;
  const messages = 'fault' in outcome ? [outcome.fault] : outcome.differences.map(each => each.message);
  const facts = { reward, cases: file, line, name, isPassed: isPassed(outcome), differences: 'fault' in outcome ? [{ message: outcome.fault }] : outcome.differences, ...('fault' in outcome ? {} : { score: outcome.score }) };
  if (isJson || !isPassed(outcome)) tell(facts, [`${file}:${line}: FAILED ${name}`, ...messages.map(each => `  ${each}`), ...diffLines(outcome), ...placeLines(outcome)].join('\n'), isJson);
}

/** What differs, as a diff: expected lines with −, actual ones with +. */
function diffLines(outcome: CaseOutcome): readonly string[] {
  if ('fault' in outcome || outcome.score.error) return [];
  const { expected, actual } = caseDiff(outcome.placed, outcome.score);
  const wanted = expected.split('\n');
  return actual.split('\n').flatMap((text, index) => (text === wanted[index] ? [`      ${text}`] : [`    - ${wanted[index] ?? ''}`, `    + ${text}`]));
}

function placeLines(outcome: CaseOutcome): readonly string[] {
  if ('fault' in outcome || !outcome.score.error?.file) return [];
  const { file, line } = outcome.score.error;
  return [`  at ${file}${line === undefined ? '' : `:${line}`}`];
}

function tell(facts: object, text: string, isJson: boolean): void {
  console.log(isJson ? JSON.stringify(facts) : text);
}
