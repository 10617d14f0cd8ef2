import * as path from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { reportError } from '../../host/commands';
import type { Services } from '../../host/services';
import { curationFile } from '../../platform/dataset/curationFile';
import { DatasetDocument, type DocumentEdit, type Followed } from './document';
import type { EditorPanels } from './editorPanels';
import { followLint } from './followLint';
import { openPanel } from './openPanel';
import { PastSteps } from './pastSteps';
import type { Proposers } from './proposers';
import { StepCommands } from './stepCommands';

const quietMs = 100;

/** Connects dataset documents with VS Code: its undo stack, dirty mark, saving and hot exit. */
export class DatasetEditorProvider implements vscode.CustomEditorProvider<DatasetDocument>, vscode.Disposable {
  private readonly edited = new vscode.EventEmitter<vscode.CustomDocumentEditEvent<DatasetDocument> | vscode.CustomDocumentContentChangeEvent<DatasetDocument>>();
  private readonly open = new Set<DatasetDocument>();
  /** What earlier windows did, told to VS Code when an editor opens. */
  private readonly past = new Map<DatasetDocument, PastSteps>();
  private readonly commands = new Map<DatasetDocument, StepCommands>();
  /** Documents that end, by file: the next one takes up their journal. */
  private readonly ending = new Map<string, Promise<void>>();
  // VS Code takes either kind from one event, and tells them apart; its type allows only one.
  readonly onDidChangeCustomDocument = this.edited.event as vscode.Event<vscode.CustomDocumentEditEvent<DatasetDocument>>;

  constructor(
    private readonly services: Services,
    private readonly panels: EditorPanels,
    private readonly proposers: Proposers,
  ) {}

  async openCustomDocument(uri: vscode.Uri, { backupId }: vscode.CustomDocumentOpenContext): Promise<DatasetDocument> {
    const { datasets, log } = this.services;
    await this.ending.get(uri.fsPath);
    const backup = backupId === undefined ? undefined : await readBackupFile(vscode.Uri.parse(backupId), uri);
    const { storageUri, globalStorageUri } = this.services.context;
    const journals = vscode.Uri.joinPath(storageUri ?? globalStorageUri, 'journals').fsPath;
    const document = await this.inWords(DatasetDocument.open(uri, await datasets.contextOf(uri.fsPath), journals, backup));
    tellRestored(document);
    const { lifetime } = document;
    this.open.add(document);
    lifetime.add({ dispose: () => this.forget(document) });
    const name = path.basename(uri.fsPath);
    let timer: NodeJS.Timeout | undefined;
    const follow = (): void => {
      clearTimeout(timer); // a file that is written in place comes in pieces
      timer = setTimeout(() => void document.follow().catch((error: unknown) => reportError(log, 'follow dataset', error)), quietMs);
    };
    lifetime.add({ dispose: () => clearTimeout(timer) });
    for (const file of [uri.fsPath, curationFile(uri.fsPath)]) {
      const watcher = lifetime.add(vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(vscode.Uri.file(path.dirname(file)), path.basename(file))));
      for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) lifetime.add(event(follow));
    }
    lifetime.add(followLint(document, this.services.lint));
    lifetime.add(document.onDidFollow(followed => void tellFollowed(document, followed)));
    lifetime.add(document.onDidFindStale(text => void vscode.window.showWarningMessage(text)));
    let isToldOnce = false;
    lifetime.add(
      document.onDidFailToJournal(error => {
        log.error(`journal: ${messageOf(error)}`);
        if (!isToldOnce) void vscode.window.showWarningMessage(`Edits of ${name} cannot be kept safe from a crash: ${messageOf(error)}. Save often until that is mended.`);
        isToldOnce = true;
      }),
    );
    lifetime.add(
      datasets.onDidChange(async dataset => {
        if (!dataset) document.setContext(await datasets.contextOf(uri.fsPath));
      }),
    );
    return document;
  }

  resolveCustomEditor(document: DatasetDocument, panel: vscode.WebviewPanel): void {
    const commands = this.commands.get(document) ?? new StepCommands();
    this.commands.set(document, commands);
    const past = this.past.get(document) ?? new PastSteps(document, panel, step => this.tellStep(document, step), commands);
    this.past.set(document, past);
    openPanel(document, panel, this.services, this.panels, this.proposers, { edit: work => this.edit(document, work), told: () => past.tell(), commands });
  }

  saveCustomDocument(document: DatasetDocument): Promise<void> {
    const save = (): Promise<void> => this.inWords(document.save());
    return this.past.get(document)?.saving(save) ?? save();
  }

  saveCustomDocumentAs(document: DatasetDocument, destination: vscode.Uri): Promise<void> {
    return this.inWords(document.saveAs(destination));
  }

  revertCustomDocument(document: DatasetDocument): Promise<void> {
    return this.inWords(document.revert());
  }

  async backupCustomDocument(document: DatasetDocument, { destination }: vscode.CustomDocumentBackupContext): Promise<vscode.CustomDocumentBackup> {
    await vscode.workspace.fs.writeFile(destination, new TextEncoder().encode(document.backup()));
    return { id: destination.toString(), delete: () => void vscode.workspace.fs.delete(destination).then(undefined, () => undefined) }; // gone already is as good
  }

  dispose(): void {
    for (const document of this.open) document.end();
    this.edited.dispose();
  }

  /** One step on VS Code's undo stack, unless nothing changes. */
  async edit(document: DatasetDocument, work: (document: DatasetDocument) => Promise<DocumentEdit | undefined>): Promise<void> {
    await this.past.get(document)?.tell();
    const step = await work(document);
    if (step) this.tellStep(document, step);
    // VS Code counts steps, and takes another branch that is as long as the saved one for that.
    if (step && !document.canReachSaved) this.tellStep(document);
  }

  /** Tells VS Code of a step, or, without one, that the document is not saved. */
  private tellStep(document: DatasetDocument, step?: DocumentEdit): void {
    this.edited.fire({ document, ...(step && this.commands.get(document)?.told(step)) });
  }

  private forget(document: DatasetDocument): void {
    this.open.delete(document);
    this.past.delete(document);
    this.commands.delete(document);
    const file = document.uri.fsPath;
    const ended = document.close().catch((error: unknown) => this.services.log.error(`closing ${file}: ${messageOf(error)}`));
    this.ending.set(file, ended);
    void ended.then(() => this.ending.get(file) === ended && this.ending.delete(file));
  }

  /** VS Code shows the message of what its calls throw, so that must be the one for people. */
  private async inWords<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.services.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      throw new Error(errorInWords(error), { cause: error });
    }
  }
}

