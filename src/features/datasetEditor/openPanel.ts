import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import { DisposableStore } from '../../core/lifecycle';
import { everyRow } from '../../core/query/rowQuery';
import { reportError, runCommand, setContext } from '../../host/commands';
import { panelHtml } from '../../host/panelHtml';
import type { Services } from '../../host/services';
import { linkTo } from '../../host/webviewLink';
import type { DatasetEditorContract, DocumentView, RowView } from '../../protocol/datasetEditor';
import type { DatasetDocument, DocumentEdit } from './document';
import type { EditorPanel, EditorPanels } from './editorPanels';
import { QuerySession } from './querySession';
import { readEach } from './readEach';
import { RowFacts } from './rowFacts';
import { rowView } from './rowView';
import { smallPicture } from './smallPicture';
import type { SourcePart } from '../../platform/query/querySource';

const rowsAtOnce = 100;

/** Does something to the document and puts it on the undo stack. */
type Edit = (work: () => Promise<DocumentEdit | undefined>) => Promise<void>;

/** Shows a document in a panel: answers what the page asks, tells it what changes, and makes its gestures edits. */
export function openPanel(document: DatasetDocument, panel: vscode.WebviewPanel, services: Services, panels: EditorPanels, edit: Edit): void {
  const { context, log, datasets } = services;
  const link = linkTo<DatasetEditorContract>(panel.webview, log);
  const entry: EditorPanel = { document, panel, link, shown: 0, isLoaded: false, query: everyRow };
  const facts = new RowFacts(document, datasets);
  const lifetime = new DisposableStore();
  const own = lifetime.add.bind(lifetime);
  const queries = own(new QuerySession(document, services));
  let bulk = new AbortController();
  const report = (error: unknown): Promise<void> => reportError(log, 'dataset editor', error);
  const documentView = async (): Promise<DocumentView> => ({
    rowCount: await document.rowCount(),
    boxFrame: document.context.boxFrame,
    edited: document.unsavedCount,
    conflicts: document.rows.conflicts().flatMap(row => row.row ?? []),
    isMissing: document.isMissing,
    labels: await facts.labels(),
  });
  let isListening = false; // a page is told nothing before it has asked
  const sendDocument = (name: 'document' | 'reload'): void => {
    if (isListening) void documentView().then(view => link.send(name, view)).catch(report);
  };
  const viewOf = async (index: number): Promise<RowView | undefined> => {
    const records = await facts.records();
    const [at] = await document.readRows(index, index + 1);
    return at && rowView(at, document, records, panel.webview);
  };
  const changedView = async (index: number): Promise<RowView> => {
    const view = await viewOf(index);
    if (!view) throw new AppError('argument.invalid', { argument: `row ${index + 1}`, reason: 'the file does not have it any more' });
    return view;
  };
  const sendRow = async (index: number): Promise<void> => {
    const view = isListening ? await viewOf(index) : undefined;
    if (view) link.send('row', view);
  };

  own({ dispose: panels.add(entry) });
  own(
    link.serve({
      load: async ({ index }) => {
        isListening = true;
        const start = panels.takeStart(document.uri.fsPath);
        return { document: await documentView(), index: start.index ?? index ?? null, query: start.query ?? null };
      },
      rows: async ({ rows }) => {
        const records = await facts.records();
        return Promise.all((await readEach(document, rows.slice(0, rowsAtOnce))).map(at => rowView(at, document, records, panel.webview)));
      },
      thumbnail: async ({ index }) => {
        const [at] = await document.readRows(index, index + 1);
        return { uri: at ? await smallPicture(at, document.context) : null };
      },
      query: query => queries.answer(query),
      columns: () => queries.columns(),
      facet: ({ column, query }) => queries.facet(column, query),
      change: async ({ index, change }) => {
        await edit(() => document.change(index, change));
        return changedView(index);
      },
      curate: async ({ index, change }) => {
        await edit(() => document.changeCuration([index], change));
        return changedView(index);
      },
      previewBulk: ({ rows, edit: change }) => {
        bulk = new AbortController();
        return document.previewBulk(rows, change, { signal: bulk.signal });
      },
      bulk: async ({ rows, edit: change }) => {
        bulk = new AbortController();
        await edit(() => document.bulk(rows, change, { signal: bulk.signal }));
        return null;
      },
      resolve: async ({ index, take }) => {
        await edit(() => document.resolve(index, take));
        return null;
      },
      writeAgain: async () => {
        // With edits it is VS Code's save, so that its dirty mark goes too; a clean document it would not save.
        if (document.unsavedCount > 0) await vscode.commands.executeCommand('workbench.action.files.save');
        else await document.save();
        return null;
      },
    }),
  );
  own(link.on('shown', ({ index }) => Object.assign(entry, { shown: index, isLoaded: true })));
  own(link.on('typing', ({ isTyping }) => void (panel.active && setContext('pebr.isTyping', isTyping))));
  own(link.on('goToSample', () => void runCommand('pebr.editor.goToSample')));
  own(link.on('asked', query => (entry.query = query)));
  own(link.on('saveView', () => undefined));
  own(link.on('cancelBulk', () => bulk.abort()));
  own(link.on('openAsText', ({ line }) => void openAsText(document.uri, line).then(undefined, report)));
  const sendStale = (parts: readonly SourcePart[]): void => {
    queries.refresh(parts);
    if (isListening) link.send('stale', null);
  };
  own(
    document.onDidChangeRow(index => {
      void sendRow(index).catch(report);
      sendStale(['edited']);
    }),
  );
  own(document.onDidChangeCuration(() => sendStale(['curation'])));
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
