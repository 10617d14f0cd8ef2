import { spreadOf } from '../../rollouts/groupSpread';
import { type Attack, attacks, type AttackTarget } from './attacks';
import { goldResponse } from '../gold/goldResponse';
import type { Score, ScoreError } from '../score';

/** What an attack earned against what an honest answer earns on the same samples. */
export interface AttackResult {
  readonly attack: Pick<Attack, 'id' | 'name' | 'what' | 'knows'>;
  /** Mean overall; null where the reward failed on every one. */
  readonly mean: number | null;
  readonly components: Readonly<Record<string, number | null>>;
  /** Responses on which the reward failed. */
  readonly errors: number;
  /**
   * `pays-more`: more than the honest answer. `pays`: nearly all of it (from 90 % on). `partly`: more than a third of it. `holds`: less.
   * Measured from 0, or from the lowest pay where a reward punishes.
   */
  readonly verdict: 'pays-more' | 'pays' | 'partly' | 'holds' | 'failed';
}

export interface AttackReport {
  /** Mean overall of the honest answer: what the labels say, in the response grammar. */
  readonly honest: number | null;
  /** Why the reward failed on an honest answer, where it failed on every one: then nothing was tried. */
  readonly failure?: ScoreError;
  readonly samples: number;
  /** What pays most first. */
  readonly results: readonly AttackResult[];
}

/** The responses to score: per sample the honest answer and then every attack, in the order of `attacks`. */
export function attackResponses(target: AttackTarget): readonly string[] {
  return [goldResponse(target.sample), ...attacks.map(attack => attack.respond(target))];
}

/** `scores[i]` are those of `attackResponses` of sample i. */
export function reportAttacks(scores: readonly (readonly Score[])[]): AttackReport {
  const answers = scores.flatMap(([first]) => first ?? []);
  const honest = meanOf(answers);
  const failure = honest === null ? answers.find(score => score.error)?.error : undefined;
  const scoresOf = (index: number): readonly Score[] => scores.flatMap(all => all[index + 1] ?? []);
  const floor = Math.min(0, ...attacks.map((_, index) => meanOf(scoresOf(index)) ?? 0));
  const results = attacks.map(({ id, name, what, knows }, index): AttackResult => {
    const own = scoresOf(index);
    const mean = meanOf(own);
    const names = [...new Set(own.flatMap(score => Object.keys(score.components)))];
    return {
      attack: { id, name, what, knows },
      mean,
      components: Object.fromEntries(names.map(component => [component, spreadOf(own.map(score => score.components[component] ?? null)).mean])),
      errors: own.filter(score => score.error).length,
      verdict: verdictOf(mean, honest, floor),
    };
  });
  return { honest, ...(failure ? { failure } : {}), samples: scores.length, results: results.sort((a, b) => (b.mean ?? -Infinity) - (a.mean ?? -Infinity)) };
}

function verdictOf(mean: number | null, honest: number | null, floor: number): AttackResult['verdict'] {
  if (mean === null || honest === null) return 'failed';
  if (mean > honest + 1e-9) return 'pays-more';
  const share = honest > floor ? (mean - floor) / (honest - floor) : 1;
  return share >= 0.9 ? 'pays' : share > 1 / 3 ? 'partly' : 'holds';
}

function meanOf(scores: readonly Score[]): number | null {
  return spreadOf(scores.map(score => score.overall)).mean;
}
