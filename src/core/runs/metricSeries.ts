import type { RunEvent } from './runEvent';

export interface MetricPoint {
  /** Seconds since 1970. */
  readonly time: number;
  readonly stage: string;
  readonly step: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** The metric curves of a run: grows by appending, because a run has too many steps to copy at each one. */
export class MetricSeries {
  private readonly steps: MetricPoint[] = [];

  /** In the order of training. */
  get points(): readonly MetricPoint[] {
    return this.steps;
  }

  /** Takes step events; others change nothing. A resumed run repeats the steps after its checkpoint: the repeated ones replace the old. */
  add(event: RunEvent): void {
    if (event.type !== 'step') return;
    const first = this.steps.findLastIndex(point => point.stage === event.stage && point.step < event.step);
    const start = first < 0 ? this.steps.findIndex(point => point.stage === event.stage) : first + 1;
    if (start >= 0 && start < this.steps.length && this.steps[start]?.stage === event.stage) this.steps.length = start;
    this.steps.push({ time: event.time, stage: event.stage, step: event.step, metrics: event.metrics });
  }

  clear(): void {
    this.steps.length = 0;
  }

  /** Names of all metrics, in the order in which they first appear. */
  names(): readonly string[] {
    return [...new Set(this.steps.flatMap(point => Object.keys(point.metrics)))];
  }

  /** Values of one metric for one stage, in order of steps. */
  values(stage: string, metric: string): number[] {
    return this.steps.flatMap(point => {
      const value = point.stage === stage ? point.metrics[metric] : undefined;
      return value === undefined ? [] : [value];
    });
  }
}
