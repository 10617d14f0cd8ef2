import type { Bbox } from '../dataset/sample';
import type { ImageSize } from '../geometry/boxFrame';
import { clipBox, isDegenerate } from '../geometry/shapeBox';
import type { DetectorConfig } from './detectorConfig';
import type { Proposal } from './proposal';
import { suppress } from './suppress';

/** A model's output: row-major numbers of a shape. */
export interface OutputTensor {
  readonly dims: readonly number[];
  readonly data: ArrayLike<number | bigint>;
}

/** How the picture lies in the model's input: `input = original * scale + offset`. */
export interface Placing {
  /** Of the original, upright. */
  readonly size: ImageSize;
  readonly input: ImageSize;
  readonly scaleX: number;
  readonly scaleY: number;
  readonly offsetX: number;
  readonly offsetY: number;
}

/** Proposals that nobody would lower the threshold for. */
const leastScore = 0.05;

/** An output is not as the configuration says; the message says which, and what it is. */
export class DetectorMismatch extends Error {}

/** What the outputs for one picture propose, in pixels of the original, suppressed, the surest first. `classes` are its names in the order of the scores. Throws `DetectorMismatch`. */
export function decodeDetections(outputs: Readonly<Record<string, OutputTensor>>, { output }: DetectorConfig, placing: Placing, classes: readonly string[]): readonly Proposal[] {
  switch (output.kind) {
    case 'boxes-scores': {
      const boxes = rowsOf(outputs, output.boxes);
      const scores = rowsOf(outputs, output.scores);
      check(boxes.width === 4, output.boxes, boxes, 'four numbers a box');
      const extra = output.background === null ? 0 : 1;
      check(scores.rows === boxes.rows && scores.width === classes.length + extra, output.scores, scores, `${boxes.rows} rows of ${classes.length + extra} scores${extra ? ', the background among them' : ''}`);
      return finish(boxes.rows, row => ({ bbox: placed(boxes.at(row), output, placing), ...best(scores.at(row), classes, output) }), placing);
    }
    case 'yolo': {
      const name = output.name ?? Object.keys(outputs)[0] ?? '';
      const extra = output.objectness ? 5 : 4;
      const all = rowsOf(outputs, name, classes.length + extra);
      check(all.width === classes.length + extra, name, all, `${classes.length + extra} numbers a box (${output.objectness ? 'place, objectness' : 'place'} and ${classes.length} classes)`);
      const how = { frame: 'input', corners: 'cxcywh', activation: 'none', background: null } as const;
      return finish(all.rows, row => {
        const numbers = all.at(row);
        const found = best(numbers.slice(extra), classes, how);
        return { bbox: placed(numbers, how, placing), label: found.label, score: output.objectness ? found.score * (numbers[4] ?? 0) : found.score };
      }, placing);
    }
    case 'final': {
      const boxes = rowsOf(outputs, output.boxes);
      const [labels, scores] = [flatOf(outputs, output.labels), flatOf(outputs, output.scores)];
      check(boxes.width === 4, output.boxes, boxes, 'four numbers a box');
      check(labels.length >= boxes.rows && scores.length >= boxes.rows, output.scores, boxes, 'as many labels and scores as boxes');
      return finish(boxes.rows, row => ({
        bbox: placed(boxes.at(row), output, placing),
        label: classes[Number(labels[row]) - output.labelsFrom] ?? '',
        score: Number(scores[row]),
      }), placing);
    }
  }
}

interface Rows {
  readonly rows: number;
  readonly width: number;
  readonly dims: readonly number[];
  at(row: number): readonly number[];
}

function tensorOf(outputs: Readonly<Record<string, OutputTensor>>, name: string): OutputTensor {
  const tensor = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
  if (!tensor) throw new DetectorMismatch(`It has no output "${name}"; it has ${Object.keys(outputs).map(each => `"${each}"`).join(', ') || 'none'}.`);
  return tensor;
}

