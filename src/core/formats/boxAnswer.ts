import type { FrameBox } from '../dataset/row';
import type { EncodedBox } from './exportSample';

const number = '-?\\d{1,30}(?:\\.\\d{1,30})?(?:[eE][-+]?\\d{1,3})?';
const four = new RegExp(`\\[\\s{0,9}(${number})\\s{0,9},\\s{0,9}(${number})\\s{0,9},\\s{0,9}(${number})\\s{0,9},\\s{0,9}(${number})\\s{0,9}\\]`, 'g');
const boxKeys = ['bbox_2d', 'bbox', 'box_2d', 'box'];

/**
 * Whether an answer is nothing but boxes: `[1, 2, 3, 4]`, a list of such, `{"bbox_2d": […], "label": …}` or a list of those, also in a JSON fence
 * or in `<answer>` tags. A text that only mentions a box is not.
 */
export function isBoxAnswer(answer: string): boolean {
  if (!answer.includes('[')) return false;
  const text = answer.trim().replace(/^<answer>\s*|\s*<\/answer>$/g, '').replace(/^```(?:json)?\s*|\s*```$/g, '');
  try {
    return isBoxes(JSON.parse(text));
  } catch {
    return false; // no JSON: words
  }
}

/** The answer with the numbers of each box replaced; everything else stays as it is written. */
export function mapBoxes(answer: string, encode: (numbers: FrameBox) => FrameBox): string {
  return answer.replace(four, (_, a: string, b: string, c: string, d: string) => `[${encode([Number(a), Number(b), Number(c), Number(d)]).join(', ')}]`);
}

/** An answer that says the boxes: one as `[1, 2, 3, 4]` where `isBare`, else a JSON list with labels as Qwen writes it. */
export function answerOfBoxes(boxes: readonly EncodedBox[], isBare: boolean): string {
  const [first] = boxes;
  if (isBare && boxes.length === 1 && first) return `[${first.bbox.join(', ')}]`;
  const list = boxes.map(({ label, bbox }) => `{"bbox_2d": [${bbox.join(', ')}], "label": ${JSON.stringify(label)}}`);
  return `\`\`\`json\n[${list.join(', ')}]\n\`\`\``;
}

function isBoxes(value: unknown): boolean {
  if (isFour(value) || isNamedBox(value)) return true;
  return Array.isArray(value) && value.length > 0 && value.every(item => isFour(item) || isNamedBox(item));
}

function isNamedBox(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return boxKeys.some(key => Object.hasOwn(value, key) && isFour((value as Record<string, unknown>)[key]));
}

function isFour(value: unknown): boolean {
  return Array.isArray(value) && value.length === 4 && value.every(item => typeof item === 'number' && Number.isFinite(item));
}
