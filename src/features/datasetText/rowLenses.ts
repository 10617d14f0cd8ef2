import * as vscode from 'vscode';
import { passRate } from '../../core/dataset/difficulty';
import { DisposableStore } from '../../core/lifecycle';
import { readSetting } from '../../host/commands';
import { type DatasetText, datasetTextSelector, type DatasetTexts, linesInView, rowOnLine } from './datasetTexts';

/** Lines of a document whose rows all have a lens; of a longer one those in view and these around them. */
const mostWhole = 1000;
const margin = 100;
const quietMs = 120;

class RowLens extends vscode.CodeLens {
  constructor(
    line: number,
    readonly document: vscode.TextDocument,
    readonly about: DatasetText,
    readonly kind: 'open' | 'peek',
  ) {
    super(new vscode.Range(line, 0, line, 0));
  }
}

/** `medium 5/8 · 3 boxes · open` above each row of a dataset. A line is parsed when its lens comes into view. */
export class RowLenses implements vscode.CodeLensProvider<RowLens>, vscode.Disposable {
  private readonly lifetime = new DisposableStore();
  private readonly changed = this.lifetime.add(new vscode.EventEmitter<void>());
  private readonly covered = new WeakMap<vscode.TextDocument, ReadonlySet<number>>();
  private timer: NodeJS.Timeout | undefined;

  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly texts: DatasetTexts) {
    this.lifetime.add(texts.onDidChange(() => this.changed.fire()));
    this.lifetime.add(vscode.workspace.onDidChangeConfiguration(event => event.affectsConfiguration('pebr.datasetText.codeLens') && this.changed.fire()));
    this.lifetime.add(vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor, visibleRanges }) => this.follow(textEditor.document, visibleRanges)));
    this.lifetime.add({ dispose: () => clearTimeout(this.timer) });
    this.lifetime.add(vscode.languages.registerCodeLensProvider(datasetTextSelector, this));
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<RowLens[]> {
    const about = readSetting('pebr.datasetText.codeLens') ? await this.texts.of(document.uri.fsPath) : undefined;
    if (!about) return [];
    const lines = linesInView(document, mostWhole, margin);
    this.covered.set(document, new Set(lines));
    return lines.filter(line => line < document.lineCount && !document.lineAt(line).isEmptyOrWhitespace)
      .flatMap(line => [new RowLens(line, document, about, 'open'), ...(about.hasRuns ? [new RowLens(line, document, about, 'peek')] : [])]);
  }

  resolveCodeLens(lens: RowLens): RowLens {
    const { document, about, kind, range: { start: { line } } } = lens;
    const row = rowOnLine(document, line, about);
    const place = { dataset: about.dataset.config.id, qid: row?.qid ?? '', file: document.uri.fsPath, line: line + 1 };
    if (kind === 'peek') lens.command = { title: row?.qid ? 'responses' : '', tooltip: 'What the policy last answered, without leaving the file', command: 'pebr.rollouts.peek', arguments: [place] };
    else if (!row) lens.command = { title: 'this line is no row', command: '' };
    else {
      const record = about.records.get(row.qid);
      const facts = [...(record ? [`${record.difficulty} ${passRate(record)}`] : []), row.boxes.length === 1 ? '1 box' : `${row.boxes.length} boxes`, 'open'];
      lens.command = { title: facts.join(' · '), tooltip: 'Open this sample in the dataset editor', command: 'pebr.sample.open', arguments: [place] };
    }
    return lens;
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  /** A long document has lenses where it is looked at. */
  private follow(document: vscode.TextDocument, ranges: readonly vscode.Range[]): void {
    const covered = this.covered.get(document);
    if (!covered || document.lineCount <= mostWhole || ranges.every(({ start, end }) => covered.has(start.line) && covered.has(end.line))) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.changed.fire(), quietMs);
  }
}
