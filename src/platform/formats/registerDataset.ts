import { readFile, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { addDataset, type DatasetEntry, projectWith } from '../../core/project/addDataset';
import type { BoxFrame, StageKind } from '../../core/project/project';
import { replaceFile } from '../dataset/replaceFile';

export interface NewDataset {
  readonly id: string;
  readonly stage: StageKind;
  /** Absolute path of the JSONL file. */
  readonly file: string;
  /** Absolute path. */
  readonly imageRoot: string;
  readonly boxFrame: BoxFrame;
}

/** What `pebr.json` in `folder` is to say about the dataset. */
export function entryOf(folder: string, { id, stage, file, imageRoot, boxFrame }: NewDataset): DatasetEntry {
  const relative = (target: string): string => path.relative(folder, target).split(path.sep).join('/') || '.';
  return { id, stage, path: relative(file), imageRoot: relative(imageRoot), boxFrame };
}

/** Adds the dataset to `pebr.json`, or makes one; undefined where it could not be added (the entry is then for the person to add). Throws `file.unwritable`. */
export async function registerDataset(folder: string, dataset: NewDataset): Promise<'added' | 'created' | undefined> {
  const file = path.join(folder, 'pebr.json');
  const entry = entryOf(folder, dataset);
  const text = await readFile(file, 'utf8').catch((error: unknown) => ((error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : Promise.reject(error)));
  const changed = text === undefined ? projectWith(path.basename(folder), entry) : addDataset(text, entry);
  if (changed === undefined) return undefined;
  await replaceFile(file, handle => handle.writeFile(changed, 'utf8'));
  return text === undefined ? 'created' : 'added';
}

/** `<folder>/<stem>.jsonl`, or with a number where that is taken. */
export async function freeFile(folder: string, stem: string): Promise<string> {
  for (let number = 1; ; number++) {
    const file = path.join(folder, `${stem}${number === 1 ? '' : `-${number}`}.jsonl`);
    if (!(await stat(file).then(() => true, () => false))) return file;
  }
}

/** An id that the project does not have: the file's name, or with a number behind it. */
export function freeId(name: string, taken: readonly string[]): string {
  const base = name.replace(/[^\w.-]/g, '-') || 'dataset';
  let id = base;
  for (let number = 2; taken.includes(id); number++) id = `${base}-${number}`;
  return id;
}
