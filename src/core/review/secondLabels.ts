import type { FrameBox } from '../dataset/row';
import type { Row } from '../dataset/row';
import { type JsonObject, textOf, textsOf } from '../parsedLine';

/** A label of a box and its numbers in the dataset's own frame. */
export interface LabeledBox {
  readonly label: string;
  readonly bbox: FrameBox;
}

/** What a person says a sample shows: all that a second person is asked for, too. */
export interface Labels {
  readonly answer: string;
  readonly key_words: readonly string[];
  readonly boxes: readonly LabeledBox[];
}

/** What a second person labeled without having seen the first one's labels; kept beside the sample, never in its row. */
export interface SecondLabels extends Labels {
  /** Who, where they said so. */
  readonly by?: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Once a person has decided between the two: what the first one's labels were until then, so that the agreement that was measured stays. */
  readonly settled?: Labels;
}

export const noLabels: Labels = { answer: '', key_words: [], boxes: [] };

export function labelsOfRow({ answer, key_words, boxes }: Pick<Row, 'answer' | 'key_words' | 'boxes'>): Labels {
  return { answer, key_words, boxes: boxes.map(({ label, numbers }) => ({ label, bbox: numbers })) };
}

/** The row as a second person sees it: its question and images, and only their own labels. */
export function blindRow(row: Row, second: Labels | null): Row {
  const { answer, key_words, boxes } = second ?? noLabels;
  return { ...row, answer, key_words, boxes: boxes.map(({ label, bbox }, index) => ({ index, label, numbers: bbox })) };
}

const mostBoxes = 100_000;

/** Reads what a line of curation has under `second`; undefined where that is no labels, null where there is none. */
export function parseSecond(value: unknown): SecondLabels | null | undefined {
  if (value === undefined || value === null) return null;
  const labels = parseLabels(value);
  if (!labels) return undefined;
  const { by, at, settled } = value as JsonObject;
  const first = settled === undefined || settled === null ? undefined : parseLabels(settled);
  return { ...labels, ...(textOf(by) ? { by: textOf(by) as string } : {}), at: textOf(at) ?? '', ...(first && { settled: first }) };
}

function parseLabels(value: unknown): Labels | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const { answer, key_words, boxes } = value as JsonObject;
  if (boxes !== undefined && !Array.isArray(boxes)) return undefined;
  const read = ((boxes ?? []) as readonly unknown[]).slice(0, mostBoxes).map(parseBox);
  return read.every(box => box !== undefined) ? { answer: textOf(answer) ?? '', key_words: textsOf(key_words), boxes: read as LabeledBox[] } : undefined;
}

function parseBox(value: unknown): LabeledBox | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { label, bbox } = value as JsonObject;
  if (!Array.isArray(bbox) || bbox.length !== 4 || !bbox.every(side => typeof side === 'number' && Number.isFinite(side))) return undefined;
  return { label: textOf(label) ?? '', bbox: bbox as unknown as FrameBox };
}
