import type * as vscode from 'vscode';
import type { Disposable } from '../../core/lifecycle';
import type { Problem } from '../../core/problem';
import { type Alarm, AlarmWatch } from '../../core/runs/alarms';
import { MetricSeries } from '../../core/runs/metricSeries';
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

/** What a look at the files of a run brought. */
export interface RunNews {
  /** What was read before is void; `events` are all there is. */
  readonly isReset: boolean;
  readonly events: readonly RunEvent[];
  readonly alarms: readonly Alarm[];
}

/** How soon after a change the files are read: a line is to be seen at once, many written together are read once. */
const settleMs = 15;

/** One run folder, read once for everybody who shows it: when asked, and followed for as long as its trainer lives or somebody holds it. */
export class FollowedRun implements Disposable {
  private reader: RunReader;
  private liveness: Liveness = 'gone';
  private watch: Disposable | undefined;
  /** Readings come one after the other. */
  private turn: Promise<void> = Promise.resolve();
  private hasRead = false;
  /** `curves` has every step that was read; those of a run that nobody looks at are not kept. */
  private hasCurves = false;
  private isFinished = false;
  private watching = new AlarmWatch();
  private raised: readonly Alarm[] = [];
  private curves = new MetricSeries();
  private readonly listeners = new Set<(news: RunNews) => void>();

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

  /** Its curves, while it is followed. */
  get series(): MetricSeries {
    return this.curves;
  }

  get alarms(): readonly Alarm[] {
    return this.raised;
  }

  /** Looks whether the trainer lives; a living one is followed from then on. */
  async check(): Promise<void> {
    this.liveness = await livenessOf(await readTrainerProcess(this.folder));
    if (this.isActive) await this.follow();
  }

  /** Reads a run that is not followed; one that has ended is read once. */
  read(): Promise<void> {
    return this.inTurn(async () => {
      if (this.watch || (this.hasRead && !this.isActive)) return; // a followed run is read by `update` alone: what is read here raises no alarm
      await this.readAll();
      this.dropCurves();
    });
  }

  /** Follows the run, living or not, until that is given up; `onNews` is told of each look at its files. Its state, curves and alarms are there when this resolves. */
  async hold(onNews: (news: RunNews) => void): Promise<Disposable> {
    const holder = { dispose: () => void (this.listeners.delete(onNews), this.letGo()) };
    this.listeners.add(onNews);
    try {
      if (!this.watch) {
        this.liveness = await livenessOf(await readTrainerProcess(this.folder));
        await this.follow();
      } else await this.turn;
    } catch (error) {
      holder.dispose();
      throw error;
    }
    return holder;
  }

  dispose(): void {
    this.watch?.dispose();
    this.watch = undefined;
  }

  private follow(): Promise<void> {
    return this.inTurn(async () => {
      if (this.watch) return;
      await this.readAll();
      this.watch = watchFolder(this.folder, () => this.inTurn(() => this.update()), { settleMs });
    });
  }

  private inTurn(action: () => Promise<void>): Promise<void> {
    const done = this.turn.then(action);
    this.turn = done.catch(() => undefined); // who asked is told
    return done;
  }

  /** Reads on, or from the beginning where the curves of what was read are gone. What was there before is no news, but the alarms compare with it. */
  private async readAll(): Promise<void> {
    const reader = this.hasCurves ? this.reader : new RunReader(this.folder);
    if (!this.hasCurves) this.reset();
    await reader.readOn(event => this.take(event), () => this.reset());
    this.reader = reader;
    this.isFinished = false;
    await this.finish();
    this.hasRead = this.hasCurves = true;
  }

  private async update(): Promise<void> {
    try {
      const before = this.entry.status;
      this.liveness = await livenessOf(await readTrainerProcess(this.folder)); // first: its last words are then in the file
      const events: RunEvent[] = [];
      let known = this.raised.length;
      const isReset = await this.reader.readOn(event => void (this.take(event), events.push(event)), () => {
        this.reset();
        known = events.length = 0;
      });
      events.push(...(await this.finish()));
      this.tell(before, { isReset, events, alarms: isReset ? [] : this.raised.slice(known) });
      this.letGo();
    } catch (error) {
      this.log.error(`Following ${this.folder}`, error instanceof Error ? error : String(error));
      this.dispose(); // a folder that was deleted; the list of runs finds that out by itself
    }
  }

  private tell(before: RunStatus, news: RunNews): void {
    for (const listener of this.listeners) listener(news);
    if (news.isReset || news.events.length > 0 || this.entry.status !== before) this.onChange(this, before, news.alarms);
  }

  /** The last line of a run that nobody writes any more, once, even when its end is missing. */
  private async finish(): Promise<readonly RunEvent[]> {
    const isOver = this.liveness === 'gone';
    if (!isOver || this.isFinished) {
      this.isFinished = isOver;
      return [];
    }
    this.isFinished = true;
    const last = await this.reader.finish();
    for (const event of last) this.take(event);
    return last;
  }

  private take(event: RunEvent): void {
    this.curves.add(event);
    const alarms = this.watching.add(event);
    if (alarms.length > 0) this.raised = [...this.raised, ...alarms];
  }

  private reset(): void {
    this.curves.clear();
    this.watching = new AlarmWatch();
    this.raised = [];
  }

  private letGo(): void {
    if (this.isActive || this.listeners.size > 0) return;
    this.dispose();
    this.dropCurves();
  }

  private dropCurves(): void {
    this.curves = new MetricSeries();
    this.hasCurves = false;
  }
}
