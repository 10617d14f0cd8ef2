import * as path from 'node:path';
import type { CliCommand } from './cliCommand';
import { AppError } from '../core/errors';
import type { DatasetConfig, Project } from '../core/project/project';
import { goldResponse } from '../core/rewards/gold/goldResponse';
import type { Score, ScoreItem } from '../core/rewards/score';
import { readSample, readSamples } from '../platform/dataset/readSample';
import { RewardClient } from '../platform/rewards/rewardClient';
import { readLastRollouts } from '../platform/runs/readRollouts';
import { checkCases } from './checkCases';
import { checkGold } from './checkGold';
import { datasetArgument } from './datasetArgument';
import { openProject } from './openProject';
import { clipFolder, rewardArgument } from './rewardArgument';
import { UnreadableRows } from './unreadableRows';

export const scoreCommand: CliCommand = {
  usage: `pebr score --reward FILE [--project DIR] [--dataset ID] [--limit N] [--run DIR --stage NAME] [--json]
                                                         score gold answers, or a run's stored rollouts; 1 when a response could not be scored
  pebr score --check [--reward FILE] [--json]            run the cases beside the project's rewards; 1 when one fails
  pebr score --gold --reward FILE [--dataset ID] [--components A,B] [--json]
                                                         every gold answer must get full marks; 1 when one falls short`,
  options: {
    project: { type: 'string', default: '.' }, reward: { type: 'string' }, dataset: { type: 'string' }, limit: { type: 'string', default: '200' },
    run: { type: 'string' }, stage: { type: 'string' }, python: { type: 'string', default: 'python3' }, json: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false }, gold: { type: 'boolean', default: false }, components: { type: 'string' },
  },
  async run(values) {
    const opened = await openProject(String(values.project));
    if (values.check) return checkCases(opened, { reward: values.reward, python: String(values.python), isJson: values.json === true });
    if (values.gold) {
      return checkGold(opened, { reward: values.reward, dataset: values.dataset, components: values.components, python: String(values.python), isJson: values.json === true });
    }
    const { folder, project } = opened;
    const limit = Number(values.limit);
    if (!(Number.isInteger(limit) && limit > 0)) throw new AppError('argument.invalid', { argument: '--limit', reason: 'Give a whole number above 0.' });
    const rewardFile = rewardArgument(folder, values.reward);
    const items = typeof values.run === 'string'
      ? await rolloutItems(folder, project, path.resolve(values.run), typeof values.stage === 'string' ? values.stage : 'evaluation', limit)
      : await goldItems(folder, datasetArgument(project, values.dataset), limit);
    const client = new RewardClient({ dist: __dirname }, text => process.stderr.write(text));
    try {
      const { reward, hash } = await client.load({ path: rewardFile, clip: clipFolder(folder, project), python: [String(values.python)] });
      const { scores } = await client.score({ reward, items });
      if (values.json) scores.forEach((score, index) => console.log(JSON.stringify({ qid: items[index]?.sample.qid, rewardHash: hash, ...score })));
      else print(scores, items, hash);
      return scores.some(score => score.error) ? 1 : 0;
    } finally {
      client.dispose();
    }
  },
};

async function goldItems(folder: string, dataset: DatasetConfig, limit: number): Promise<readonly ScoreItem[]> {
  const unreadable = new UnreadableRows();
  const samples = await readSamples(folder, dataset, { limit, onUnreadable: unreadable.add });
  unreadable.end();
  if (samples.length === 0) throw new AppError('dataset.unreadable', { file: path.resolve(folder, dataset.path), reason: 'it has no row that can be scored' });
  return samples.map(({ sample }) => ({ response: goldResponse(sample), sample }));
}

async function rolloutItems(folder: string, project: Project, runFolder: string, stage: string, limit: number): Promise<readonly ScoreItem[]> {
  const { rollouts, problems } = await readLastRollouts(runFolder, stage, limit);
  for (const problem of problems) console.error(`${problem.file}:${problem.line ?? 1}: warning: ${problem.message} It is left out.`);
  if (rollouts.length === 0) throw new AppError('run.unreadable', { folder: runFolder, reason: `It has no rollouts of stage "${stage}".` });
  const items: ScoreItem[] = [];
  const samples = new Map<string, Awaited<ReturnType<typeof readSample>>>(); // a group shares its sample
  for (const { dataset, sampleId, response, tokens } of rollouts) {
    const key = `${dataset}\n${sampleId}`;
    if (!samples.has(key)) samples.set(key, await readSample(folder, datasetArgument(project, dataset), sampleId));
    const placed = samples.get(key);
    if (placed) items.push({ response, tokens, sample: placed.sample });
    else console.error(`warning: ${dataset} has no sample ${sampleId} any more; its rollout is left out.`);
  }
  return items;
}

function print(scores: readonly Score[], items: readonly ScoreItem[], hash: string): void {
  const names = [...new Set(scores.flatMap(score => Object.keys(score.components)))];
  const mean = (values: readonly (number | null | undefined)[]): string => {
    const numbers = values.filter(value => typeof value === 'number');
    return numbers.length === 0 ? '–' : (numbers.reduce((sum, value) => sum + value, 0) / numbers.length).toFixed(3);
  };
  console.log(`${scores.length} responses, reward ${hash.slice(0, 8)}`);
  for (const name of names) console.log(`  ${name.padEnd(16)} ${mean(scores.map(score => score.components[name]))}`);
  console.log(`  ${'overall'.padEnd(16)} ${mean(scores.map(score => score.overall))}`);
  const failed = scores.flatMap((score, index) => (score.error ? [{ error: score.error, qid: items[index]?.sample.qid }] : []));
  for (const { error, qid } of failed.slice(0, 10)) console.error(`error: ${qid}: ${error.file ? `${error.file}:${error.line ?? 1}: ` : ''}${error.message}`);
  if (failed.length > 0) console.error(`${failed.length} responses could not be scored`);
}
