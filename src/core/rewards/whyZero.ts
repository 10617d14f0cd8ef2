import type { Sample } from '../dataset/sample';
import { type ImageSize, toPixels } from '../geometry/boxFrame';
import { boxIou } from '../geometry/iou';
import { isTooUnequal } from '../geometry/resizedSize';
import { extractAnswer, extractAnswerTolerant } from '../grading/extractAnswer';
import { findFormatMarkers } from '../grading/formatMarkers';
import { gradeAnswer } from '../grading/gradeAnswer';
import { parseBoxes } from '../grading/boxes/parseBoxes';
import { parseSections } from '../grading/sections';
import type { BoxFrame } from '../project/project';
import type { Evidence } from './score';

/** What an explanation looks at. `size` is that of the first image, null while it is not known. */
export interface ZeroCase {
  readonly component: string;
  readonly response: string;
  readonly sample: Pick<Sample, 'answer' | 'key_words' | 'boxes'>;
  readonly evidence: readonly Evidence[];
  readonly size: ImageSize | null;
}

/** Why a component gave 0, in sentences: the cause first, then what would change it. */
export function whyZero(zero: ZeroCase): readonly string[] {
  const own = zero.evidence.filter(each => each.component === zero.component);
  const kinds = new Set(own.map(each => each.kind));
  if (zero.response.trim() === '') return ['The response is empty.'];
  if (kinds.has('answer')) return whyWrong(zero);
  if (kinds.has('format')) return whyNoFormat(zero.response, own.filter(each => each.ok === false).flatMap(each => each.text ?? []));
  if (kinds.has('key_word') || own.some(each => each.note === 'the sample has no key words')) return whyNoKeyWord(zero, own);
  if (kinds.has('box') || (/iou|box|ground/i.test(zero.component) && zero.sample.boxes.length > 0)) return whyNoBox(zero, own);
  if (kinds.has('description')) return whyNoDescription(zero.response, own);
  const notes = own.flatMap(each => each.note ?? []);
  return notes.length > 0 ? notes.map(note => `It says: ${note}.`) : whyWithoutEvidence(zero);
}

/** A Python reward gives no evidence: what the built-in component of the same name would have seen. */
function whyWithoutEvidence(zero: ZeroCase): readonly string[] {
  const { component, response, sample } = zero;
  const wouldPay = (name: string): readonly string[] => [`The built-in ${name} would pay this response: the reward itself decides otherwise. Debug it here to see where.`];
  if (/acc|answer|correct/i.test(component)) return gradeAnswer(extractAnswer(response).text, sample.answer.trim()) ? wouldPay('accuracy()') : whyWrong(zero);
  if (/format/i.test(component)) {
    const missing = findFormatMarkers(response).filter(({ span }) => span === null).map(({ marker }) => marker);
    return missing.length === 0 ? wouldPay('format()') : whyNoFormat(response, missing);
  }
  if (/key_?word/i.test(component)) return sample.key_words.some(word => response.toLowerCase().includes(word.toLowerCase())) ? wouldPay('keyWords()') : whyNoKeyWord(zero, []);
  return ['It gave 0 and no evidence. A TypeScript component can return { value, evidence } to show here what it looked at; Debug stops in its code.'];
}

