import { markOf } from '../../core/rollouts/rolloutGroup';
import type { Rollout } from '../../core/rollouts/rollout';
import { type Alarm, AlarmWatch } from '../../core/runs/alarms';
import { MetricSeries } from '../../core/runs/metricSeries';
import type { RunEvent } from '../../core/runs/runEvent';
import { LatestGroupReader } from '../../platform/runs/latestGroup';
import { LogTail } from '../../platform/runs/logTail';
import { RunReader } from '../../platform/runs/runReader';
import type { LatestGroup, LogChunk, RunSoFar } from '../../protocol/run';

export interface RunNews {
  /** What was read before is void. */
  readonly isReset: boolean;
  readonly events: readonly RunEvent[];
  readonly alarms: readonly Alarm[];
  readonly log: readonly LogChunk[];
  readonly latest: LatestGroup | null;
}

/** Characters of a response that stand beside the curves. */
const firstWords = 400;

/** Everything that a panel shows of one run; each `read` takes only what is new. */
export class RunFeed {
  readonly reader: RunReader;
  private readonly series = new MetricSeries();
  private readonly logs: LogTail;
  private readonly groups: LatestGroupReader;
  private watch = new AlarmWatch();
  private raised: Alarm[] = [];

  constructor(folder: string) {
    this.reader = new RunReader(folder);
    this.logs = new LogTail(folder);
    this.groups = new LatestGroupReader(folder);
  }

  get soFar(): RunSoFar {
    return { state: this.reader.state, series: this.series.toColumns(), alarms: this.raised };
  }

  /** `keepsEvents`: false for a first look, whose events go into `soFar` alone. */
  async read(keepsEvents = true): Promise<RunNews> {
    const events: RunEvent[] = [];
    const alarms: Alarm[] = [];
    const take = (event: RunEvent): void => {
      this.series.add(event);
      alarms.push(...this.watch.add(event));
      if (keepsEvents) events.push(event);
    };
    const reset = (): void => {
      this.series.clear();
      this.watch = new AlarmWatch();
      this.raised = [];
      events.length = alarms.length = 0;
    };
    const [isReset, log, rollouts] = await Promise.all([this.reader.readOn(take, reset), this.logs.read(), this.groups.read()]);
    this.raised = [...this.raised, ...alarms];
    return { isReset, events, alarms, log, latest: rollouts ? viewOf(rollouts) : null };
  }
}

function viewOf(rollouts: readonly [Rollout, ...Rollout[]]): LatestGroup {
  const [{ stage, step, group, dataset, sampleId }] = rollouts;
  return {
    stage, step, group, dataset, sampleId,
    responses: rollouts.map(rollout => ({ ...markOf(rollout), components: rollout.components, tokens: rollout.tokens, words: rollout.response.slice(0, firstWords) })),
  };
}
