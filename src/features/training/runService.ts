import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../../core/lifecycle';
import type { Alarm } from '../../core/runs/alarms';
import type { RunStatus } from '../../core/runs/runStatus';
import { setContext } from '../../host/commands';
import type { ProjectService } from '../../host/projectService';
import { watchFolder } from '../../platform/runs/folderWatch';
import { listRunFolders, runsFolderOf } from '../../platform/runs/runFolders';
import { FollowedRun, type RunEntry } from './followedRun';

/** How often the folders of runs are looked at where the system gives no notice (network drives, a trainer started elsewhere). */
const checkMs = 2000;

/** The runs of the workspace's projects. Living ones are found by their process and followed; nothing else is read before it is asked for. */
export class RunService implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly ended = new vscode.EventEmitter<RunEntry>();
  private readonly alarmed = new vscode.EventEmitter<{ readonly run: RunEntry; readonly alarms: readonly Alarm[] }>();
  private readonly runs = new Map<string, FollowedRun>();
  private readonly projectsSubscription: vscode.Disposable;
  private watches: readonly Disposable[] = [];
  private watched = '';
  private looking: Promise<void> = Promise.resolve();

  /** A run is new, gone, or has new events. */
  readonly onDidChange = this.changed.event;
  /** A run that was followed here has ended. */
  readonly onDidEnd = this.ended.event;
  /** Alarms that a followed run raised just now. */
  readonly onAlarms = this.alarmed.event;

  constructor(
    private readonly projects: ProjectService,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.projectsSubscription = projects.onDidChange(() => void this.look());
  }

  /** All runs, the newest first. */
  async list(): Promise<readonly RunEntry[]> {
    await this.look(false);
    const runs = [...this.runs.values()];
    await Promise.all(runs.map(run => run.read().catch((error: unknown) => this.tell(`Reading ${run.folder}`, error))));
    return runs.map(run => run.entry).sort((a, b) => b.folder.localeCompare(a.folder));
  }

  /** The run of a folder as it is now, if a project of this window has it; no other is read. */
  async known(folder: string): Promise<RunEntry | undefined> {
    await this.look(false);
    const run = this.runs.get(folder);
    await run?.read();
    return run?.entry;
  }

  /** Runs whose trainer lives, the newest first; cheap. */
  active(): readonly RunEntry[] {
    return [...this.runs.values()].filter(run => run.isActive).map(run => run.entry).sort((a, b) => b.folder.localeCompare(a.folder));
  }

  /** The run of a folder, shared by everybody who shows it; one that no project of this window has is there for the caller alone. */
  async find(folder: string): Promise<FollowedRun> {
    if (!this.runs.has(folder)) await this.look();
    return this.runs.get(folder) ?? new FollowedRun(folder, path.resolve(folder, '../../..'), this.log, () => undefined);
  }

  /** Looks at the disk now: which runs there are, and which of them live. */
  look(tellsChange = true): Promise<void> {
    this.looking = this.looking
      .then(() => this.lookOnce(tellsChange))
      .catch((error: unknown) => this.tell('Looking for runs', error));
    return this.looking;
  }

  dispose(): void {
    this.projectsSubscription.dispose();
    for (const watch of this.watches) watch.dispose();
    for (const run of this.runs.values()) run.dispose();
    this.runs.clear();
    this.changed.dispose();
    this.ended.dispose();
    this.alarmed.dispose();
  }

  private async lookOnce(tellsChange: boolean): Promise<void> {
    const folders = (await this.projects.list()).map(project => project.folder);
    this.watch(folders);
    const found = new Map<string, string>();
    for (const folder of folders) for (const run of await listRunFolders(folder)) found.set(run, folder);
    let isChanged = false;
    for (const [folder, run] of this.runs) {
      if (found.has(folder)) continue;
      run.dispose();
      this.runs.delete(folder);
      isChanged = true;
    }
    for (const [folder, projectFolder] of found) {
      if (this.runs.has(folder)) continue;
      this.runs.set(folder, new FollowedRun(folder, projectFolder, this.log, (run, before, alarms) => this.onRunChange(run, before, alarms)));
      isChanged = true;
    }
    for (const run of this.runs.values()) {
      if (run.isActive || run.entry.status === 'completed') continue; // one is followed already, the other cannot come to life again
      await run.check();
      isChanged ||= run.isActive;
    }
    if (!isChanged) return;
    await this.tellContext();
    if (tellsChange) this.changed.fire();
  }

  private watch(folders: readonly string[]): void {
    if (folders.join('\n') === this.watched) return;
    this.watched = folders.join('\n');
    for (const watch of this.watches) watch.dispose();
    this.watches = folders.map(folder => watchFolder(runsFolderOf(folder), () => this.look(), { checkMs }));
  }

  private onRunChange(run: FollowedRun, before: RunStatus, alarms: readonly Alarm[]): void {
    const { entry } = run;
    void this.tellContext(); // a context key that comes late harms nothing
    this.changed.fire();
    if (before === 'active' && entry.status !== 'active') this.ended.fire(entry);
    if (alarms.length > 0) this.alarmed.fire({ run: entry, alarms });
  }

  private async tellContext(): Promise<void> {
    await setContext('pebr.isTraining', this.active().length > 0);
  }

  private tell(what: string, error: unknown): void {
    this.log.error(what, error instanceof Error ? error : String(error));
  }
}
