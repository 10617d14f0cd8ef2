import * as vscode from 'vscode';
import { setContext } from '../../host/commands';
import type { ProjectService } from '../../host/projectService';
import { listRunFolders } from '../../platform/runs/runFolders';
import type { RunStatus } from '../../core/runs/runStatus';
import { FollowedRun, type RunEntry } from './followedRun';

/** The runs of the workspace's projects. Living ones are found by their process and followed; nothing else is read before it is asked for. */
export class RunService implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly ended = new vscode.EventEmitter<RunEntry>();
  private readonly runs = new Map<string, FollowedRun>();
  private readonly watchers = ['*', '*/run.json', '*/process.json'].map(pattern => vscode.workspace.createFileSystemWatcher(`**/.pebr/runs/${pattern}`));
  private scanning: Promise<void> | undefined;
  private isStale = true;

  /** A run is new, gone, or has new events. */
  readonly onDidChange = this.changed.event;
  /** A run that was followed here has ended. */
  readonly onDidEnd = this.ended.event;

  constructor(
    private readonly projects: ProjectService,
    private readonly log: vscode.LogOutputChannel,
  ) {
    const rescan = (): void => {
      this.isStale = true;
      void this.scan().then(() => this.changed.fire());
    };
    for (const watcher of this.watchers) for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) event(rescan);
    projects.onDidChange(rescan);
  }

  /** All runs, the newest first. */
  async list(): Promise<readonly RunEntry[]> {
    await this.scan();
    const runs = [...this.runs.values()];
    await Promise.all(runs.map(run => run.read().catch((error: unknown) => this.log.error(`Reading ${run.folder}`, error instanceof Error ? error : String(error)))));
    return runs.map(run => run.entry).sort((a, b) => b.folder.localeCompare(a.folder));
  }

  /** Runs whose trainer lives, the newest first; cheap. */
  active(): readonly RunEntry[] {
    return [...this.runs.values()].filter(run => run.isActive).map(run => run.entry).sort((a, b) => b.folder.localeCompare(a.folder));
  }

  /** Looks at the disk, for instance after a run was started here. */
  async rescan(): Promise<void> {
    await this.scanning;
    this.isStale = true;
    await this.scan();
    this.changed.fire();
  }

  dispose(): void {
    for (const watcher of this.watchers) watcher.dispose();
    for (const run of this.runs.values()) run.dispose();
    this.runs.clear();
    this.changed.dispose();
    this.ended.dispose();
  }

  private scan(): Promise<void> {
    if (!this.isStale) return this.scanning ?? Promise.resolve();
    this.isStale = false;
    this.scanning = (this.scanning ?? Promise.resolve())
      .then(() => this.readFolders())
      .catch((error: unknown) => this.log.error('Looking for runs', error instanceof Error ? error : String(error)));
    return this.scanning;
  }

  private async readFolders(): Promise<void> {
    const projects = await this.projects.list();
    const found = new Map<string, string>();
    for (const { folder } of projects) for (const run of await listRunFolders(folder)) found.set(run, folder);
    for (const [folder, run] of this.runs) {
      if (found.has(folder)) continue;
      run.dispose();
      this.runs.delete(folder);
    }
    for (const [folder, projectFolder] of found) {
      if (!this.runs.has(folder)) this.runs.set(folder, new FollowedRun(folder, projectFolder, this.log, (run, before) => this.onRunChange(run, before)));
    }
    await Promise.all([...this.runs.values()].map(run => run.check()));
    await this.tellContext();
  }

  private onRunChange(run: FollowedRun, before: RunStatus): void {
    const { entry } = run;
    void this.tellContext(); // a context key that comes late harms nothing
    this.changed.fire();
    if (before === 'active' && entry.status !== 'active') this.ended.fire(entry);
  }

  private async tellContext(): Promise<void> {
    await setContext('pebr.isTraining', this.active().length > 0);
  }
}
