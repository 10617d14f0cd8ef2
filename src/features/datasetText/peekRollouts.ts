import * as path from 'node:path';
import * as vscode from 'vscode';
import type { SamplePlace, SampleRef } from '../../core/dataset/sample';
import { AppError } from '../../core/errors';
import { parseJsonObject } from '../../core/parsedLine';
import { groupText } from '../../core/rollouts/groupText';
import { DisposableStore } from '../../core/lifecycle';
import type { Services } from '../../host/services';
import type { LastGroup } from '../../platform/runs/sampleResponses';
import { type DatasetTexts, rowOnLine } from './datasetTexts';

export const rolloutScheme = 'pebr-rollout';
const casesEnding = '.reward.cases.jsonl';

/** The last stored responses of a sample in VS Code's peek view, over the row or the reward case that names it. */
export class PeekRollouts implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly lifetime = new DisposableStore();
  /** Texts of the documents that are shown, by address. */
  private readonly shown = new Map<string, string>();

  constructor(
    private readonly services: Services,
    private readonly texts: DatasetTexts,
  ) {
    this.lifetime.add(vscode.workspace.registerTextDocumentContentProvider(rolloutScheme, this));
    this.lifetime.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.shown.delete(uri.toString())));
  }

  /** A document of an earlier window is made anew from the sample that its address names. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const known = this.shown.get(uri.toString());
    if (known !== undefined) return known;
    const { value } = parseJsonObject(uri.query);
    if (typeof value?.dataset !== 'string' || typeof value.qid !== 'string') return 'This address names no sample.';
    const found = await this.locationsOf({ dataset: value.dataset, qid: value.qid });
    return found ? (this.shown.get(found.uri.toString()) ?? '') : 'No run has a response to this sample any more.';
  }

  /** Throws `argument.invalid` where neither the caller nor the cursor names a sample. */
  async peek(given?: SamplePlace): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const named = typeof given?.qid === 'string' ? given : undefined; // a menu hands over the file
    const line = named?.line === undefined ? editor?.selection.active.line : named.line - 1;
    const sample = named ?? (editor && (await this.sampleOn(editor.document, editor.selection.active.line)));
    if (!sample) throw new AppError('argument.invalid', { argument: 'Peek Rollouts', reason: 'put the cursor on a row of a dataset, or on a case of a reward that names a sample.' });
    const found = await this.locationsOf(sample);
    if (!found) {
      void vscode.window.showInformationMessage(`No run has a response to ${sample.qid} yet. Train, or sample the dataset, to get some.`);
      return;
    }
    if (!editor || line === undefined || (named?.file !== undefined && named.file !== editor.document.uri.fsPath)) {
      await vscode.window.showTextDocument(found.uri, { preview: true, viewColumn: vscode.ViewColumn.Beside });
      return;
    }
    const locations = found.lines.map(each => new vscode.Location(found.uri, new vscode.Position(each, 0)));
    await vscode.commands.executeCommand('editor.action.peekLocations', editor.document.uri, new vscode.Position(line, 0), locations, 'peek');
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private async sampleOn(document: vscode.TextDocument, line: number): Promise<SampleRef | undefined> {
    if (document.uri.fsPath.endsWith(casesEnding)) {
      const { value } = parseJsonObject(document.lineAt(line).text);
      const { dataset, qid } = (value?.sample ?? {}) as Partial<Record<keyof SampleRef, unknown>>;
      return typeof dataset === 'string' && typeof qid === 'string' ? { dataset, qid } : undefined;
    }
    const about = await this.texts.of(document.uri.fsPath);
    const row = about && rowOnLine(document, line, about);
    return row && row.qid !== '' ? { dataset: about.dataset.config.id, qid: row.qid } : undefined;
  }

  private async locationsOf({ dataset, qid }: SampleRef): Promise<{ readonly uri: vscode.Uri; readonly lines: readonly number[] } | undefined> {
    const found = await this.texts.responsesOf(await this.services.datasets.byId(dataset)).of(qid);
    const [first, ...rest] = found?.rollouts ?? [];
    if (!found || !first) return undefined;
    const uri = addressOf({ dataset, qid }, found);
    const { text, lines } = groupText(path.basename(found.run), [first, ...rest]);
    this.shown.set(uri.toString(), text);
    return { uri, lines };
  }
}

/** Another group of the sample has another address: a document never changes under who reads it. */
function addressOf({ dataset, qid }: SampleRef, { run, stage, step }: LastGroup): vscode.Uri {
  const parts = [path.basename(run), step > 0 ? `${stage} step ${step}` : stage, `${qid}.md`].map(part => part.replace(/[\\/]/g, '_'));
  return vscode.Uri.from({ scheme: rolloutScheme, path: `/${parts.join('/')}`, query: JSON.stringify({ dataset, qid }) });
}