/** A (1, rows, width) or (rows, width) tensor; one of (1, width, rows), as YOLO writes it, where only that fits `width`. */
function rowsOf(outputs: Readonly<Record<string, OutputTensor>>, name: string, width?: number): Rows {
  const { dims, data } = tensorOf(outputs, name);
  const [batch, rows, columns] = dims.length === 2 ? [1, ...dims] : dims;
  if (dims.length < 2 || dims.length > 3 || batch !== 1 || rows === undefined || columns === undefined) throw new DetectorMismatch(`Its output "${name}" is of shape ${shapeOf(dims)}; one picture gives (1, boxes, numbers).`);
  const isTurned = width !== undefined && columns !== width && rows === width;
  const [count, length] = isTurned ? [columns, rows] : [rows, columns];
  return { rows: count, width: length, dims, at: row => Array.from({ length }, (_, place) => Number(data[isTurned ? place * count + row : row * length + place])) };
}

function flatOf(outputs: Readonly<Record<string, OutputTensor>>, name: string): ArrayLike<number | bigint> {
  return tensorOf(outputs, name).data;
}

function check(isRight: boolean, name: string, { dims }: { readonly dims: readonly number[] }, expected: string): void {
  if (!isRight) throw new DetectorMismatch(`Its output "${name}" is of shape ${shapeOf(dims)}; the configuration says ${expected}.`);
}

const shapeOf = (dims: readonly number[]): string => `(${dims.join(', ')})`;

type ScoreReading = Pick<Extract<DetectorConfig['output'], { kind: 'boxes-scores' }>, 'activation' | 'background'>;

/** The likeliest class of a box. */
function best(row: readonly number[], classes: readonly string[], { activation, background }: ScoreReading): { readonly label: string; readonly score: number } {
  const first = background === 'first' ? 1 : 0;
  let at = 0;
  for (let place = 1; place < classes.length; place++) if ((row[first + place] ?? -Infinity) > (row[first + at] ?? -Infinity)) at = place;
  const logit = row[first + at] ?? -Infinity;
  return { label: classes[at] ?? '', score: activation === 'sigmoid' ? 1 / (1 + Math.exp(-logit)) : activation === 'softmax' ? softmaxOf(row, logit) : logit };
}

function softmaxOf(row: readonly number[], logit: number): number {
  const highest = Math.max(...row);
  return Math.exp(logit - highest) / row.reduce((sum, each) => sum + Math.exp(each - highest), 0);
}

/** Four numbers of the output as corners in pixels of the original. */
function placed(numbers: readonly number[], { frame, corners }: { readonly frame: 'norm1' | 'input'; readonly corners: 'xyxy' | 'yxyx' | 'cxcywh' | 'xywh' }, placing: Placing): Bbox {
  const [a = NaN, b = NaN, c = NaN, d = NaN] = numbers;
  const [x1, y1, x2, y2] = corners === 'xyxy' ? [a, b, c, d] : corners === 'yxyx' ? [b, a, d, c] : corners === 'xywh' ? [a, b, a + c, b + d] : [a - c / 2, b - d / 2, a + c / 2, b + d / 2];
  const [wide, high] = frame === 'norm1' ? [placing.input.width, placing.input.height] : [1, 1];
  const x = (value: number): number => (value * wide - placing.offsetX) / placing.scaleX;
  const y = (value: number): number => (value * high - placing.offsetY) / placing.scaleY;
  return [x(x1), y(y1), x(x2), y(y2)];
}

/** Everything that is a place with a name and sure enough. */
function finish(count: number, read: (row: number) => Proposal & { readonly score: number }, { size }: Placing): readonly Proposal[] {
  const found: Proposal[] = [];
  for (let row = 0; row < count; row++) {
    const { label, score, bbox } = read(row);
    if (!(score >= leastScore) || label === '') continue; // NaN is no score
    const clipped = clipBox(bbox, size);
    const tidy = clipped.map(value => Math.round(value * 100) / 100) as unknown as Bbox;
    if (tidy.every(Number.isFinite) && !isDegenerate(tidy)) found.push({ label, score: Math.min(1, Math.round(score * 10_000) / 10_000), bbox: tidy });
  }
  return suppress(found);
}
