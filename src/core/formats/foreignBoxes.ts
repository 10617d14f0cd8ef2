import type { FrameBox } from '../dataset/row';
import { parseBoxes } from '../grading/boxes/parseBoxes';
import type { BoxLayout } from './foreignFrame';
import { type ForeignBox, isObject, type JsonObject, own } from './importedRow';
import { parseLiteral } from './parseForeignJson';

export interface ReadBoxes {
  readonly boxes: readonly ForeignBox[];
  /** Entries that are no box. */
  readonly unread: number;
}

interface NamedLayout {
  readonly keys: readonly string[];
  readonly layout: BoxLayout;
}

const lists: readonly (readonly [key: string, layout: BoxLayout | undefined])[] = [
  ['bbox_2d', 'xyxy'], ['box_2d', 'xyxy'], ['xyxy', 'xyxy'], ['bbox_xyxy', 'xyxy'], ['xywh', 'xywh'], ['bbox_xywh', 'xywh'], ['cxcywh', 'cxcywh'],
  ['bbox', undefined], ['box', undefined], ['bndbox', undefined], ['position', undefined], ['Position', undefined], ['coordinates', undefined], ['points', 'xyxy'], ['bboxes', undefined], ['boxes', undefined],
];
const corners: readonly NamedLayout[] = [
  { keys: ['x1', 'y1', 'x2', 'y2'], layout: 'xyxy' }, { keys: ['xmin', 'ymin', 'xmax', 'ymax'], layout: 'xyxy' }, { keys: ['x_min', 'y_min', 'x_max', 'y_max'], layout: 'xyxy' },
  { keys: ['left', 'top', 'right', 'bottom'], layout: 'xyxy' }, { keys: ['x', 'y', 'w', 'h'], layout: 'xywh' }, { keys: ['x', 'y', 'width', 'height'], layout: 'xywh' },
  { keys: ['cx', 'cy', 'w', 'h'], layout: 'cxcywh' }, { keys: ['x_center', 'y_center', 'width', 'height'], layout: 'cxcywh' },
];
const labelKeys = [
  'label', 'category', 'categories', 'labels', 'name', 'names', 'class', 'classes', 'class_name', 'category_name', 'ref', 'refs', 'phrase', 'caption', 'text', 'text_content', 'object', 'description',
  'sent', 'rectanglelabels', 'category_id', 'label_id', 'class_id',
];

/**
 * Boxes in the shapes in which datasets hold them: lists of objects, an object of lists (Hugging Face), bare lists of four, two points,
 * the same as a text of JSON or Python, and the grammars in which models write them. `names` are the classes that numbers stand for.
 */
export function boxesOf(value: unknown, names: readonly string[] = [], label = ''): ReadBoxes {
  if (value === undefined || value === null || value === '') return { boxes: [], unread: 0 };
  if (typeof value === 'string') return boxesOfText(value, names, label);
  const four = fourOf(value);
  if (four) return { boxes: [{ label, numbers: four, ...(isTwoPoints(value) ? { layout: 'xyxy' as const } : {}) }], unread: 0 };
  if (Array.isArray(value)) return joined(value.map((entry: unknown) => (isObject(entry) || Array.isArray(entry) ? boxesOf(entry, names, label) : { boxes: [], unread: 1 })));
  return isObject(value) ? boxesOfObject(value, names, label) : { boxes: [], unread: 1 };
}

/** A value, or a text that is nothing but a bracket of some kind: a sentence with numbers in it is no grounding answer. */
export function isOnlyBoxes(value: unknown): boolean {
  return typeof value !== 'string' || /^\s*(?:<answer>\s*)?(?:```(?:json)?\s*)?[[{(][\s\S]*[\])}]\s*(?:```)?\s*(?:<\/answer>)?\s*$/.test(value);
}

function boxesOfText(text: string, names: readonly string[], label: string): ReadBoxes {
  const fenced = /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/.exec(text)?.[1] ?? text;
  const literal = parseLiteral(fenced);
  if (literal !== undefined) return boxesOf(literal, names, label);
  const spaced = /^\s*\[?\s*(-?[\d.]+)[\s,]+(-?[\d.]+)[\s,]+(-?[\d.]+)[\s,]+(-?[\d.]+)\s*\]?\s*$/.exec(text);
  if (spaced) return boxesOf(spaced.slice(1, 5).map(Number), names, label);
  const boxes = parseBoxes(text).filter(({ fault }) => fault === undefined).map(({ label: written, bbox, grammar }): ForeignBox => ({
    label: written ?? label, numbers: bbox, layout: 'xyxy', isForModel: true, ...(grammar === 'loc' ? { frame: 'norm1024' as const } : {}),
  }));
  return { boxes, unread: boxes.length === 0 ? 1 : 0 };
}

