import { parseTree } from 'jsonc-parser';
import { messageOf } from '../errors';
import type { Columns } from '../project/project';
import { maskNonFinite } from './maskNonFinite';
import type { FieldType, FrameBox, ParsedRow, RowBox, RowFault } from './row';

type Fields = Readonly<Record<string, unknown>>;

/** Reads one line of a dataset (without its line end). Tolerant: what can be read is read, the rest are faults in words. */
export function parseRow(text: string, columns: Columns): ParsedRow {
  const faults: RowFault[] = [];
  const fields = readFields(text, faults);
  if (!fields) return { row: undefined, faults, types: {} };
  checkKeys(text, fields, columns, faults);
  const field = (name: keyof Columns): unknown => (Object.hasOwn(fields, columns[name]) ? fields[columns[name]] : undefined);
  const wrongType = (name: keyof Columns, wanted: string): void => {
    faults.push({
      severity: 'error', rule: 'dataset/field-type', field: name,
      message: `"${columns[name]}" is not ${wanted}.`, remedy: `Write ${wanted}, or map another field to "${name}" under "columns" in pebr.json.`,
    });
  };
  const text1 = (name: keyof Columns): string => {
    const value = field(name);
    if (typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (value !== undefined && value !== null) wrongType(name, 'a text');
    return '';
  };
  const texts = (name: keyof Columns): readonly string[] => {
    const value = field(name);
    if (value === undefined || value === null) return [];
    if (typeof value === 'string') return [value];
    if (Array.isArray(value) && value.every(item => typeof item === 'string' || typeof item === 'number')) return value.map(String);
    wrongType(name, 'a list of texts');
    return Array.isArray(value) ? value.filter(item => typeof item === 'string') : [];
  };
  const row = {
    qid: text1('qid'),
    problem: text1('problem'),
    answer: text1('answer'),
    images: texts('images'),
    key_words: texts('key_words'),
    boxes: readBoxes(field('boxes'), columns, faults),
  };
  if (row.qid === '') {
    faults.push({
      severity: 'error', rule: 'dataset/missing-qid', field: 'qid', message: `The row has no "${columns.qid}".`,
      remedy: 'Give the row an id of its own; difficulty, rollouts and review find it by that id.',
    });
  }
  return { row, faults, types: typesOf(fields, columns) };
}

function typesOf(fields: Fields, columns: Columns): ParsedRow['types'] {
  const types: Partial<Record<keyof Columns, FieldType>> = {};
  for (const name of Object.keys(columns) as (keyof Columns)[]) {
    const value = Object.hasOwn(fields, columns[name]) ? fields[columns[name]] : undefined;
    if (value === undefined || value === null) continue;
    types[name] = typeof value === 'string' ? 'text' : typeof value === 'object' ? (Array.isArray(value) ? 'list' : 'object') : (typeof value as 'number' | 'boolean');
  }
  return types;
}

/** Keys that readers disagree about. Only a text that could hold such a key is looked at twice: a million rows are read in seconds. */
function checkKeys(text: string, fields: Fields, columns: Columns, faults: RowFault[]): void {
  if (text.includes('__proto__') && Object.hasOwn(fields, '__proto__')) {
    faults.push({ severity: 'error', rule: 'dataset/prototype-key', message: 'The row has a key "__proto__".', remedy: 'Remove or rename it; nothing here reads it.' });
  }
  const names = Object.keys(columns) as (keyof Columns)[];
  const present = names.filter(name => Object.hasOwn(fields, columns[name])).length;
  if ((text.match(keyPattern(columns))?.length ?? 0) <= present) return;
  const keys = keysOf(text);
  for (const name of names.filter(each => keys.indexOf(columns[each]) !== keys.lastIndexOf(columns[each]))) {
    faults.push({
      severity: 'warning', rule: 'dataset/repeated-key', field: name, message: `"${columns[name]}" stands more than once in the row; only the last one is read here.`, remedy: 'Remove the others.',
    });
  }
}

const patterns = new WeakMap<Columns, RegExp>();

/** Finds the columns' keys, at any depth. */
function keyPattern(columns: Columns): RegExp {
  const known = patterns.get(columns) ?? new RegExp(`(?:${Object.values<string>({ ...columns }).map(name => JSON.stringify(name).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})\\s{0,8}:`, 'g');
  patterns.set(columns, known);
  return known;
}

function keysOf(text: string): readonly unknown[] {
  const properties = parseTree(maskNonFinite(text))?.children ?? [];
  return properties.map(property => property.children?.[0]?.value as unknown);
}

function readFields(text: string, faults: RowFault[]): Fields | undefined {
  const masked = maskNonFinite(text);
  if (masked !== text) {
    faults.push({
      severity: 'error', rule: 'dataset/non-finite-number', message: 'The row holds NaN or Infinity, which is no JSON; strict readers refuse the line.',
      remedy: 'Write null or a number in its place.', offset: firstDifference(text, masked),
    });
  }
  try {
    const value: unknown = JSON.parse(masked);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
    faults.push({ severity: 'error', rule: 'dataset/malformed-line', message: 'The line is no JSON object.', remedy: 'Each line is one object: {"qid": …, "problem": …}.', offset: 0 });
  } catch (error) {
    const isCut = !/[}\]]\s*$/.test(text);
    faults.push({
      severity: 'error', rule: 'dataset/malformed-line',
      message: isCut ? 'The line ends in the middle: it was half written.' : `The line is no JSON: ${messageOf(error)}.`,
      remedy: isCut ? 'Write the rest of the row, or delete the line.' : 'Correct the line in the text editor.',
      offset: isCut ? text.length : 0,
    });
  }
  return undefined;
}

function readBoxes(value: unknown, columns: Columns, faults: RowFault[]): readonly RowBox[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    faults.push({
      severity: 'error', rule: 'dataset/field-type', field: 'boxes', message: `"${columns.boxes}" is not a list.`,
      remedy: 'Write a list of {"label": …, "bbox": [a, b, c, d]}.',
    });
    return [];
  }
  return value.flatMap((entry: unknown, index) => {
    const box = readBox(entry, index);
    if (box) return [box];
    faults.push({
      severity: 'error', rule: 'dataset/malformed-box', field: 'boxes', message: `Box ${index + 1} is not {"label", "bbox"} with four numbers.`,
      remedy: 'Correct or delete this entry; it is kept as it is until then.',
    });
    return [];
  });
}

function readBox(entry: unknown, index: number): RowBox | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { label, bbox } = entry as { label?: unknown; bbox?: unknown };
  if (!Array.isArray(bbox) || bbox.length !== 4 || !bbox.every(number => Number.isFinite(number))) return undefined;
  if (label !== undefined && label !== null && typeof label !== 'string' && typeof label !== 'number') return undefined;
  return { index, label: label === undefined || label === null ? '' : String(label), numbers: bbox as unknown as FrameBox };
}

function firstDifference(a: string, b: string): number {
  let index = 0;
  while (a[index] === b[index]) index++;
  return index;
}