/** A backup that is not there any more (VS Code deletes it after a save, perhaps just before the window closed) must not keep the file from opening. */
async function readBackupFile(backup: vscode.Uri, uri: vscode.Uri): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(backup));
  } catch (error) {
    if (!(error instanceof vscode.FileSystemError)) throw error;
    void vscode.window.showWarningMessage(`${path.basename(uri.fsPath)} is shown as it was last saved: there is no copy of later edits in ${backup.fsPath}.`);
    return undefined;
  }
}

const rowsOf = (count: number): string => (count === 1 ? '1 row' : `${count.toLocaleString('en')} rows`);

/** That edits are back the editor itself says; what is not back must not be overlooked. */
function tellRestored({ uri, restored: { lost } }: DatasetDocument): void {
  const name = path.basename(uri.fsPath);
  if (lost.length > 0) void vscode.window.showWarningMessage(`${name} changed on disk since, so these bulk edits were not done again: ${lost.join('; ')}. Do them again if you still want them.`);
}

async function tellFollowed({ uri }: DatasetDocument, { kept, conflicts, decisions, left }: Followed): Promise<void> {
  const name = path.basename(uri.fsPath);
  const notes = [
    decisions > 0 ? `Of ${decisions === 1 ? '1 sample' : `${decisions.toLocaleString('en')} samples`} tags, review or notes were changed there too; yours are kept.` : '',
    left > 0 ? `${rowsOf(left)} of a bulk edit are others on disk now and are left as they are there.` : '',
  ].filter(Boolean);
  if (conflicts === 0) {
    void vscode.window.showInformationMessage([`${name} changed on disk. Your unsaved edits of ${rowsOf(kept)} are kept.`, ...notes].join(' '));
    return;
  }
  const compare = 'Compare';
  const text = [`${name} changed on disk, ${rowsOf(conflicts)} of it where you have unsaved edits. Nothing is lost: choose at each of them which to keep. Saving waits for that.`, ...notes].join(' ');
  if ((await vscode.window.showWarningMessage(text, compare)) === compare) await vscode.commands.executeCommand('vscode.openWith', uri, 'default', vscode.ViewColumn.Beside);
}
