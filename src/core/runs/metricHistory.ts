import type { RunEvent } from './runEvent';

/** The numbers of one step, or of one evaluation. */
export interface HistoryRow {
  /** Steps of all stages counted on, from 1; evaluations stand at the last step before them. */
  readonly index: number;
  readonly stage: string;
  /** Step of the stage; for an evaluation the number of the evaluated policy, from 1. */
  readonly step: number;
  /** Seconds since 1970. */
  readonly time: number;
  /** Of evaluations `<dataset>/<mode>/<metric>`. */
  readonly metrics: Readonly<Record<string, number>>;
  readonly isEvaluation: boolean;
}

/** A run's numbers as other tools want them: each step once (a resumed run repeats some), in the order of training. */
export function metricHistory(events: Iterable<RunEvent>): readonly HistoryRow[] {
  const steps = new Map<string, Map<number, HistoryRow>>();
  const rows: HistoryRow[] = [];
  const policies: string[] = [];
  let index = 0;
  for (const event of events) {
    if (event.type === 'step') {
      const ofStage = steps.get(event.stage) ?? new Map<number, HistoryRow>();
      steps.set(event.stage, ofStage);
      const row: HistoryRow = { index: ofStage.get(event.step)?.index ?? ++index, stage: event.stage, step: event.step, time: event.time, metrics: event.metrics, isEvaluation: false };
      ofStage.set(event.step, row);
    } else if (event.type === 'evaluation') {
      if (!policies.includes(event.stage)) policies.push(event.stage);
      const metrics = Object.fromEntries(Object.entries(event.metrics).map(([name, { mean }]) => [`${event.dataset}/${event.mode}/${name}`, mean]));
      rows.push({ index: Math.max(1, index), stage: event.stage, step: policies.indexOf(event.stage) + 1, time: event.time, metrics, isEvaluation: true });
    }
  }
  const all = [...[...steps.values()].flatMap(ofStage => [...ofStage.values()]), ...rows];
  return all.sort((a, b) => a.index - b.index || Number(a.isEvaluation) - Number(b.isEvaluation));
}