function whyWrong({ response, sample }: ZeroCase): readonly string[] {
  const strict = extractAnswer(response);
  const tolerant = extractAnswerTolerant(response);
  const shown = strict.text.length > 80 ? `${strict.text.slice(0, 80)}…` : strict.text;
  const cause = strict.from === 'whole' ? 'There is no “### The final answer is:” in just this spelling, so the whole response was graded.' : `“${shown}” is not “${sample.answer}”.`;
  if (gradeAnswer(tolerant.text, sample.answer.trim())) return [cause, `Read tolerantly it is right: forgives ${tolerant.forgave.join(', ') || 'blanks'}. Use accuracy({ mode: 'tolerant' }), or ask for the exact form in the prompt.`];
  if (/\n\s*### The final answer is:/.test(response.slice(strict.end))) return [cause, 'There is more than one final answer; the first one counts.'];
  if (sample.answer.trim() === '') return [cause, 'The row has no answer: nothing can be right.'];
  if (tolerant.text.toLowerCase().includes(sample.answer.trim().toLowerCase())) return [cause, 'The right answer stands among other words: only the answer itself may follow the heading.'];
  return [cause];
}

function whyNoFormat(response: string, missing: readonly string[]): readonly string[] {
  return missing.map(marker => {
    const words = marker.replace(/[#:]/g, '').trim();
    const near = new RegExp(`[^\\n]{0,12}${words.replace(/\s+/g, '\\s*')}[^\\n]{0,4}`, 'i').exec(response)?.[0]?.trim();
    return near === undefined ? `“${marker}” is missing.` : `“${marker}” is missing; “${near}” does not count: it takes ### before it and a colon after it.`;
  });
}

function whyNoKeyWord({ sample, response }: ZeroCase, own: readonly Evidence[]): readonly string[] {
  if (sample.key_words.length === 0) return ['The row has no key words, and the released reward gives 0 then. Add key words, or return null for such rows.'];
  if (own.some(each => each.note === 'missed: no description')) return ['Only the description is searched, and the response has none.'];
  const squeezed = response.toLowerCase().replace(/[\s_-]+/g, '');
  const near = sample.key_words.filter(word => squeezed.includes(word.toLowerCase().replace(/[\s_-]+/g, '')));
  const cause = `None of ${sample.key_words.map(word => `“${word}”`).join(', ')} occurs${own.some(each => each.ok === false) ? '' : ' in the response'}.`;
  return near.length > 0 ? [cause, `${near.map(word => `“${word}”`).join(', ')} would be found without regard to blanks and hyphens.`] : [cause];
}

const frames: readonly BoxFrame[] = ['norm1000', 'norm1', 'percent-xywh', 'coco-xywh', 'yolo-cxcywh', 'qwen2.5-resized'];

function whyNoBox({ response, sample, size }: ZeroCase, own: readonly Evidence[]): readonly string[] {
  const written = parseBoxes(response);
  if (written.length === 0) return ['No box was found in the response. Boxes are read as [x1, y1, x2, y2], {"bbox_2d": […]}, <box>…</box> and <loc…> (docs: Boxes).'];
  if (own.every(each => each.bbox === undefined)) return [`${written.length} boxes stand in the response, but not in the description, which is what counts: iou({ within: 'response' }) counts them all.`];
  const bestIn = (frame: BoxFrame): number => Math.max(0, ...written.flatMap(box => sample.boxes.map(gold => boxIou(size ? toPixels(box.bbox, frame, size) : box.bbox, gold.bbox))));
  const fitting = size ? frames.filter(frame => frame !== 'qwen2.5-resized' || !isTooUnequal(size)).map(frame => ({ frame, iou: bestIn(frame) })).sort((a, b) => b.iou - a.iou)[0] : undefined;
  if (fitting && fitting.iou >= 0.4) return ['No predicted box overlaps a gold box.', `Read in the frame “${fitting.frame}” the best one would have an IoU of ${fitting.iou.toFixed(2)}: try iou({ frame: '${fitting.frame}' }).`];
  return ['No predicted box overlaps a gold box.'];
}

function whyNoDescription(response: string, own: readonly Evidence[]): readonly string[] {
  const { description, all } = parseSections(response);
  if (description === null) {
    const hasHeading = all.some(section => section.kind === 'description');
    return [hasHeading ? 'The description ends at “### Rationales:”, and that heading is missing: nothing was taken as the description.' : 'There is no “### Image Description:” heading.'];
  }
  if (description.text === '') return ['The description is empty.'];
  return own.flatMap(each => (each.note === undefined ? [] : [`The description and the picture do not agree: ${each.note}.`]));
}
