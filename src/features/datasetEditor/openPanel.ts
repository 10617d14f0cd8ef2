import * as vscode from 'vscode';
import { DisposableStore } from '../../core/lifecycle';
import { everyRow, type RowQuery } from '../../core/query/rowQuery';
import { readSetting, reportError, runCommand, setContext } from '../../host/commands';
import { panelHtml } from '../../host/panelHtml';
import type { Services } from '../../host/services';
import { linkTo } from '../../host/webviewLink';
import type { SourcePart } from '../../platform/query/querySource';
import type { DatasetEditorContract, DocumentView } from '../../protocol/datasetEditor';
import type { DatasetDocument } from './document';
import type { EditorPanel, EditorPanels } from './editorPanels';
import { type Edit, editingRequests, readingRequests } from './panelRequests';
import { PanelRows } from './panelRows';
import { proposalRequests } from './proposalRequests';
import { Proposals } from './proposals';
import type { Proposers } from './proposers';
import { QuerySession } from './querySession';
import { RowFacts } from './rowFacts';
import { SampleFacts } from './sampleFacts';
import { ShownImages } from './shownImages';
import type { StepCommands } from './stepCommands';

/** What a panel does with the steps of its document. */
export interface PanelSteps {
  readonly edit: Edit;
  /** Resolves once VS Code has the steps of earlier windows. */
  readonly told: () => Promise<void>;
  readonly commands: StepCommands;
}

