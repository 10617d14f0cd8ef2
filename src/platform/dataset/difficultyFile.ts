import { createReadStream } from 'node:fs';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { AppError, messageOf } from '../../core/errors';
import type { Problem } from '../../core/problem';
import { parseDifficulty } from '../../core/dataset/difficulty';
import type { DifficultyRecord } from '../../core/dataset/sample';

/** Where dataset-level sampling writes what it found. */
export function difficultyFile(projectFolder: string, datasetId: string): string {
  return path.join(projectFolder, '.pebr', 'difficulty', `${datasetId}.jsonl`);
}

export interface DifficultyFile {
  /** By qid; empty before the first sampling. */
  readonly records: ReadonlyMap<string, DifficultyRecord>;
  readonly problems: readonly Problem[];
}

/** Reads a difficulty file line by line. No file is no problem: the dataset has not been sampled yet. */
export async function readDifficulty(file: string): Promise<DifficultyFile> {
  const records = new Map<string, DifficultyRecord>();
  const problems: Problem[] = [];
  let line = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      line++;
      if (text.trim() === '') continue;
      const parsed = parseDifficulty(text);
      if (parsed.value) records.set(parsed.value.qid, parsed.value);
      else problems.push({ severity: 'warning', rule: 'difficulty/malformed-line', file, line, message: parsed.fault ?? '', remedy: 'Sample again, or delete the line.' });
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw new AppError('dataset.unreadable', { file, reason: messageOf(error) }, { cause: error });
  }
  return { records, problems };
}
