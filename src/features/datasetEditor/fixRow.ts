import { fixOf } from '../../core/lint/fixes/fixOf';
import type { LabelChange } from '../../core/labels/labelChange';
import type { RowText } from '../../platform/dataset/datasetFile';
import { inspectRow, type RowContext } from '../../platform/dataset/inspectRow';

/** The safe correction of a rule in a row, as one step of undo; undefined where the row needs none. */
export async function fixRow({ text, ...at }: RowText, rule: string, context: RowContext): Promise<LabelChange | undefined> {
  const { images } = await inspectRow({ text, ...at }, context);
  const size = images[0]?.size;
  const fixed = fixOf(rule, text, { columns: context.columns, boxFrame: context.boxFrame, ...(size && { size }) });
  return fixed && { type: 'replaceLine', base: text, text: fixed.text, title: fixed.title };
}
