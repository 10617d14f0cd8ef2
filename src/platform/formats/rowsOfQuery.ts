import { everyRow } from '../../core/query/rowQuery';
import { curationFile } from '../dataset/curationFile';
import { DatasetFile } from '../dataset/datasetFile';
import { difficultyFile } from '../dataset/difficultyFile';
import { DatasetQuery } from '../query/datasetQuery';
import { runsFolderOf } from '../runs/runFolders';
import type { ExportInput, ExportPlan } from './exportPlan';

/** The project that the files belong to, for what is known of their samples. */
export interface QueriedDataset {
  /** Folder of the project. */
  readonly folder: string;
  readonly datasetId: string;
}

/** Keeps the rows that answer a query (chips, words or `sql: …`); files without a project have no difficulty and no rollouts. Throws `query.invalid`. */
export async function rowsOfQuery(inputs: readonly ExportInput[], text: string, dataset: QueriedDataset | undefined): Promise<Pick<ExportPlan, 'isWanted'>> {
  const wanted = new Map<string, Uint8Array>();
  for (const { file, columns } of inputs) wanted.set(file, await answer(file, columns, text, dataset));
  return { isWanted: (_, row, { file }) => wanted.get(file)?.[row] === 1 };
}

/** A byte a row: 1 where it answers. */
async function answer(file: string, columns: ExportInput['columns'], text: string, dataset: QueriedDataset | undefined): Promise<Uint8Array> {
  const rows = await DatasetFile.open(file);
  let query: DatasetQuery | undefined;
  try {
    query = await DatasetQuery.open({
      dataset: rows, columns, curationFile: curationFile(file),
      ...(dataset ? { difficultyFile: difficultyFile(dataset.folder, dataset.datasetId), rollouts: { runsFolder: runsFolderOf(dataset.folder), dataset: dataset.datasetId } } : {}),
    });
    const marks = new Uint8Array(await rows.count());
    for (const row of (await query.answer({ ...everyRow, text })).rows) marks[row] = 1;
    return marks;
  } finally {
    await query?.close();
    await rows.close();
  }
}
