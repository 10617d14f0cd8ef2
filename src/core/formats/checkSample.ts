import type { Severity } from '../problem';
import { isTooUnequal } from '../geometry/resizedSize';
import { isDegenerate } from '../geometry/shapeBox';
import type { ExportSample } from './exportSample';
import type { ExportTarget } from './exportTarget';

/** Why a trainer's loader would refuse a sample, or read something else than what it says. Rows with an error are not written. */
export interface ExportFault {
  readonly severity: Severity;
  readonly rule: `export/${string}`;
  readonly message: string;
  readonly remedy: string;
}

/** A side below this is refused by Qwen2-VL's older processors, and PeBR-R1's own filter leaves such images out. */
const smallestSide = 28;
/** Pixels by which rounding may put a box outside. */
const slackPx = 0.5;

/** What the loader of `target` would make of a sample whose images have been read. */
export function checkSample(sample: ExportSample, target: ExportTarget): readonly ExportFault[] {
  const faults: ExportFault[] = [];
  const { needs } = target;
  if (sample.messages) checkMessages(sample, target, faults);
  else checkTexts(sample, target, faults);
  if (sample.images.length === 0 && needs.noImage !== 'fine') {
    add(faults, needs.noImage, 'no-image', `The row has no image, and ${target.title} ${needs.noImage === 'error' ? 'opens the first one of every row' : 'takes text rows only from a release that allows them beside images'}.`, 'Give it an image, or leave the row out.');
  }
  if (needs.boxes && sample.images.length > 1) add(faults, 'warning', 'one-image', `The row has ${sample.images.length} images; ${target.title} gets the first one, and the boxes are taken to lie in it.`, 'Write a row of its own for each image, if each is to be there.');
  for (const image of sample.images) checkImage(sample, image, target, faults);
  if (sample.boxes.length > 0) checkBoxes(sample, target, faults);
  for (const key of needs.reserved) {
    if (Object.hasOwn(sample.extra, key)) add(faults, 'error', 'reserved-field', `The row has a field "${key}" of its own, which ${target.title} would take for its own.`, 'Rename it in the dataset.');
  }
  return faults;
}

function checkTexts({ prompt, answer, images, qid }: ExportSample, target: ExportTarget, faults: ExportFault[]): void {
  const { needs } = target;
  if (qid === '') add(faults, 'error', 'missing-qid', 'The row has no id.', 'Give it one: difficulty and rollouts are joined by it.');
  if (prompt.replaceAll('<image>', '').trim() === '' && !needs.boxes) add(faults, 'error', 'empty-problem', 'The row asks nothing.', 'Write its problem.');
  if (needs.answer && answer.trim() === '') add(faults, 'error', 'empty-answer', 'The answer is empty: no response can be right.', 'Write it, or let the boxes be the answer.');
  if (needs.placeholders) checkCount(prompt, images.length, target, faults);
  checkMarks(prompt, target, faults);
}

function checkMessages({ messages = [], images }: ExportSample, target: ExportTarget, faults: ExportFault[]): void {
  const alternates = messages.length >= 2 && messages.length % 2 === 0 && messages.every(({ role }, at) => role === (at % 2 === 0 ? 'user' : 'assistant'));
  const withSystem = messages[0]?.role === 'system' && messages.length % 2 === 1 && messages.slice(1).every(({ role }, at) => role === (at % 2 === 0 ? 'user' : 'assistant'));
  if (!alternates && !withSystem) add(faults, 'error', 'turns', `Its turns are ${messages.map(({ role }) => role).join(', ') || 'none'}; ${target.title} skips a row whose turns are not user and assistant in turn.`, 'Correct the messages.');
  if (messages.some(({ role, content }) => role === 'assistant' && content.trim() === '')) add(faults, 'error', 'empty-answer', 'An assistant’s turn is empty.', 'Write it, or leave the row out.');
  const text = messages.map(({ content }) => content).join('\n');
  if (target.needs.placeholders) checkCount(text, images.length, target, faults);
  checkMarks(text, target, faults);
}

function checkCount(text: string, images: number, target: ExportTarget, faults: ExportFault[]): void {
  const marks = text.split('<image>').length - 1;
  if (marks !== images) add(faults, 'error', 'placeholder-count', `The text holds ${marks} <image> marks and the row ${images} images; ${target.title} stops at such a row.`, 'Write one <image> for each image.');
}

function checkMarks(text: string, target: ExportTarget, faults: ExportFault[]): void {
  for (const mark of target.needs.marks) {
    if (text.includes(mark)) add(faults, 'error', 'foreign-mark', `The text holds ${mark}, which ${target.title} replaces by something that the row does not have.`, 'Write it otherwise.');
  }
}

function checkImage({ boxes }: ExportSample, image: ExportSample['images'][number], target: ExportTarget, faults: ExportFault[]): void {
  const { size: { width, height }, file } = image;
  if (isTooUnequal({ width, height })) {
    add(faults, target.needs.boxes ? 'warning' : 'error', 'image-shape', `The image ${file} is ${width} × ${height}: Qwen's processors refuse sides that differ more than 200 times.`, 'Crop it, or leave the row out.');
  } else if (Math.min(width, height) < smallestSide) {
    add(faults, 'warning', 'image-small', `The image ${file} is ${width} × ${height}; PeBR-R1 leaves out sides below ${smallestSide} px, and some processors refuse them.`, 'Enlarge it, or leave the row out.');
  }
  if (!image.isTurned || target.needs.turnsImages) return;
  const hasBoxes = boxes.length > 0;
  add(
    faults, hasBoxes ? 'error' : 'warning', 'image-turned',
    `The image ${file} is stored turned (EXIF), and ${target.title} opens it as stored${hasBoxes ? ': every box would lie elsewhere' : ''}.`, 'Save the image upright.',
  );
}

function checkBoxes({ boxes, images }: ExportSample, target: ExportTarget, faults: ExportFault[]): void {
  const size = images[0]?.size;
  if (!size) {
    add(faults, 'error', 'boxes-without-image', 'The row has boxes and no image that they lie in.', 'Give it its image.');
    return;
  }
  const { boxes: isTrainedOn } = target.needs;
  boxes.forEach(({ label, bbox }, at) => {
    const name = `Box ${at + 1}${label === '' ? '' : ` (${label})`}`;
    const [x1, y1, x2, y2] = bbox;
    if (isDegenerate(bbox)) add(faults, 'error', 'box-degenerate', `${name} has no area, or its corners are swapped.`, 'Draw it again, or delete it.');
    else if (x1 < -slackPx || y1 < -slackPx || x2 > size.width + slackPx || y2 > size.height + slackPx) {
      add(faults, isTrainedOn ? 'error' : 'warning', 'box-outside', `${name} reaches outside the image (${size.width} × ${size.height} px).`, 'Drag it inside.');
    }
    if (isTrainedOn && label.trim() === '') add(faults, 'error', 'box-label', `${name} has no label, and ${target.title} needs a class.`, 'Name it.');
    if (isTrainedOn && /[\r\n]/.test(label)) add(faults, 'error', 'box-label', `${name} has a line break in its label.`, 'Name it in one line.');
  });
}

function add(faults: ExportFault[], severity: Severity, rule: string, message: string, remedy: string): void {
  faults.push({ severity, rule: `export/${rule}`, message, remedy });
}
