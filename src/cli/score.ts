import * as path from 'node:path';
import type { CliCommand } from './cliCommand';
import { AppError } from '../core/errors';
import type { DatasetConfig, Project } from '../core/project/project';
import { goldResponse } from '../core/rewards/goldResponse';
import type { Score, ScoreItem } from '../core/rewards/score';
import { readSample, readSamples } from '../platform/dataset/readSample';
import { RewardClient } from '../platform/rewards/rewardClient';
import { readLastRollouts } from '../platform/runs/readRollouts';
import { openProject } from './openProject';

export const scoreCommand: CliCommand = {
  usage: `pebr score --reward FILE [--project DIR] [--dataset ID] [--limit N] [--run DIR --stage NAME] [--json]
                                                         score gold answers, or a run's stored rollouts; 1 when a response could not be scored`,
  options: {
    project: { type: 'string', default: '.' }, reward: { type: 'string' }, dataset: { type: 'string' }, limit: { type: 'string', default: '200' },
    run: { type: 'string' }, stage: { type: 'string' }, python: { type: 'string', default: 'python3' }, json: { type: 'boolean', default: false },
  },
  async run(values) {
    const { folder, project } = await openProject(String(values.project));
    const limit = Number(values.limit);
    if (!(Number.isInteger(limit) && limit > 0)) throw new AppError('argument.invalid', { argument: '--limit', reason: 'Give a whole number above 0.' });
    if (typeof values.reward !== 'string') throw new AppError('argument.invalid', { argument: '--reward', reason: 'Give a reward file, relative to the project.' });
    const items = typeof values.run === 'string'
      ? await rolloutItems(folder, project, path.resolve(values.run), typeof values.stage === 'string' ? values.stage : 'evaluation', limit)
      : await goldItems(folder, datasetOf(project, values.dataset), limit);
    const client = new RewardClient({ dist: __dirname }, text => process.stderr.write(text));
    try {
      const clip = project.clip === null ? undefined : path.resolve(folder, project.clip);
      const { reward, hash } = await client.load({ path: path.resolve(folder, values.reward), clip, python: [String(values.python)] });
      const { scores } = await client.score({ reward, items });
      if (values.json) scores.forEach((score, index) => console.log(JSON.stringify({ qid: items[index]?.sample.qid, rewardHash: hash, ...score })));
      else print(scores, items, hash);
      return scores.some(score => score.error) ? 1 : 0;
    } finally {
      client.dispose();
    }
  },
};

function datasetOf(project: Project, id: unknown): DatasetConfig {
  const dataset = id === undefined ? project.datasets[0] : project.datasets.find(candidate => candidate.id === id);
  if (!dataset) throw new AppError('argument.invalid', { argument: '--dataset', reason: `There is no dataset "${String(id)}". Known: ${project.datasets.map(known => known.id).join(', ')}.` });
  return dataset;
}

async function goldItems(folder: string, dataset: DatasetConfig, limit: number): Promise<readonly ScoreItem[]> {
  const samples = await readSamples(folder, dataset, { limit });
  return samples.map(({ sample }) => ({ response: goldResponse(sample), sample }));
}

async function rolloutItems(folder: string, project: Project, runFolder: string, stage: string, limit: number): Promise<readonly ScoreItem[]> {
  const rollouts = await readLastRollouts(runFolder, stage, limit);
  if (rollouts.length === 0) throw new AppError('run.unreadable', { folder: runFolder, reason: `It has no rollouts of stage "${stage}".` });
  const items: ScoreItem[] = [];
  const samples = new Map<string, Awaited<ReturnType<typeof readSample>>>(); // a group shares its sample
  for (const { dataset, sampleId, response, tokens } of rollouts) {
    const key = `${dataset}\n${sampleId}`;
    if (!samples.has(key)) samples.set(key, await readSample(folder, datasetOf(project, dataset), sampleId));
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
