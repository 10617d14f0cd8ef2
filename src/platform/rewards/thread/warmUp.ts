import type { ScoreItem } from '../../../core/rewards/score';
import { itemsIn } from '../rawItems';
import { rewardNumbers } from '../rewardNumbers';
import { definitionOf } from './definitionOf';
import type { ItemScorer } from './itemScorer';
import { RewardModules } from './rewardModules';

/** Answers of the usual kinds and another way to write each; with a number of their own, because verdicts on the same answers are kept. */
const answers: readonly ((n: number) => readonly [answer: string, other: string])[] = [
  n => [`${n}`, `${n}.0`], n => [`\\frac{${n}}{3}`, `${n}/3`], n => [`${n}\\%`, `0.${n}`], n => [`(1, ${n})`, `(1,${n})`], n => [`blue ${n}`, `Blue ${n}.`], n => [`${n}x+1`, `1+${n}x`],
  n => [`${n} cm`, `${n}`], n => [`${n},000`, `${n}000`], n => [`-${n}`, `- ${n}`], n => [`\\sqrt{${n}}`, `\\sqrt${n}`], n => [`${'ABCD'[n % 4] ?? ''}`, `(${'ABCD'[n % 4] ?? ''})`], n => [`${n}.50`, `${n}.5`],
  n => [`x=${n}`, `${n}`], n => [`${n}/7`, `\\frac{${n}}{7}`], n => [`\\frac{${n}\\pi}{4}`, `\\dfrac{${n}\\pi}{4}`], n => [`${n}^2`, `${n}^{2}`],
];
const portion = 16;
const rounds = 150;
const roundsOfOne = 15;
const filler = 'The picture shows a card with a number on it, and next to it another one that is turned away from the camera. ';

/** Responses of the usual kinds, right and wrong; by scoring them the engine learns which code is hot. */
function items(from: number, count: number): readonly ScoreItem[] {
  const made = Array.from({ length: count }, (_, at) => {
    const index = from + at;
    const [answer, other] = answers[index % answers.length]?.(2 + (index % 997)) ?? ['7', '7'];
    const given = [answer, other, `${answer}1`, 'I do not know', `${other}.`][index % 5] ?? '';
    const rest = index % 11 === 0 ? '' : `### Rationales:\n${filler}\n### Let's think step by step.\n### Step 1:\nlook at <b> / <c>\n`;
    const response = `### Image Description:\nred ${index % 10} at [8, 8, 32, ${index % 60}]. ${filler.repeat(index % 6)}\n${rest}### The final answer is: ${given}`;
    const sample = { qid: `w-${index}`, problem: '<image>?', answer, images: [], key_words: [`red ${index % 10}`, 'blue 3'], boxes: [{ label: `red ${index % 10}`, bbox: [8, 8, 32, 32] as const }] };
    return { response, tokens: 100 + ((index * 37) % 900), sample };
  });
  return itemsIn(JSON.stringify(made), Buffer.alloc(0)) ?? []; // of the very kind that comes from outside
}

const reward = `import { accuracy, defineReward, format, iou, keyWords, length, type RewardInput } from 'pebr';

const limit = 512;
const polite = ({ response }: RewardInput): number => (/please/i.test(response) ? 1 : 0);

export default defineReward({
  components: { accuracy: accuracy(), tolerant: accuracy({ mode: 'tolerant' }), format: format(), iou: iou({ mislabelled: 0.5 }), key_word: keyWords(), length: length({ limit }), polite },
  weights: { accuracy: 0.5, tolerant: 0, format: 0.1, iou: 0.1, key_word: 0.2, length: 0.1, polite: 0.0 },
});
`;

/** Loads a reward and scores with it in small portions while nothing else is asked, by the very way of the one to come: then neither that file nor its first 1,000 responses meet cold code. */
export async function warmUp(api: string, scorer: ItemScorer, isWanted: () => boolean): Promise<void> {
  const load = (): ReturnType<typeof definitionOf> => {
    const modules = new RewardModules(api, new Map([[__filename + '.ts', reward]]));
    const definition = definitionOf(modules.load(__filename + '.ts'));
    rewardNumbers(reward + modules.hash, true);
    return definition;
  };
  let definition = load();
  for (let round = 1; round <= rounds && isWanted(); round++) {
    if (round % roundsOfOne === 0) definition = load();
    await scorer.score(definition, items(round * portion, portion), () => undefined);
    await new Promise(resolve => setImmediate(resolve));
  }
}
