import * as path from 'node:path';
import { AppError } from '../../core/errors';

const splitName = /(?:^|[\\/_.-])(train|test|val|valid|validation|dev)(?=[\\/_.-]|$)/i;

/** Whether a file of a folder is of the split that was chosen; folders of label files are read whole where none was. */
export function isOfSplit(file: string, split: string | undefined): boolean {
  return split === undefined || folderSplitOf(file) === split.toLowerCase();
}

/** What to say of the splits in a folder of label files: all of them are read where none is chosen. Throws `argument.invalid` for a split that is none. */
export function togetherWords(folder: string, splits: readonly string[], split: string | undefined): string {
  if (split !== undefined && !splits.includes(split.toLowerCase())) throw new AppError('argument.invalid', { argument: '--split', reason: `Nothing in ${folder} is of the split "${split}"${splits.length === 0 ? '' : `; there are ${splits.join(', ')}`}.` });
  if (split !== undefined) return `; the split ${split} of them`;
  return splits.length < 2 ? '' : `; the splits ${splits.join(', ')} together (--split reads one)`;
}

/** The splits that the folders of files name. */
export function splitsOf(files: readonly string[]): readonly string[] {
  return [...new Set(files.map(folderSplitOf))].filter(name => name !== undefined);
}

/** Split of a file by its folders: names of images may hold any word. */
function folderSplitOf(file: string): string | undefined {
  return splitOf(`${path.dirname(file)}${path.sep}`);
}

export function splitOf(file: string): string | undefined {
  return splitName.exec(file.replace(/\.\w+$/, '.'))?.[1]?.toLowerCase();
}
