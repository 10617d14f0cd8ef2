import { difficulties } from '../dataset/difficulty';
import type { Difficulty, DifficultyRecord } from '../dataset/sample';

/** How samples changed their difficulty from one sampling to the next; only those that both asked. */
export interface Transitions {
  /** The run of the sampling before. */
  readonly from: string;
  readonly samples: number;
  /** `[before][after]` */
  readonly table: Readonly<Record<Difficulty, Readonly<Record<Difficulty, number>>>>;
  /** Mean pass rate of these samples, before and after. */
  readonly passRateBefore: number;
  readonly passRateAfter: number;
}

/** Null where no sample is in both. */
export function transitionsBetween(previous: { readonly run: string; readonly records: ReadonlyMap<string, DifficultyRecord> }, now: ReadonlyMap<string, DifficultyRecord>): Transitions | null {
  const table = Object.fromEntries(difficulties.map(before => [before, Object.fromEntries(difficulties.map(after => [after, 0]))])) as Record<Difficulty, Record<Difficulty, number>>;
  let samples = 0;
  let before = 0;
  let after = 0;
  for (const [qid, old] of previous.records) {
    const record = now.get(qid);
    if (!record) continue;
    samples++;
    table[old.difficulty][record.difficulty]++;
    before += old.correct / old.responses;
    after += record.correct / record.responses;
  }
  return samples === 0 ? null : { from: previous.run, samples, table, passRateBefore: before / samples, passRateAfter: after / samples };
}
