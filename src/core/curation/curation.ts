import type { Difficulty } from '../dataset/sample';

/** What a person decided about a sample besides its label; one line of `<file>.curation.jsonl` a touched sample. */
export interface Curation {
  readonly tags: readonly string[];
  readonly review: Review;
  readonly note: string;
  /** Where the sample goes whatever sampling found; null follows the route (easy → perception, medium → reasoning, hard → warm-up). */
  readonly stage: StageOverride | null;
  /** Replaces what sampling found; null keeps it. */
  readonly difficulty: Difficulty | null;
  /** The rollout that led to the last edit: `<run>/<group>/<index>`; null where there was none. */
  readonly rollout: string | null;
}

export type Review = 'todo' | 'accepted' | 'rejected';
export type StageOverride = 'perception' | 'reasoning' | 'warm-up' | 'excluded';

/** A sample that nobody touched; such a sample has no line in the file. */
export const untouched: Curation = { tags: [], review: 'todo', note: '', stage: null, difficulty: null, rollout: null };

/** One change of a person, applied to one sample or to many. */
export type CurationChange =
  | { readonly type: 'addTag'; readonly tag: string }
  | { readonly type: 'removeTag'; readonly tag: string }
  | { readonly type: 'setReview'; readonly review: Review }
  | { readonly type: 'setNote'; readonly note: string }
  | { readonly type: 'setStage'; readonly stage: StageOverride | null }
  | { readonly type: 'setDifficulty'; readonly difficulty: Difficulty | null };
