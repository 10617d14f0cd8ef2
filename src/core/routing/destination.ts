import type { Curation, StageOverride } from '../curation/curation';
import type { Difficulty, DifficultyRecord } from '../dataset/sample';

/** Where a sample trains. */
export type Destination = Exclude<StageOverride, 'excluded'>;

export const destinations: readonly Destination[] = ['perception', 'reasoning', 'warm-up'];

/** Why a sample trains nowhere. */
export type LeftOut = 'rejected' | 'excluded' | 'unsampled';

export interface Route {
  readonly to: Destination | LeftOut;
  /** A person's decision took the place of what sampling found. */
  readonly isOverridden: boolean;
}

const routeOfDifficulty: Readonly<Record<Difficulty, Destination>> = { easy: 'perception', medium: 'reasoning', hard: 'warm-up' };
const difficultyOfRoute: Readonly<Record<Destination, Difficulty>> = { perception: 'easy', reasoning: 'medium', 'warm-up': 'hard' };

/** The route of PeBR-R1 (easy → perception, medium → reasoning, hard → warm-up), unless a person decided otherwise. Rejected and excluded samples go nowhere. */
export function routeOf(record: Pick<DifficultyRecord, 'difficulty'> | undefined, curation: Pick<Curation, 'review' | 'stage' | 'difficulty'>): Route {
  if (curation.review === 'rejected') return { to: 'rejected', isOverridden: true };
  if (curation.stage === 'excluded') return { to: 'excluded', isOverridden: true };
  const sampled = record && routeOfDifficulty[record.difficulty];
  const decided = curation.stage ?? (curation.difficulty && routeOfDifficulty[curation.difficulty]);
  const to = decided ?? sampled ?? 'unsampled';
  return { to, isOverridden: decided !== null && decided !== sampled };
}

/** The difficulty that stages choose a sample by: `trainer/pebr_trainer/curation.py` says the same. Undefined for a sample that trains nowhere. */
export function effectiveDifficulty(record: Pick<DifficultyRecord, 'difficulty'> | undefined, curation: Pick<Curation, 'review' | 'stage' | 'difficulty'>): Difficulty | undefined {
  const { to } = routeOf(record, curation);
  return to === 'rejected' || to === 'excluded' || to === 'unsampled' ? undefined : difficultyOfRoute[to];
}
