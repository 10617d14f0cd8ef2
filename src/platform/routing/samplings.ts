import { readdir } from 'node:fs/promises';
import * as path from 'node:path';
import type { DifficultyRecord } from '../../core/dataset/sample';
import { readDifficulty } from '../dataset/difficultyFile';
import { listRunFolders } from '../runs/runFolders';

/** One dataset-level sampling of a dataset, as a file still has it. */
export interface Sampling {
  readonly run: string;
  /** The latest date of its lines. */
  readonly date: string;
  readonly records: ReadonlyMap<string, DifficultyRecord>;
}

/** Where the trainer puts what the sampling before found, when the next one takes its place. */
export function difficultyHistory(projectFolder: string, datasetId: string): string {
  return path.join(projectFolder, '.pebr', 'difficulty', 'history', datasetId);
}

/** The sampling before the one of run `current`: the latest other one that the history or a run folder has. */
export async function previousSampling(projectFolder: string, datasetId: string, current: Sampling): Promise<Sampling | undefined> {
  const history = difficultyHistory(projectFolder, datasetId);
  const files = [
    ...(await namesIn(history)).filter(name => name.endsWith('.jsonl')).map(name => path.join(history, name)),
    ...(await listRunFolders(projectFolder)).map(run => path.join(run, 'difficulty', `${datasetId}.jsonl`)),
  ];
  let latest: Sampling | undefined;
  for (const file of files) {
    const sampling = samplingOf((await readDifficulty(file)).records);
    if (!sampling || sampling.run === current.run || sampling.date > current.date) continue;
    if (!latest || sampling.date > latest.date) latest = sampling;
  }
  return latest;
}

/** Undefined where nothing was sampled. */
export function samplingOf(records: ReadonlyMap<string, DifficultyRecord>): Sampling | undefined {
  const [first] = records.values();
  if (!first) return undefined;
  let date = '';
  for (const record of records.values()) if (record.date > date) ({ date } = record);
  return { run: first.run, date, records };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}
