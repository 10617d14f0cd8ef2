import type { RowText } from '../dataset/datasetFile';
import type { ExportInput } from './exportPlan';
import { type FileRow, fileRow } from './exportSampleOf';
import type { HeadersAhead } from './headersAhead';

/** Batches whose images are being read while those before them are at work. */
const mostAhead = 2;

/** Rows in batches, the headers of their images read as far as `ahead` does that. */
export async function* fileRows(batches: AsyncIterable<readonly RowText[]>, input: ExportInput, ahead: HeadersAhead): AsyncGenerator<readonly FileRow[]> {
  const waiting: { readonly rows: readonly FileRow[]; readonly read: Promise<void> | undefined }[] = [];
  for await (const batch of batches) {
    const rows = batch.map(at => fileRow(at, input));
    waiting.push({ rows, read: ahead.read(rows.flatMap(({ files }) => files)) });
    const [first] = waiting;
    if (!first || waiting.length <= mostAhead) continue;
    waiting.shift();
    await first.read;
    yield first.rows;
  }
  for (const { rows, read } of waiting) {
    await read;
    yield rows;
  }
}
