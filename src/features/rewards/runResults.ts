import * as path from 'node:path';
import * as vscode from 'vscode';
import { DisposableStore } from '../../core/lifecycle';
import { type RunSummary, summarizeRun } from '../../core/rewards/summary/runSummary';
import { rewardOptions } from '../../host/projectRewards';
import type { Services } from '../../host/services';
import { lastRunOfReward } from '../../platform/runs/rewardInRuns';

const pauseMs = 1500;

/** What a reward gave in the last run that trained with it. */
export interface RunResult {
  readonly runFolder: string;
  readonly run: string;
  readonly stages: readonly string[];
  readonly summary: RunSummary;
  /** Whether the file has changed since; undefined where it cannot be loaded, or may not be. */
  readonly isStale: boolean | undefined;
}

/** The last run's numbers of the reward files that are open; they follow the runs and the files. */
export class RunResults implements vscode.Disposable {
  private readonly lifetime = new DisposableStore();
  private readonly changed = this.lifetime.add(new vscode.EventEmitter<string>());
  private readonly results = new Map<string, RunResult | undefined>();
  private readonly running = new Map<string, Promise<RunResult | undefined>>();
  private timer: NodeJS.Timeout | undefined;

  /** Absolute path of the reward file. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly services: Services) {
    const watcher = this.lifetime.add(vscode.workspace.createFileSystemWatcher('**/.pebr/runs/*/rollouts/*.jsonl'));
    const folders = this.lifetime.add(vscode.workspace.createFileSystemWatcher('**/.pebr/runs/*', true, true)); // a run that is deleted is only told as its folder
    for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete, folders.onDidDelete]) this.lifetime.add(event(() => this.soon()));
    this.lifetime.add(services.rewards.onDidChange(file => this.results.has(file) && this.soon()));
    this.lifetime.add({ dispose: () => clearTimeout(this.timer) });
  }

  /** What is known now; the first time nothing, and `onDidChange` tells when it is. */
  of(file: string): RunResult | undefined {
    if (!this.results.has(file)) void this.refresh(file);
    return this.results.get(file);
  }

  /** One reading at a time: who asks during it gets its result. */
  refresh(file: string): Promise<RunResult | undefined> {
    const running = this.running.get(file) ?? this.take(file).finally(() => this.running.delete(file));
    this.running.set(file, running);
    return running;
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  /** A run writes all the time: what is seen is read again now and then, the rest when it is seen again. */
  private soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      const seen = new Set(vscode.window.visibleTextEditors.map(({ document }) => document.uri.fsPath));
      for (const file of [...this.results.keys()]) {
        if (seen.has(file)) void this.refresh(file);
        else this.results.delete(file);
      }
    }, pauseMs);
  }

  private async take(file: string): Promise<RunResult | undefined> {
    let result: RunResult | undefined;
    try {
      result = await this.read(file);
    } catch (error) {
      this.services.log.warn(`The last run of ${file}: ${String(error)}`);
    }
    this.results.set(file, result);
    this.changed.fire(file);
    return result;
  }

  private async read(file: string): Promise<RunResult | undefined> {
    for (const { folder } of await this.services.projects.usable()) {
      const found = await lastRunOfReward(folder, file);
      const [first, ...rest] = found?.rollouts ?? [];
      if (!found || !first) continue;
      const run = path.basename(found.runFolder);
      const summary = summarizeRun(file, run, [first, ...rest]);
      return { runFolder: found.runFolder, run, stages: found.stages, summary, isStale: await this.isStale(file, summary.hash) };
    }
    return undefined;
  }

  private async isStale(file: string, hash: string): Promise<boolean | undefined> {
    if (!vscode.workspace.isTrusted || hash === '') return undefined;
    try {
      return (await this.services.rewards.load(file, await rewardOptions(this.services.projects, file))).hash !== hash;
    } catch {
      return undefined; // its problem stands in the file
    }
  }
}
