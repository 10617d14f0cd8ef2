import { open, readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError, messageOf } from '../../core/errors';
import { parseJsonObject } from '../../core/parsedLine';
import type { RolloutFormat } from '../../core/rollouts/readers/foreignRollout';
import { formatOfRecord } from '../../core/rollouts/readers/rolloutFormats';

export interface ForeignFile {
  readonly file: string;
  readonly format: RolloutFormat | 'own';
}

const headBytes = 1 << 20;
const mostFiles = 10_000;
/** Folders in which the tools put their files, beside the chosen one. */
const below = ['', 'completions', 'rollouts'];

/**
 * The files of rollouts that a place holds: a file, or a folder of one run. In the order of their numbers, where their names have one. Throws `argument.invalid` where
 * nothing is recognized.
 */
export async function foreignFiles(place: string): Promise<readonly ForeignFile[]> {
  const stats = await stat(place).catch((error: unknown) => Promise.reject(new AppError('argument.invalid', { argument: place, reason: messageOf(error) })));
  const files = stats.isDirectory() ? await filesIn(place) : [place];
  const found: ForeignFile[] = [];
  for (const file of files) {
    const format = await formatOfFile(file);
    if (format) found.push({ file, format });
  }
  if (found.length === 0) {
    throw new AppError('argument.invalid', {
      argument: place, reason: 'it holds no rollouts that are known: our rollouts/*.jsonl, PeBR-R1 rollout_results.jsonl, TRL completions_*.parquet, verl <step>.jsonl, EasyR1 generations.log, ms-swift completions.jsonl.',
    });
  }
  return found;
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const all: string[] = [];
  for (const name of below) {
    const names = await readdir(path.join(folder, name)).catch(() => []);
    all.push(...names.filter(each => /\.(jsonl|parquet|log)$/i.test(each)).sort(byNumber).map(each => path.join(folder, name, each)));
    if (all.length > mostFiles) throw new AppError('argument.invalid', { argument: folder, reason: `it holds more than ${mostFiles.toLocaleString('en')} files.` });
  }
  return all;
}

function byNumber(a: string, b: string): number {
  const numberOf = (name: string): number => Number(/(\d+)(?=\.\w+$)/.exec(name)?.[1] ?? 0);
  return numberOf(a) - numberOf(b) || a.localeCompare(b);
}

/** By the content; undefined for what is something else. */
async function formatOfFile(file: string): Promise<ForeignFile['format'] | undefined> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const head = buffer.subarray(0, bytesRead);
    if (head.subarray(0, 4).toString('latin1') === 'PAR1' || /\.parquet$/i.test(file)) return 'trl';
    const text = head.toString('utf8');
    if (/^\s*\[prompt\]/.test(text) && !/\.jsonl$/i.test(file)) return 'easyr1';
    for (const line of text.split('\n').slice(0, 50)) {
      const { value } = line.trim() === '' ? {} : parseJsonObject(line.replace(/^\ufeff/, ''));
      const format = value && formatOfRecord(value);
      if (format) return format;
    }
    return undefined;
  } finally {
    await handle.close();
  }
}
