import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { parseJsonObject, textOf, textsOf } from '../../core/parsedLine';
import type { Problem } from '../../core/problem';

/** What `source.json` beside `rollouts/` says of rollouts that another tool wrote. */
export interface RolloutSource {
  /** Absolute file or folder that they come from. */
  readonly source: string;
  readonly name: string;
  /** Engine whose advantage rule holds. */
  readonly engine: string;
  /** What the files do not say, in sentences. */
  readonly lacks: readonly string[];
  readonly problems: readonly Problem[];
}

export function sourceFile(folder: string): string {
  return path.join(folder, 'source.json');
}

/** Undefined for a run of ours, which has none. */
export async function readSource(folder: string): Promise<RolloutSource | undefined> {
  const { value } = parseJsonObject(await readFile(sourceFile(folder), 'utf8').catch(() => ''));
  if (!value) return undefined;
  const problems = Array.isArray(value.problems) ? (value.problems as readonly unknown[]).filter(isProblem) : [];
  return { source: textOf(value.source) ?? '', name: textOf(value.name) ?? path.basename(folder), engine: textOf(value.engine) ?? 'trl', lacks: textsOf(value.lacks), problems };
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Problem>).message === 'string' && typeof (value as Partial<Problem>).file === 'string';
}
