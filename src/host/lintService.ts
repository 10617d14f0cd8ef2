import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../core/lifecycle';
import { joinReports, type LintReport, type RowMark } from '../core/lint/lintReport';
import type { Problem } from '../core/problem';
import { lintDataset, type LintOptions, lintWarmUpFile } from '../platform/dataset/lintDataset';
import { inspectRow } from '../platform/dataset/inspectRow';
import { lintImages } from '../platform/lint/lintImages';
import type { DatasetService, ProjectDataset } from './datasetService';
import { LiveProblems, type LiveRow } from './liveProblems';
import type { OpenProject, ProjectService } from './projectService';

/** Checks that are made when they are asked for; what they found stays until the dataset changes. */
export type ExtraCheck = 'images' | 'gold';

interface Checked {
  report: LintReport | undefined;
  readonly extra: Map<ExtraCheck, LintReport>;
  running: AbortController | undefined;
  done: Promise<void>;
}

/** What the linter found in the datasets of the workspace, made again in the background when they change, and at once for rows that are being edited. */
export class LintService implements vscode.Disposable {
  private readonly checked = new Map<string, Checked>();
  private readonly warmUps = new Map<string, LintReport>();
  private readonly live = new LiveProblems();
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly subscriptions: readonly Disposable[];

  /** Some findings are different. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly datasets: DatasetService,
    private readonly projects: ProjectService,
    private readonly extensionPath: string,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.subscriptions = [
      datasets.onDidChange(dataset => {
        if (dataset) void this.check(dataset);
        else void this.checkKnown();
      }),
    ];
  }

  /** What is known of a dataset; the first call starts finding out. Undefined until it is. */
  report(dataset: ProjectDataset): LintReport | undefined {
    const known = this.checked.get(keyOf(dataset));
    if (!known) void this.check(dataset);
    return known?.report && joinReports([known.report, ...known.extra.values()]);
  }

  /** Checks a dataset; settles when it is known. A newer call ends an older one, which then waits for it. */
  check(dataset: ProjectDataset): Promise<void> {
    const key = keyOf(dataset);
    const known: Checked = this.checked.get(key) ?? { report: undefined, extra: new Map(), running: undefined, done: Promise.resolve() };
    this.checked.set(key, known);
    known.extra.clear();
    known.running?.abort(new Error('checked again'));
    const abort = (known.running = new AbortController());
    known.done = this.find(dataset, known, abort.signal).then(() => (abort.signal.aborted ? this.checked.get(key)?.done : undefined));
    return known.done;
  }

  /** Decodes all pictures of a dataset and keeps what that found. Throws `vscode.CancellationError`. */
  async checkImages(dataset: ProjectDataset, onProgress: (done: number, total: number) => void, token: vscode.CancellationToken): Promise<LintReport> {
    const abort = new AbortController();
    const subscription = token.onCancellationRequested(() => abort.abort(new vscode.CancellationError()));
    try {
      const report = await lintImages(dataset.project.folder, dataset.config, { signal: abort.signal, onProgress });
      this.keep(dataset, 'images', report);
      return report;
    } finally {
      subscription.dispose();
    }
  }

  /** Keeps what a check on request found, until the dataset changes. */
  keep(dataset: ProjectDataset, check: ExtraCheck, report: LintReport): void {
    this.report(dataset);
    this.checked.get(keyOf(dataset))?.extra.set(check, report);
    this.changed.fire();
  }

  /** Forgets what a check on request found. */
  drop(dataset: ProjectDataset, check: ExtraCheck): void {
    if (this.checked.get(keyOf(dataset))?.extra.delete(check)) this.changed.fire();
  }

  /** Problems of a dataset, its held-out rows and what was decided about them, those of unsaved rows as they are now. */
  problemsOf(dataset: ProjectDataset): readonly Problem[] {
    const problems = this.report(dataset)?.problems ?? [];
    const files = new Set([dataset.file, ...(dataset.heldOut === undefined ? [] : [dataset.heldOut]), ...problems.map(problem => problem.file)]);
    return [...files].flatMap(file => this.live.of(file, problems.filter(problem => problem.file === file)));
  }

