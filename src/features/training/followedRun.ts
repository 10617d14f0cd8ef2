import type * as vscode from 'vscode';
import type { Disposable } from '../../core/lifecycle';
import type { Problem } from '../../core/problem';
import { type Alarm, AlarmWatch } from '../../core/runs/alarms';
import type { RunEvent } from '../../core/runs/runEvent';
import type { RunInfo } from '../../core/runs/runInfo';
import type { RunState } from '../../core/runs/runState';
import { type Liveness, type RunStatus, statusOfRun } from '../../core/runs/runStatus';
import { watchFolder } from '../../platform/runs/folderWatch';
import { RunReader } from '../../platform/runs/runReader';
import { livenessOf, readTrainerProcess } from '../../platform/runs/trainerProcess';

/** A run as it is now. */
export interface RunEntry {
  readonly folder: string;
  readonly projectFolder: string;
  readonly info: RunInfo | undefined;
  readonly state: RunState;
  readonly status: RunStatus;
  readonly problems: readonly Problem[];
}

/** One run folder: read when asked, and followed for as long as its trainer lives. */
export class FollowedRun implements Disposable {
  private readonly reader: RunReader;
  private liveness: Liveness = 'gone';
  private watch: Disposable | undefined;
  private hasRead = false;
  private alarms = new AlarmWatch();

  constructor(
    readonly folder: string,
    readonly projectFolder: string,
    private readonly log: vscode.LogOutputChannel,
    private readonly onChange: (run: FollowedRun, before: RunStatus, alarms: readonly Alarm[]) => void,
  ) {
    this.reader = new RunReader(folder);
  }

  get entry(): RunEntry {
    const { info, state, problems } = this.reader;
    return { folder: this.folder, projectFolder: this.projectFolder, info, state, status: statusOfRun(state, this.liveness), problems };
  }

  get isActive(): boolean {
    return this.liveness === 'alive';
  }

  /** Looks whether the trainer lives; a living one is followed from then on. */
  async check(): Promise<void> {
    this.liveness = await livenessOf(await readTrainerProcess(this.folder));
    if (this.isActive && !this.watch) {
      await this.read();
      this.watch = watchFolder(this.folder, () => this.update());
    }
  }

  /** Reads a run that is not followed; one that has ended is read once. */
  async read(): Promise<void> {
    if (this.watch || (this.hasRead && !this.isActive)) return; // a followed run is read by `update` alone: what is read here raises no alarm
    await this.reader.readOn(event => void this.alarms.add(event), () => (this.alarms = new AlarmWatch())); // what was there before is no news, but the alarms compare with it
    if (!this.isActive) await this.reader.finish();
    this.hasRead = true;
  }

  dispose(): void {
    this.watch?.dispose();
    this.watch = undefined;
  }

  private async update(): Promise<void> {
    try {
      const before = this.entry.status;
      this.liveness = await livenessOf(await readTrainerProcess(this.folder)); // first: its last words are then in the file
      const { isReset, events } = await this.reader.refresh();
      if (!this.isActive) {
        await this.reader.finish();
        this.dispose();
      }
      const alarms = this.listen(isReset, events);
      if (isReset || events.length > 0 || this.entry.status !== before) this.onChange(this, before, isReset ? [] : alarms);
    } catch (error) {
      this.log.error(`Following ${this.folder}`, error instanceof Error ? error : String(error));
      this.dispose(); // a folder that was deleted; the list of runs finds that out by itself
    }
  }

  private listen(isReset: boolean, events: readonly RunEvent[]): readonly Alarm[] {
    if (isReset) this.alarms = new AlarmWatch();
    return events.flatMap(event => this.alarms.add(event));
  }
}
