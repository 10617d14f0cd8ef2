import * as vscode from 'vscode';
import { parseRow } from '../../core/dataset/parseRow';
import type { Disposable } from '../../core/lifecycle';
import type { Problem } from '../../core/problem';
import type { DatasetService } from '../../host/datasetService';
import type { LintService } from '../../host/lintService';
import { inspectRow, type RowContext } from '../../platform/dataset/inspectRow';

const quietMs = 80;
/** Lines that are checked before the event loop runs. */
const together = 20;
/** Changed rows whose id is looked for in the whole text. */
const mostLookedUp = 50;

/** An unsaved dataset in a text editor: its problems follow its lines, and the lines that change are checked while the person types. */
interface LiveText {
  problems: Problem[];
  /** One-based lines whose problems are not known. */
  readonly changed: Set<number>;
  timer: NodeJS.Timeout | undefined;
  version: number;
}

export class LiveLint implements Disposable {
  private readonly texts = new Map<string, LiveText>();
  private readonly subscriptions: readonly Disposable[];

  constructor(
    private readonly datasets: DatasetService,
    private readonly lint: LintService,
  ) {
    this.subscriptions = [
      vscode.workspace.onDidChangeTextDocument(event => void this.follow(event)),
      // The watcher sees the saved file, and what the whole check finds then takes over.
      datasets.onDidChange(() => this.forgetSaved()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri.fsPath)),
    ];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const { timer } of this.texts.values()) clearTimeout(timer);
  }

  private async follow({ document, contentChanges }: vscode.TextDocumentChangeEvent): Promise<void> {
    const file = document.uri.fsPath;
    if (document.uri.scheme !== 'file' || contentChanges.length === 0) return;
    const changes = contentChanges.map(({ range, text }) => ({ from: range.start.line + 1, removed: range.end.line - range.start.line, added: text.split('\n').length - 1 }));
    const dataset = await this.datasets.byFile(file);
    if (!dataset) return;
    const live = this.texts.get(file) ?? { problems: this.lint.problemsOf(dataset).filter(problem => problem.file === file), changed: new Set<number>(), timer: undefined, version: 0 };
    this.texts.set(file, live);
    live.version++;
    for (const { from, removed, added } of changes) shift(live, from, removed, added);
    clearTimeout(live.timer);
    live.timer = setTimeout(() => void this.check(document, live), quietMs);
  }

  private async check(document: vscode.TextDocument, live: LiveText): Promise<void> {
    const file = document.uri.fsPath;
    const { version } = live;
    const context = await this.datasets.contextOf(file);
    const lines = [...live.changed];
    const isFew = lines.length <= mostLookedUp;
    const whole = isFew ? document.getText() : '';
    const found: Problem[] = [];
    for (let from = 0; from < lines.length; from += together) {
      if (live.version !== version || document.isClosed) return; // typed on: these lines are looked at again
      found.push(...(await Promise.all(lines.slice(from, from + together).map(line => problemsOfLine(document, line, context, whole)))).flat());
    }
    if (live.version !== version || this.texts.get(file) !== live) return;
    live.changed.clear();
    live.problems = [...live.problems, ...found];
    this.lint.setText(file, live.problems);
  }

  private forgetSaved(): void {
    for (const document of vscode.workspace.textDocuments) if (!document.isDirty) this.forget(document.uri.fsPath);
  }

  private forget(file: string): void {
    clearTimeout(this.texts.get(file)?.timer);
    if (this.texts.delete(file)) this.lint.forget(file);
  }
}

/** Problems below a change move with their lines; those of the lines it touches go, until they are checked again. */
function shift(live: LiveText, from: number, removed: number, added: number): void {
  const moved = (line: number): number => (line > from + removed ? line + added - removed : line);
  live.problems = live.problems
    .filter(({ line }) => line === undefined || line < from || line > from + removed)
    .map(problem => (problem.line === undefined ? problem : { ...problem, line: moved(problem.line) }));
  const changed = [...live.changed].filter(line => line < from || line > from + removed).map(moved);
  live.changed.clear();
  for (const line of changed) live.changed.add(line);
  for (let line = from; line <= from + added; line++) live.changed.add(line);
}

async function problemsOfLine(document: vscode.TextDocument, line: number, context: RowContext, whole: string): Promise<readonly Problem[]> {
  if (line > document.lineCount) return [];
  const { text } = document.lineAt(line - 1);
  if (text.trim() === '') return [];
  const { problems, row } = await inspectRow({ row: line - 1, line, text }, context);
  const other = row && row.qid !== '' ? otherLineOf(row.qid, line, document, whole, context) : undefined;
  if (other === undefined || !row) return problems;
  const message = `The qid "${row.qid}" is also on line ${other}.`;
  return [...problems, { severity: 'error', rule: 'dataset/duplicate-qid', file: context.file, line, column: Math.max(0, text.indexOf(JSON.stringify(row.qid))) + 1, qid: row.qid, message, remedy: 'Give each row an id of its own: difficulty and rollouts of the two are mixed up.' }];
}

/** Another line with this id; only lines that hold its text are parsed. */
function otherLineOf(qid: string, line: number, document: vscode.TextDocument, whole: string, { columns }: RowContext): number | undefined {
  const needle = JSON.stringify(qid);
  for (let at = whole.indexOf(needle); at !== -1; at = whole.indexOf(needle, at + 1)) {
    const found = document.positionAt(at).line;
    if (found + 1 !== line && parseRow(document.lineAt(found).text, columns).row?.qid === qid) return found + 1;
  }
  return undefined;
}