  /** How many findings there are, those that are not listed too. */
  problemCount(dataset: ProjectDataset): number {
    const listed = this.problemsOf(dataset).filter(problem => problem.rule !== 'dataset/more-problems').length;
    const report = this.report(dataset);
    const all = [...(report?.counts.values() ?? [])].reduce((sum, { count }) => sum + count, 0);
    const saved = report?.problems.filter(problem => problem.rule !== 'dataset/more-problems').length ?? 0;
    return listed + Math.max(0, all - saved);
  }

  /** Problems of the warm-up files, by project. */
  warmUpProblems(): readonly Problem[] {
    return [...this.warmUps.values()].flatMap(report => report.problems);
  }

  /** Every finding on the rows of a file, those that are not listed too; unsaved rows as they are now. */
  *marksOf(file: string): Iterable<RowMark> {
    const rows = this.live.rowsOf(file);
    for (const { report, extra } of this.checked.values()) {
      for (const each of [report, ...extra.values()]) {
        for (const mark of each?.marks.get(file) ?? []) if (!rows.has(mark.row)) yield mark;
      }
    }
    yield* this.live.marksOf(file);
  }

  /** Checks an unsaved row of the dataset editor: its problems stand in place of those of the saved one. `row` counts from 0, `line` from 1. */
  async recheck(file: string, row: number, line: number, text: string): Promise<void> {
    this.live.setRow(file, await this.liveRow(file, row, line, text));
    this.changed.fire();
  }

  /** As `recheck`, for all unsaved rows of a file in place of those before; a row without text is deleted and has no problems. */
  async recheckAll(file: string, rows: readonly { readonly row: number; readonly line: number; readonly text: string | null }[]): Promise<void> {
    this.live.setRows(file, await Promise.all(rows.map(({ row, line, text }) => (text === null ? { row, line, problems: [] } : this.liveRow(file, row, line, text)))));
    this.changed.fire();
  }

  /** The file is as it was saved. */
  forget(file: string): void {
    if (this.live.forget(file)) this.changed.fire();
  }

  /** All problems of a file that is unsaved in a text editor. */
  setText(file: string, problems: readonly Problem[]): void {
    this.live.setText(file, problems);
    this.changed.fire();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const { running } of this.checked.values()) running?.abort();
    this.changed.dispose();
  }

  private async liveRow(file: string, row: number, line: number, text: string): Promise<LiveRow> {
    return { row, line, problems: (await inspectRow({ row, line, text }, await this.datasets.contextOf(file))).problems };
  }

  private async find(dataset: ProjectDataset, known: Checked, signal: AbortSignal): Promise<void> {
    const { folder, project } = dataset.project;
    try {
      const report = await lintDataset(folder, dataset.config, { ...this.options(signal), maxPromptTokens: project?.policy.maxPromptTokens });
      if (signal.aborted) return;
      known.report = report;
      await this.findWarmUp(dataset.project);
      this.changed.fire();
    } catch (error) {
      if (!signal.aborted) this.log.error(`checking ${dataset.file}`, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  private async findWarmUp({ folder, project }: OpenProject): Promise<void> {
    const data = project?.pipeline.warmUp?.data;
    if (data === undefined) return;
    this.warmUps.set(path.resolve(folder, data), await lintWarmUpFile(folder, data, this.options()));
  }

  /** One processor is left to the editor. */
  private options(signal?: AbortSignal): LintOptions {
    return { ...(signal && { signal }), threads: { script: path.join(this.extensionPath, 'dist', 'lintThread.js'), count: Math.max(1, Math.min(4, availableParallelism() - 1)) } };
  }

  private async checkKnown(): Promise<void> {
    const datasets = await this.datasets.list();
    const wanted = new Set(datasets.map(keyOf));
    for (const [key, { running }] of this.checked) {
      if (wanted.has(key)) continue;
      running?.abort();
      this.checked.delete(key);
    }
    const files = new Set((await this.projects.usable()).map(({ folder, project }) => path.resolve(folder, project.pipeline.warmUp?.data ?? '')));
    for (const file of this.warmUps.keys()) if (!files.has(file)) this.warmUps.delete(file);
    this.changed.fire();
    await Promise.all(datasets.filter(dataset => this.checked.has(keyOf(dataset))).map(dataset => this.check(dataset)));
  }
}

/** Two projects of a workspace may use the same dataset id. */
function keyOf(dataset: ProjectDataset): string {
  return `${dataset.project.file}#${dataset.config.id}`;
}
