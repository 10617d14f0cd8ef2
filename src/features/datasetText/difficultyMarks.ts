import * as vscode from 'vscode';
import { passRate } from '../../core/dataset/difficulty';
import type { Difficulty } from '../../core/dataset/sample';
import { DisposableStore } from '../../core/lifecycle';
import { readSetting } from '../../host/commands';
import { type DatasetTexts, linesInView, rowOnLine } from './datasetTexts';

/** A shape beside the colour and the word: nobody has to tell them by colour. */
const looks: Readonly<Record<Difficulty, { readonly shape: string; readonly color: string }>> = {
  easy: { shape: '○', color: 'charts.green' },
  medium: { shape: '◐', color: 'charts.yellow' },
  hard: { shape: '●', color: 'charts.red' },
};
const margin = 20;
const quietMs = 80;

/** Behind each row in view stands how hard sampling found it. */
export class DifficultyMarks implements vscode.Disposable {
  private readonly lifetime = new DisposableStore();
  private readonly type = this.lifetime.add(vscode.window.createTextEditorDecorationType({ after: { margin: '0 0 0 2em' }, rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed }));
  private readonly timers = new Map<vscode.TextEditor, NodeJS.Timeout>();

  constructor(
    private readonly texts: DatasetTexts,
    private readonly onFailure: (error: unknown) => void,
  ) {
    const all = (): void => vscode.window.visibleTextEditors.forEach(editor => this.soon(editor));
    this.lifetime.add(texts.onDidChange(all));
    this.lifetime.add(vscode.window.onDidChangeVisibleTextEditors(all));
    this.lifetime.add(vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.soon(textEditor)));
    this.lifetime.add(vscode.workspace.onDidChangeTextDocument(({ document }) => vscode.window.visibleTextEditors.filter(editor => editor.document === document).forEach(editor => this.soon(editor))));
    this.lifetime.add(vscode.workspace.onDidChangeConfiguration(event => event.affectsConfiguration('pebr.datasetText.difficulty') && all()));
    this.lifetime.add({ dispose: () => this.timers.forEach(timer => clearTimeout(timer)) });
    all();
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private soon(editor: vscode.TextEditor): void {
    const { uri } = editor.document;
    if (uri.scheme !== 'file' || !uri.path.endsWith('.jsonl')) return;
    clearTimeout(this.timers.get(editor));
    this.timers.set(editor, setTimeout(() => {
      this.timers.delete(editor);
      this.show(editor).catch(this.onFailure);
    }, quietMs));
  }

  private async show(editor: vscode.TextEditor): Promise<void> {
    editor.setDecorations(this.type, readSetting('pebr.datasetText.difficulty') ? await this.marksOf(editor.document) : []);
  }

  /** Decorations of the lines in view, one at the end of each sampled row. */
  async marksOf(document: vscode.TextDocument): Promise<vscode.DecorationOptions[]> {
    const about = await this.texts.of(document.uri.fsPath);
    if (!about || about.records.size === 0) return [];
    return linesInView(document, 200, margin).flatMap(line => {
      const record = about.records.get(rowOnLine(document, line, about)?.qid ?? '');
      if (!record) return [];
      const { shape, color } = looks[record.difficulty];
      const { end } = document.lineAt(line).range;
      return [{ range: new vscode.Range(end, end), renderOptions: { after: { contentText: `${shape} ${record.difficulty} ${passRate(record)}`, color: new vscode.ThemeColor(color) } } }];
    });
  }
}
