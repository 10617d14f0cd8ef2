import type { Score } from '../score';

/** Means over the responses that have a value; null where none has. */
export interface ScoreMeans {
  readonly overall: number | null;
  readonly components: Readonly<Record<string, number | null>>;
  /** Responses whose reward failed. They are in no mean. */
  readonly errors: number;
  readonly count: number;
}

export function meansOf(scores: readonly Score[]): ScoreMeans {
  const names = [...new Set(scores.flatMap(score => Object.keys(score.components)))];
  return {
    overall: mean(scores.map(score => score.overall)),
    components: Object.fromEntries(names.map(name => [name, mean(scores.map(score => score.components[name] ?? null))])),
    errors: scores.filter(score => score.error).length,
    count: scores.length,
  };
}

function mean(values: readonly (number | null)[]): number | null {
  const known = values.filter(value => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