/** Shows a document in a panel: answers what the page asks, tells it what changes, and makes its gestures edits. */
export function openPanel(document: DatasetDocument, panel: vscode.WebviewPanel, services: Services, panels: EditorPanels, proposers: Proposers, steps: PanelSteps): void {
  const { context, log, datasets } = services;
  const link = linkTo<DatasetEditorContract>(panel.webview, log);
  const entry: EditorPanel = { document, panel, link, shown: 0, isLoaded: false, query: everyRow };
  const facts = new RowFacts(document, datasets);
  const lifetime = new DisposableStore();
  const own = lifetime.add.bind(lifetime);
  const proposals = own(new Proposals(document, services, proposers));
  const rows = new PanelRows(document, facts, panel.webview, proposals);
  const queries = own(new QuerySession(document, services, proposals));
  const parts = { document, rows, queries, samples: new SampleFacts(document, services), edit: steps.edit };
  let bulk = new AbortController();
  const report = (error: unknown): Promise<void> => reportError(log, 'dataset editor', error);
  const documentView = async (): Promise<DocumentView> => ({
    rowCount: await document.rowCount(),
    numbering: document.numbering,
    boxFrame: document.context.boxFrame,
    edited: document.unsavedCount,
    conflicts: document.rows.conflicts().length,
    isMissing: document.isMissing,
    labels: await facts.labels(),
    proposer: await proposals.source(),
    labeler: readSetting('pebr.labeling.by').trim(),
  });
  let isListening = false; // a page is told nothing before it has asked
  const sendDocument = (name: 'document' | 'reload'): void => {
    if (isListening) void documentView().then(view => link.send(name, view)).catch(report);
  };
  const sendRow = async (index: number): Promise<void> => {
    const view = isListening ? await rows.view(index) : undefined;
    if (view) link.send('row', view);
  };

  const images = own(new ShownImages(rows, () => document.context.imageRoot, view => isListening && link.send('row', view), report));

  own({ dispose: panels.add(entry) });
  own(
    link.serve({
      load: async () => {
        isListening = true;
        void steps.told().catch((error: unknown) => reportError(log, 'undo history', error));
        const start = panels.takeStart(document.uri.fsPath);
        if (start.origin) document.cameFrom(start.origin.qid, start.origin.rollout);
        return { document: await documentView(), index: start.index ?? null, query: start.query ?? null, restored: document.takeRestored() };
      },
      history: () => steps.told().then(() => null),
      workbench: ({ command }) => (panel.active ? steps.commands.run(command).then(() => null) : Promise.resolve(null)),
      moved: ({ command }) => steps.commands.follow(command).then(() => null),
      ...readingRequests(parts),
      ...proposalRequests({ document, rows, proposals, labels: () => facts.labels(), edit: steps.edit }),
      ...editingRequests(parts, () => (bulk = new AbortController()).signal),
    }),
  );
  own(
    link.on('shown', ({ index }) => {
      Object.assign(entry, { shown: index, isLoaded: true });
      images.show(index);
    }),
  );
  own(link.on('typing', ({ isTyping }) => void (panel.active && setContext('pebr.isTyping', isTyping))));
  own(
    link.on('blind', ({ isOn }) => {
      queries.isBlind = isOn;
      services.blind.set(entry, isOn ? document.uri.fsPath : undefined);
    }),
  );
  own({ dispose: () => services.blind.set(entry, undefined) });
  own(link.on('goToSample', () => void runCommand('pebr.editor.goToSample')));
  own(link.on('asked', query => (entry.query = query)));
  own(link.on('saveView', () => void saveView(document, services, entry.query).catch(report)));
  own(link.on('changeKeys', () => void vscode.commands.executeCommand('workbench.action.openGlobalKeybindings', '@ext:pebr-studio.pebr-studio').then(undefined, report)));
  own(link.on('cancelBulk', () => bulk.abort()));
  own(link.on('copyText', ({ text }) => void vscode.env.clipboard.writeText(text).then(undefined, report)));
  own(link.on('openRollouts', request => void runCommand('pebr.rollouts.open', request).then(undefined, report)));
  own(link.on('openAsText', ({ line }) => void openAsText(document.uri, line).then(undefined, report)));
  const sendStale = (changed: readonly SourcePart[]): void => {
    queries.refresh(changed);
    if (isListening) link.send('stale', { isCuration: changed.includes('curation') || changed.includes('proposals') });
  };
  own(
    document.onDidChangeRow(index => {
      void sendRow(index).catch(report);
      sendStale(['edited']);
    }),
  );
  own(document.onDidChangeCuration(() => sendStale(['curation'])));
  own(
    services.lint.onDidChange(() => {
      queries.refresh(['problems']);
      if (isListening && /problem|severit/i.test(JSON.stringify(entry.query))) link.send('stale', { isCuration: false }); // other answers stay true
    }),
  );
  own(
    proposals.onDidChange(() => {
      sendStale(['proposals']);
      sendDocument('document');
    }),
  );
  own(document.onDidChange(() => sendDocument('document')));
  own(
    document.onDidReload(() => {
      queries.forget(); // another version of the file has other row numbers
      sendDocument('reload');
    }),
  );
  own(
    datasets.onDidChange(dataset => {
      if (dataset && dataset.file !== document.uri.fsPath && dataset.heldOut !== document.uri.fsPath) return;
      queries.refresh(['difficulty', 'rollouts']);
      facts.forget(); // difficulty or images; the rows themselves are followed by the document
      sendDocument('reload');
    }),
  );
  own(
    panel.onDidChangeViewState(() => {
      if (!panel.visible) isListening = entry.isLoaded = false; // its page is gone, and asks again when it is shown
      if (!panel.active) void setContext('pebr.isTyping', false);
    }),
  );
  panel.onDidDispose(() => {
    lifetime.dispose();
    void setContext('pebr.isTyping', false);
  });
  const setRoots = (): void => {
    const roots = [vscode.Uri.joinPath(context.extensionUri, 'dist', 'webview'), vscode.Uri.file(document.context.imageRoot)];
    panel.webview.options = { enableScripts: true, localResourceRoots: roots };
  };
  setRoots();
  own(document.onDidChangeContext(setRoots));
  panel.webview.html = panelHtml(panel.webview, context.extensionUri, 'datasetEditor', 'PeBR Dataset');
}

async function openAsText(uri: vscode.Uri, line: number): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, 'default', { selection: new vscode.Range(line - 1, 0, line - 1, 0), viewColumn: vscode.ViewColumn.Beside });
}

async function saveView(document: DatasetDocument, { datasets }: Services, query: RowQuery): Promise<void> {
  const dataset = await datasets.byFile(document.uri.fsPath);
  if (dataset) await runCommand('pebr.view.save', { datasetId: dataset.config.id, query });
  else void vscode.window.showInformationMessage('Views are kept in pebr.json, under the dataset they belong to, and no pebr.json of this folder names this file. List it under "datasets" first.');
}
