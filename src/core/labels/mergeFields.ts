import type { LineText } from './rowEdit';
import { JsonLine } from './jsonLine';

/** A property of a row that is not the same here and on disk, as it is written; `undefined` where there is none. */
export interface FieldConflict {
  readonly name: string;
  readonly base: string | undefined;
  readonly mine: string | undefined;
  readonly theirs: string | undefined;
  /** The only side that changed it; both did where this is absent. */
  readonly changedBy?: 'mine' | 'theirs';
}

/** What differs between a row here and on disk; `undefined` where one of them is no row, and the rows can only be taken as a whole. */
export function fieldConflicts(base: LineText, mine: LineText, theirs: LineText): readonly FieldConflict[] | undefined {
  const [before, here, there] = [lineOf(base), lineOf(mine), lineOf(theirs)];
  if (!here || !there) return undefined;
  return [...new Set([...here.keys(), ...there.keys()])].flatMap(name => {
    const field = { name, base: before?.rawAt(name), mine: here.rawAt(name), theirs: there.rawAt(name) };
    if (field.mine === field.theirs) return [];
    const changedBy = !before ? undefined : field.mine === field.base ? 'theirs' : field.theirs === field.base ? 'mine' : undefined;
    return [{ ...field, ...(changedBy && { changedBy }) }];
  });
}

/** The row on disk with some properties as they are here. */
export function mergeFields(mine: string, theirs: string, names: readonly string[]): string {
  const here = lineOf(mine);
  let merged = theirs;
  for (const name of names) merged = lineOf(merged)?.setRaw(name, here?.rawAt(name)) ?? merged;
  return merged;
}

function lineOf(text: LineText): JsonLine | undefined {
  try {
    return text === null ? undefined : new JsonLine(text);
  } catch {
    return undefined; // a line that is no row
  }
}
