import type { Sample } from '../../dataset/sample';
import type { Rollout } from '../rollout';

/** A rollout as a line of `<run>/rollouts/<stage>.jsonl`, with the sample that it answers under `sample`; `parseRollout` reads it again. */
export function sharedLine({ tokenLog, ...rollout }: Rollout, sample: Sample | undefined): string {
  const log = tokenLog && { tokenTexts: tokenLog.texts, logprobs: tokenLog.logprobs, entropies: tokenLog.entropies };
  return JSON.stringify({ v: 1, ...rollout, ...log, ...(sample && { sample: { problem: sample.problem, answer: sample.answer, key_words: sample.key_words, boxes: sample.boxes } }) });
}
