import { parseRow } from '../../core/dataset/parseRow';
import { fewestBoxes } from '../../core/lint/frameEvidence';
import { DatasetFile } from '../dataset/datasetFile';
import type { RowContext } from '../dataset/inspectRow';

/** Whether a file has boxes enough that numbers of another frame would have been noticed. */
export async function decidesFrame({ file, columns }: RowContext): Promise<boolean> {
  const dataset = await DatasetFile.open(file);
  try {
    let boxes = 0;
    for await (const rows of dataset.batches()) {
      for (const { text } of rows) {
        boxes += parseRow(text, columns).row?.boxes.length ?? 0;
        if (boxes >= fewestBoxes) return true;
      }
    }
    return false;
  } finally {
    await dataset.close();
  }
}
