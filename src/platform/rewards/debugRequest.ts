import type { ScoreItem } from '../../core/rewards/score';

/** What a debugged reward is to score: written as JSON, read by `dist/debugReward.js` and `pebr_trainer/debug_reward.py`. Paths are absolute. */
export interface DebugRequest {
  readonly path: string;
  /** Folder of the image-text model. */
  readonly clip: string | null;
  readonly item: ScoreItem;
  /** Where the score is written as JSON. */
  readonly result: string;
}
