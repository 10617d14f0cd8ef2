import type * as RewardApi from '../../../core/rewards/api';
import type { Component, RewardContext } from '../../../core/rewards/reward';
import { scoreBatch } from '../../../core/rewards/scoreBatch';
import type { ScoreItem } from '../../../core/rewards/score';

const answers = ['7', '\\frac{1}{3}', '50\\%', '(1, 2)', 'blue', '2x+1', '120 cm', '1,000', '-4', '\\sqrt{2}', 'B', '3.50', 'x=5', '1/3', '0.333', '\\frac{\\pi}{4}', '12.0', '(B)', 'Blue.', '1+2x'];
const portion = 16;
const rounds = 100;
const filler = 'The picture shows a card with a number on it, and next to it another one that is turned away from the camera. ';

/** Responses of the usual kinds, right and wrong; by scoring them the engine learns which code is hot. */
function items(from: number, count: number): readonly ScoreItem[] {
  return Array.from({ length: count }, (_, at) => {
    const index = from + at;
    const answer = answers[(index * 7) % answers.length] ?? '7';
    const given = index % 3 === 0 ? answer : (answers[(index * 3) % answers.length] ?? '');
    const rest = index % 11 === 0 ? '' : `### Rationales:\n${filler}\n### Let's think step by step.\n### Step 1:\nlook at <b> / <c>\n`;
    const response = `### Image Description:\nred ${index % 10} at [8, 8, 32, ${index % 60}]. ${filler.repeat(index % 6)}\n${rest}### The final answer is: ${given}`;
    const sample = { qid: `w-${index}`, problem: '<image>?', answer, images: [], key_words: [`red ${index % 10}`, 'blue 3'], boxes: [{ label: `red ${index % 10}`, bbox: [8, 8, 32, 32] as const }] };
    return JSON.parse(JSON.stringify({ response, tokens: 100 + ((index * 37) % 900), sample })) as ScoreItem; // of the very kind that comes from outside
  });
}

/** Runs the built-in components in small portions while nothing else is asked, so that the first 1,000 responses are not scored with cold code. */
export async function warmUp(api: typeof RewardApi, context: RewardContext, isWanted: () => boolean): Promise<void> {
  const components: Record<string, Component> = {
    accuracy: api.accuracy(), tolerant: api.accuracy({ mode: 'tolerant' }), format: api.format(), iou: api.iou(), key_word: api.keyWords({ wholeWord: true }), length: api.length(),
  };
  const definition = { components, weights: Object.fromEntries(Object.keys(components).map(name => [name, 1])) };
  for (let round = 0; round < rounds && isWanted(); round++) {
    await scoreBatch(definition, items(round * portion, portion), { context, onScore: (_, score) => void JSON.stringify(score) });
    await new Promise(resolve => setImmediate(resolve));
  }
}
