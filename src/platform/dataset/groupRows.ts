import type { Difficulty, DifficultyRecord } from '../../core/dataset/sample';
import { parseRow } from '../../core/dataset/parseRow';
import { quickQid } from '../../core/dataset/quickQid';
import type { Columns } from '../../core/project/project';
import { DatasetFile } from './datasetFile';

export type RowGroup = Difficulty | 'unsampled' | 'unreadable';

/** Row numbers of a dataset by difficulty; numbers only, so that a million rows take a few megabytes. */
export interface GroupedRows {
  readonly rowCount: number;
  readonly groups: Readonly<Record<RowGroup, readonly number[]>>;
}

/** Reads a dataset once and sorts its rows by what sampling found about them. */
export async function groupRows(file: string, columns: Columns, records: ReadonlyMap<string, DifficultyRecord>): Promise<GroupedRows> {
  const groups: Record<RowGroup, number[]> = { easy: [], medium: [], hard: [], unsampled: [], unreadable: [] };
  const qidOf = quickQid(columns);
  const dataset = await DatasetFile.open(file);
  try {
    for await (const rows of dataset.batches()) {
      for (const { row, text } of rows) {
        const qid = qidOf(text) ?? parseRow(text, columns).row?.qid;
        groups[qid === undefined ? 'unreadable' : (records.get(qid)?.difficulty ?? 'unsampled')].push(row);
      }
    }
    return { rowCount: await dataset.count(), groups };
  } finally {
    await dataset.close();
  }
}