function boxesOfObject(record: JsonObject, names: readonly string[], label: string): ReadBoxes {
  const named = labelKeys.filter(key => own(record, key) !== undefined);
  const said = named.find(key => isNames(record[key])) ?? named[0]; // a name says more than a number of a class
  const centred = centredBox(record, said, names, label);
  if (centred) return { boxes: [centred], unread: 0 };
  for (const [key, layout] of lists) {
    const value = own(record, key);
    if (value === undefined) continue;
    const four = fourOf(value);
    if (four) return { boxes: [boxOf(record, key, said, four, layout ?? (isTwoPoints(value) ? 'xyxy' : undefined), names, label)], unread: 0 };
    if (isObject(value)) return boxesOfObject({ ...value, ...(said === undefined ? {} : { label: record[said] }) }, names, label);
    if (Array.isArray(value) && value.every(entry => Array.isArray(entry) || isObject(entry))) return boxesOfLists(record, value, layout, said, names, label);
  }
  for (const { keys, layout } of corners) {
    const four = fourOf(keys.map(key => own(record, key)));
    if (four) return { boxes: [boxOf(record, keys, said, four, layout, names, label)], unread: 0 };
  }
  return { boxes: [], unread: 1 };
}

/** CreateML's `{label, coordinates: {x, y, width, height}}`: pixels, and x and y are the centre, which the numbers alone would not tell. */
function centredBox(record: JsonObject, said: string | undefined, names: readonly string[], label: string): ForeignBox | undefined {
  const coordinates = own(record, 'coordinates');
  if (!isObject(coordinates) || Object.keys(coordinates).length !== 4) return undefined;
  const four = fourOf(['x', 'y', 'width', 'height'].map(key => own(coordinates, key)));
  if (!four) return undefined;
  const [x, y, width, height] = four;
  return { ...boxOf(record, 'coordinates', said, [x - width / 2, y - height / 2, width, height], 'xywh', names, label), frame: 'coco-xywh' };
}

/** `{bbox: [[…], […]], category: [1, 2]}`: the i-th box has the i-th label. */
function boxesOfLists(record: JsonObject, list: readonly unknown[], layout: BoxLayout | undefined, said: string | undefined, names: readonly string[], label: string): ReadBoxes {
  const labels = said === undefined ? undefined : record[said];
  return joined(list.map((entry, index) => {
    const four = fourOf(entry);
    if (!four) return { boxes: [], unread: 1 };
    const own = Array.isArray(labels) ? labels[index] as unknown : labels;
    return { boxes: [{ label: labelText(own, names, label), numbers: four, ...(layout ? { layout } : {}), ...('bbox_2d' in record ? { isForModel: true } : {}) }], unread: 0 };
  }));
}

function boxOf(record: JsonObject, used: string | readonly string[], said: string | undefined, numbers: FrameBox, layout: BoxLayout | undefined, names: readonly string[], label: string): ForeignBox {
  const rest = Object.entries(record).filter(([key, value]) => !used.includes(key) && key !== used && key !== said && !labelKeys.slice(0, 2).includes(key) && key !== 'bbox' && key !== '__proto__' && value !== null);
  return {
    label: labelText(said === undefined ? undefined : record[said], names, label), numbers, ...(used === 'bbox_2d' ? { isForModel: true } : {}),
    ...('rectanglelabels' in record ? { frame: 'percent-xywh' as const } : {}), // Label Studio counts in per cent of the image
    ...(layout ? { layout } : {}), ...(rest.length > 0 ? { extra: Object.fromEntries(rest) } : {}),
  };
}

function isNames(value: unknown): boolean {
  return typeof value === 'string' || (Array.isArray(value) && value.length > 0 && value.every(item => typeof item === 'string'));
}

function labelText(value: unknown, names: readonly string[], otherwise: string): string {
  if (typeof value === 'number') return names[value] ?? String(value);
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.length === 1) return labelText(value[0], names, otherwise);
  return otherwise;
}

/** Four numbers, also as texts or as two points; undefined for anything else. */
function fourOf(value: unknown): FrameBox | undefined {
  if (!Array.isArray(value)) return undefined;
  const flat: readonly unknown[] = isTwoPoints(value) ? (value as unknown[][]).flat() : value;
  if (flat.length !== 4) return undefined;
  const numbers = flat.map(number => (typeof number === 'string' && number.trim() !== '' ? Number(number) : number));
  return numbers.every(number => typeof number === 'number' && Number.isFinite(number)) ? (numbers as unknown as FrameBox) : undefined;
}

function isTwoPoints(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2 && value.every(point => Array.isArray(point) && point.length === 2 && point.every(number => typeof number === 'number'));
}

function joined(parts: readonly ReadBoxes[]): ReadBoxes {
  return { boxes: parts.flatMap(part => part.boxes), unread: parts.reduce((sum, part) => sum + part.unread, 0) };
}
