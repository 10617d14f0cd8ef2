import type { SampleRef } from '../../dataset/sample';
import type { Score } from '../score';
import { defaultTolerance, type Expectation, type RewardCase } from './rewardCase';

/** Digits that are pinned where a value is a measurement (a similarity, a quotient) and differs a little from machine to machine. */
const digits = 4;
const measuredTolerance = 1e-3;

/** A case that pins the overall and every component of a score; a failure is pinned as a failure. */
export function caseOf(name: string, { sample, response, tokens, score }: { sample: SampleRef; response: string; tokens?: number; score: Score }): RewardCase {
  const values = [score.overall, ...Object.values(score.components)].filter(value => value !== null);
  const isExact = values.every(value => Math.abs(value - round(value)) < 1e-9);
  const pinned = (value: number | null): Expectation => (value === null ? null : round(value));
  const expect = score.error
    ? { overall: 'error' as const, components: {} }
    : { overall: pinned(score.overall), components: Object.fromEntries(Object.entries(score.components).map(([component, value]) => [component, pinned(value)])) };
  return { name, sample, response, ...(tokens === undefined ? {} : { tokens }), expect, tolerance: isExact ? defaultTolerance : measuredTolerance };
}

/** The case as the line of a cases file, without its end. */
export function caseLine({ name, sample, response, tokens, expect, tolerance }: RewardCase): string {
  return JSON.stringify({
    v: 1, name, sample: 'row' in sample ? sample.row : sample, response,
    ...(tokens === undefined ? {} : { tokens }),
    expect: { ...(expect.overall === undefined ? {} : { overall: expect.overall }), ...(Object.keys(expect.components).length > 0 ? { components: expect.components } : {}) },
    ...(tolerance === defaultTolerance ? {} : { tolerance }),
  });
}

function round(value: number): number {
  return Number(value.toFixed(digits));
}
