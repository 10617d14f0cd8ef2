import * as vscode from 'vscode';
import { type CommandId, datasetEditorType } from '../../contributions';
import { registerCommand } from '../../host/commands';
import type { Services } from '../../host/services';
import type { EditorCommand } from '../../protocol/editorCommand';
import type { BulkEdit } from '../../core/labels/bulkEdit';
import type { LabelChange } from '../../core/labels/labelChange';
import type { DatasetDocument } from './document';
import { EditorPanels } from './editorPanels';
import { askForSample } from './goToSample';
import { openDataset, openSample } from './openSample';
import { Proposers } from './proposers';
import { DatasetEditorProvider } from './provider';

const pageCommands = {
  'pebr.editor.previousSample': 'previous',
  'pebr.editor.nextSample': 'next',
  'pebr.editor.drawBox': 'drawBox',
  'pebr.editor.deleteBox': 'deleteBox',
  'pebr.editor.renameBox': 'renameBox',
  'pebr.editor.nextDrawMode': 'nextDrawMode',
  'pebr.editor.selectAllBoxes': 'selectAllBoxes',
  'pebr.editor.nextBoxHere': 'nextBoxHere',
  'pebr.editor.copyBoxes': 'copyBoxes',
  'pebr.editor.pasteBoxes': 'pasteBoxes',
  'pebr.editor.duplicateBoxes': 'duplicateBoxes',
  'pebr.editor.copyPreviousBoxes': 'copyPreviousBoxes',
  'pebr.editor.moveBoxLeft': 'moveLeft',
  'pebr.editor.moveBoxRight': 'moveRight',
  'pebr.editor.moveBoxUp': 'moveUp',
  'pebr.editor.moveBoxDown': 'moveDown',
  'pebr.editor.moveBoxFarLeft': 'moveFarLeft',
  'pebr.editor.moveBoxFarRight': 'moveFarRight',
  'pebr.editor.moveBoxFarUp': 'moveFarUp',
  'pebr.editor.moveBoxFarDown': 'moveFarDown',
  'pebr.editor.resizeBoxLeft': 'resizeLeft',
  'pebr.editor.resizeBoxRight': 'resizeRight',
  'pebr.editor.resizeBoxUp': 'resizeUp',
  'pebr.editor.resizeBoxDown': 'resizeDown',
  'pebr.editor.hideBoxes': 'hideBoxes',
  'pebr.editor.zoomToBox': 'zoomToBox',
  'pebr.editor.help': 'help',
  'pebr.editor.fitImage': 'fit',
  'pebr.editor.focusAnswer': 'focusAnswer',
  'pebr.editor.focusKeyWords': 'focusKeyWords',
  'pebr.editor.takeMajority': 'takeMajority',
  'pebr.editor.showDoubts': 'showDoubts',
  'pebr.editor.secondPass': 'secondPass',
  'pebr.editor.find': 'find',
  'pebr.editor.nextToReview': 'nextToReview',
  'pebr.editor.accept': 'accept',
  'pebr.editor.reject': 'reject',
  'pebr.editor.proposeBoxes': 'proposeBoxes',
  'pebr.editor.acceptProposal': 'acceptProposal',
  'pebr.editor.rejectProposal': 'rejectProposal',
  'pebr.editor.acceptProposals': 'acceptProposals',
  'pebr.editor.rejectProposals': 'rejectProposals',
  'pebr.editor.nextProposal': 'nextProposal',
  'pebr.editor.nextWithProposals': 'nextWithProposals',
  'pebr.editor.chooseProposalModel': 'chooseProposalModel',
  'pebr.editor.showLabel': 'label',
  'pebr.editor.showGrid': 'grid',
  'pebr.editor.showTable': 'table',
} as const satisfies Partial<Record<CommandId, EditorCommand>>;

/** Their argument says which: a label, an option, a suggestion; counted from 1. */
const placedCommands = { 'pebr.editor.setLabel': 'setLabel', 'pebr.editor.chooseOption': 'chooseOption', 'pebr.editor.takeKeyWord': 'takeKeyWord' } as const satisfies Partial<Record<CommandId, EditorCommand>>;

/** What the integration tests do in a person's place: they cannot reach into a page. */
export interface DatasetEditorHands {
  /** A change as the page of an open editor sends it. */
  change(file: string, index: number, change: LabelChange): Promise<void>;
  /** A change of many rows, or of what is decided about them. */
  bulk(file: string, rows: readonly number[], edit: BulkEdit): Promise<void>;
  /** Rows, counted from 0, that the open editors of a file show. */
  shown(file: string): readonly number[];
  /** The answer to a row that was changed here and on disk. */
  resolve(file: string, index: number, take: 'mine' | 'theirs'): Promise<void>;
  conflicts(file: string): readonly number[];
}

/** The custom editor on dataset files, and the commands that open it and act in it. */
export function registerDatasetEditor(services: Services): DatasetEditorHands {
  const { datasets, lifetime, log } = services;
  const panels = new EditorPanels();
  const provider = lifetime.add(new DatasetEditorProvider(services, panels, lifetime.add(new Proposers(services))));
  lifetime.add(vscode.window.registerCustomEditorProvider(datasetEditorType, provider, { supportsMultipleEditorsPerDocument: true }));
  lifetime.add(registerCommand(log, 'pebr.sample.open', place => openSample(panels, datasets, place)));
  lifetime.add(
    registerCommand(log, 'pebr.dataset.open', async dataset => {
      const id = typeof dataset === 'object' ? dataset.datasetId : (dataset ?? (await askForDataset(services)));
      const query = typeof dataset === 'object' ? dataset.query : undefined;
      if (id !== undefined) await openDataset(panels, (await datasets.byId(id)).file, query ? { query } : {});
    }),
  );
  for (const [id, name] of Object.entries(pageCommands) as [keyof typeof pageCommands, EditorCommand][]) {
    lifetime.add(
      registerCommand(log, id, async () => {
        panels.active?.link.send('command', { name });
      }),
    );
  }
  for (const [id, name] of Object.entries(placedCommands) as [keyof typeof placedCommands, EditorCommand][]) {
    lifetime.add(
      registerCommand(log, id as 'pebr.editor.setLabel', async place => {
        panels.active?.link.send('command', { name, ...(typeof place === 'number' && { place }) });
      }),
    );
  }
  lifetime.add(
    registerCommand(log, 'pebr.editor.goToSample', async () => {
      const { active } = panels;
      const index = active && (await askForSample(active.document));
      if (index !== undefined) active?.link.send('goTo', { index });
    }),
  );
  const documentOf = (file: string): DatasetDocument => {
    const [entry] = panels.all(file);
    if (!entry) throw new Error(`${file} is not open`);
    return entry.document;
  };
  return {
    change: (file, index, change) => provider.edit(documentOf(file), document => document.change(index, change)),
    bulk: (file, rows, edit) => provider.edit(documentOf(file), document => document.bulk(Uint32Array.from(rows), edit)),
    resolve: (file, index, take) => provider.edit(documentOf(file), document => document.resolve(take, [document.rows.at(index)?.key ?? -1])),
    shown: file => panels.all(file).filter(entry => entry.isLoaded).map(entry => entry.shown),
    conflicts: file => documentOf(file).rows.conflicts().map(({ row }) => row),
  };
}

async function askForDataset({ datasets }: Services): Promise<string | undefined> {
  const items = (await datasets.list()).map(({ config, file }) => ({ label: config.id, description: config.stage, detail: file }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage('No pebr.json of this folder names a dataset. Create one with "PeBR: Create Project".');
    return undefined;
  }
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Dataset to open' }))?.label;
}
