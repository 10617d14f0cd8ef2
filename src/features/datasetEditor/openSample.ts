import * as vscode from 'vscode';
import type { SamplePlace } from '../../core/dataset/sample';
import { AppError } from '../../core/errors';
import { parseRow } from '../../core/dataset/parseRow';
import { datasetEditorType } from '../../contributions';
import type { DatasetService } from '../../host/datasetService';
import { DatasetFile } from '../../platform/dataset/datasetFile';
import type { EditorPanels, PanelStart } from './editorPanels';

/** Opens the dataset editor on a file: at a row, or with the rows of a query, where `start` says so. */
export async function openDataset(panels: EditorPanels, file: string, start: PanelStart = {}): Promise<void> {
  const { index, query, origin } = start;
  panels.startAt(file, start);
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(file), datasetEditorType);
  // A page that is up is told; one that comes up asks. Only now is it known which it is: the one from before may just be closing.
  const up = panels.all(file).filter(({ panel, isLoaded }) => panel.visible && isLoaded);
  if (up.length === 0) return;
  panels.takeStart(file);
  for (const { link, document } of up) {
    if (origin) document.cameFrom(origin.qid, origin.rollout);
    if (query) link.send('query', query);
    if (index !== undefined) link.send('goTo', { index });
  }
}

/** Opens the editor at a sample. Throws `argument.invalid` when no file of the dataset has it. */
export async function openSample(panels: EditorPanels, datasets: DatasetService, place: SamplePlace): Promise<void> {
  const dataset = await datasets.byId(place.dataset);
  const files = place.file === undefined ? [dataset.file, ...(dataset.heldOut === undefined ? [] : [dataset.heldOut])] : [place.file];
  for (const name of files) {
    const index = await findRow(name, place, (await datasets.contextOf(name)).columns);
    if (index !== undefined) return openDataset(panels, name, { index, ...(place.rollout !== undefined && { origin: { qid: place.qid, rollout: place.rollout } }) });
  }
  throw new AppError('argument.invalid', { argument: place.qid, reason: `${files.join(' and ')} have no such sample. It may have been renamed or deleted.` });
}

/** The line counts where it still has the sample; a file that changed since is searched for the qid. */
async function findRow(name: string, { qid, line }: SamplePlace, columns: Parameters<typeof parseRow>[1]): Promise<number | undefined> {
  const file = await DatasetFile.open(name);
  try {
    if (line !== undefined) {
      const row = await file.rowOfLine(line);
      const [at] = await file.readRows(row, row + 1);
      if (at?.line === line && (qid === '' || parseRow(at.text, columns).row?.qid === qid)) return row;
    }
    return qid === '' ? undefined : (await file.findQid(qid, columns))?.row;
  } finally {
    await file.close();
  }
}
