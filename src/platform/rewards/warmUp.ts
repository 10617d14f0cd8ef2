import type * as RewardApi from '../../core/rewards/api';
import type { Component, RewardContext } from '../../core/rewards/reward';
import { scoreBatch } from '../../core/rewards/scoreBatch';
import type { ScoreItem } from '../../core/rewards/score';

const answers = ['7', '\\frac{1}{3}', '50\\%', '(1, 2)', 'blue', '2x+1', '120 cm', '1,000'];

/** Responses of the usual kind; by scoring them the engine learns which code is hot. */
function items(count: number): readonly ScoreItem[] {
  return Array.from({ length: count }, (_, index) => {
    const answer = answers[index % answers.length] ?? '7';
    const given = index % 3 === 0 ? (answers[(index + 1) % answers.length] ?? '') : answer;
    const response = `### Image Description:\nred 7 at [8, 8, 32, ${index % 60}], <b>blue</b> / green.\n### Rationales:\nnone\n### Step 1:\nlook\n### The final answer is: ${given}.`;
    return { response, tokens: 40, sample: { qid: '', problem: '', answer, images: [], key_words: ['red 7', 'blue 3'], boxes: [{ label: 'red 7', bbox: [8, 8, 32, 32] }] } };
  });
}

/** Runs the built-in components in small portions while nothing else is asked, so that the first 1,000 responses are not scored with cold code. */
export async function warmUp(api: typeof RewardApi, context: RewardContext, isWanted: () => boolean): Promise<void> {
  const components: Record<string, Component> = {
    accuracy: api.accuracy(), tolerant: api.accuracy({ mode: 'tolerant' }), format: api.format(), iou: api.iou(), key_word: api.keyWords({ wholeWord: true }), length: api.length(),
  };
  const definition = { components, weights: Object.fromEntries(Object.keys(components).map(name => [name, 1])) };
  const portion = items(16);
  for (let round = 0; round < 40 && isWanted(); round++) {
    await scoreBatch(definition, portion, { context, onScore: (_, score) => void JSON.stringify(score) });
    await new Promise(resolve => setImmediate(resolve));
  }
}
