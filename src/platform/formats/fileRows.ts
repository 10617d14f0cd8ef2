import type { RowText } from '../dataset/datasetFile';
import type { ExportInput } from './exportPlan';
import { type FileRow, fileRow } from './exportSampleOf';
import type { HeadersAhead } from './headersAhead';

/** Rows that are parsed at once: few enough that what they were made of is gone before the memory of young things is looked through. */
const slice = 200;
/** Slices whose images are being read while the one before them is at work. */
const mostAhead = 1;

/** Rows in batches, the headers of their images read as far as `ahead` does that. */
export async function* fileRows(batches: AsyncIterable<readonly RowText[]>, input: ExportInput, ahead: HeadersAhead): AsyncGenerator<readonly FileRow[]> {
  const waiting: { readonly rows: readonly FileRow[]; readonly read: Promise<void> | undefined }[] = [];
  for await (const batch of batches) {
    for (let from = 0; from < batch.length; from += slice) {
      const rows = batch.slice(from, from + slice).map(at => fileRow(at, input));
      waiting.push({ rows, read: ahead.read(rows.flatMap(({ files }) => files)) });
      const [first] = waiting;
      if (!first || waiting.length <= mostAhead) continue;
      waiting.shift();
      await first.read;
      yield first.rows;
    }
  }
  for (const { rows, read } of waiting) {
    await read;
    yield rows;
  }
}
