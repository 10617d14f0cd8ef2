import { parseRow } from '../../core/dataset/parseRow';
import { fixOf, type FixFacts } from '../../core/lint/fixes/fixOf';
import type { RowMark } from '../../core/lint/lintReport';
import { DatasetFile, type RowText } from '../dataset/datasetFile';
import type { RowContext } from '../dataset/inspectRow';
import { type ChangedRow, saveRows } from '../dataset/saveRows';
import { ImageShelf } from './imageShelf';

/**
 * Corrects the marked rows of a file in place, each for its rules, and all rows for the rules of `everywhere`; every other byte stays.
 * Resolves to how many rows were written. Throws `dataset.unreadable`, `dataset.changedOnDisk`, `file.unwritable`.
 */
export async function fixRows(context: RowContext, marks: Iterable<RowMark>, everywhere: readonly string[] = []): Promise<number> {
  const wanted = new Map<number, Set<string>>();
  for (const { row, rule } of marks) wanted.set(row, (wanted.get(row) ?? new Set()).add(rule));
  if (wanted.size + everywhere.length === 0) return 0;
  const needsIds = [...wanted.values()].some(rules => rules.has('dataset/duplicate-qid'));
  const taken = needsIds ? await idsOf(context) : new Set<string>();
  const shelf = new ImageShelf(context.imageRoot);
  const dataset = await DatasetFile.open(context.file);
  let fixed = 0;
  try {
    const changed = async function* (): AsyncGenerator<readonly ChangedRow[]> {
      for await (const rows of dataset.batches()) {
        const some = rows.flatMap((at): ChangedRow[] => {
          const text = fixRow(at, [...(wanted.get(at.row) ?? []), ...everywhere], context, shelf, taken);
          return text === at.text ? [] : [{ row: at.row, base: at.text, text }];
        });
        fixed += some.length;
        if (some.length > 0) yield some;
      }
    };
    if (await anyChange(changed())) {
      fixed = 0;
      taken.clear();
      if (needsIds) for (const id of await idsOf(context)) taken.add(id);
      await saveRows(dataset, context.file, changed());
    }
  } finally {
    await dataset.close();
  }
  return fixed;
}

/** All corrections of a row, one after the other: one may be needed before the next finds anything. */
function fixRow(at: RowText, rules: readonly string[], context: RowContext, shelf: ImageShelf, taken: Set<string>): string {
  let { text } = at;
  for (const rule of rules) {
    const fixed = fixOf(rule, text, factsOf(text, context, shelf, taken));
    if (!fixed) continue;
    text = fixed.text;
    const qid = parseRow(text, context.columns).row?.qid;
    if (rule === 'dataset/duplicate-qid' && qid !== undefined) taken.add(qid);
  }
  return text;
}

function factsOf(text: string, { columns, boxFrame }: RowContext, shelf: ImageShelf, taken: ReadonlySet<string>): FixFacts {
  const [image] = parseRow(text, columns).row?.images ?? [];
  const size = image === undefined ? undefined : shelf.get(image).size;
  return { columns, boxFrame, isTaken: qid => taken.has(qid), ...(size && { size }) };
}

async function anyChange(changed: AsyncGenerator<unknown>): Promise<boolean> {
  const { done } = await changed.next();
  await changed.return(undefined);
  return done !== true;
}

async function idsOf({ file, columns }: RowContext): Promise<Set<string>> {
  const ids = new Set<string>();
  const dataset = await DatasetFile.open(file);
  try {
    for await (const rows of dataset.batches()) {
      for (const { text } of rows) {
        const qid = parseRow(text, columns).row?.qid;
        if (qid) ids.add(qid);
      }
    }
  } finally {
    await dataset.close();
  }
  return ids;
}
