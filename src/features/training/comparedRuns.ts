import * as path from 'node:path';
import type { Disposable } from '../../core/lifecycle';
import type { RunEvent } from '../../core/runs/runEvent';
import { runTime } from '../../core/runs/runName';
import type { ComparedRunView } from '../../protocol/run';
import type { FollowedRun } from './followedRun';
import { nameOfRun } from './nameOfRun';
import type { RunService } from './runService';

/** More at a time than anybody tells apart. */
const mostRuns = 9;

interface Compared {
  readonly run: FollowedRun;
  readonly held: Disposable;
}

/** The runs that are laid beside a panel's own; followed with everybody else who shows them. */
export class ComparedRuns implements Disposable {
  private runs = new Map<string, Compared>();
  private chosen: readonly string[] = [];
  private choosing: Promise<void> = Promise.resolve();

  /** `onEvents`: what one of them has gained; `onReset`: what was sent of them is void. */
  constructor(
    private readonly ownFolder: string,
    private readonly all: RunService,
    private readonly onEvents: (folder: string, events: readonly RunEvent[]) => void,
    private readonly onReset: () => void,
  ) {}

  get folders(): readonly string[] {
    return this.chosen;
  }

  /** Takes runs of the same project only; a folder from elsewhere is left out. Resolves once they are read. */
  choose(folders: readonly string[]): Promise<void> {
    const own = path.resolve(this.ownFolder);
    const siblings = folders.map(folder => path.resolve(folder)).filter(folder => folder !== own && path.dirname(folder) === path.dirname(own));
    this.chosen = [...new Set(siblings)].slice(0, mostRuns);
    this.choosing = this.choosing.catch(() => undefined).then(() => this.take(this.chosen));
    return this.choosing;
  }

  get views(): readonly ComparedRunView[] {
    return [...this.runs].map(([folder, { run }]) => ({ folder, name: nameOf(run), config: run.entry.info?.config ?? {}, series: run.series.toColumns() }));
  }

  dispose(): void {
    this.chosen = [];
    void this.choosing.catch(() => undefined).then(() => this.take([]));
  }

  private async take(folders: readonly string[]): Promise<void> {
    for (const [folder, { held }] of this.runs) if (!folders.includes(folder)) held.dispose();
    const taken = await Promise.all(folders.map(async (folder): Promise<[string, Compared]> => [folder, this.runs.get(folder) ?? (await this.hold(folder))]));
    this.runs = new Map(taken);
  }

  private async hold(folder: string): Promise<Compared> {
    const run = await this.all.find(folder);
    const held = await run.hold(({ isReset, events }) => {
      if (!this.runs.has(folder)) return; // not shown yet
      if (isReset) this.onReset();
      else if (events.length > 0) this.onEvents(folder, events);
    });
    return { run, held };
  }
}

/** Most runs of one project have the same name: the time tells them apart, and the seed. */
function nameOf({ folder, entry }: FollowedRun): string {
  return `${`${runTime(path.basename(folder))} ${nameOfRun(entry)}`.trim()}${entry.info?.seed == null ? '' : `, seed ${entry.info.seed}`}`;
}
