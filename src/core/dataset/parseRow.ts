import { messageOf } from '../errors';
import type { Columns } from '../project/project';
import { hasHalfCharacter } from './halfCharacter';
import { LongNumber, parseExact } from './longNumber';
import { maskNonFinite } from './maskNonFinite';
import { topLevelProperties } from './topLevelProperties';
import type { FieldType, FrameBox, ParsedRow, RowBox, RowFault } from './row';

type Fields = Readonly<Record<string, unknown>>;

/** Characters of a line that is still read; a row with all its images inside is shorter. */
const longestLine = 16 << 20;

/** Reads one line of a dataset (without its line end). Tolerant: what can be read is read, the rest are faults in words. */
export function parseRow(text: string, columns: Columns): ParsedRow {
  const faults: RowFault[] = [];
  const fields = readFields(text, faults);
  if (!fields) return { row: undefined, faults, types: noTypes };
  checkKeys(text, fields, columns, faults);
  const row = {
    qid: readText(fields, 'qid', columns, faults),
    problem: readText(fields, 'problem', columns, faults),
    answer: readText(fields, 'answer', columns, faults),
    images: readTexts(fields, 'images', columns, faults),
    key_words: readTexts(fields, 'key_words', columns, faults),
    boxes: readBoxes(fieldOf(fields, columns.boxes), columns, faults),
  };
  if (row.qid === '' || row.qid.trim() === '') {
    faults.push({
      severity: 'error', rule: 'dataset/missing-qid', field: 'qid', message: `The row has no "${columns.qid}".`,
      remedy: 'Give the row an id of its own; difficulty, rollouts and review find it by that id.',
    });
  }
  return { row, faults, types: typesOf(fields, columns), fields };
}

function fieldOf(fields: Fields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function readText(fields: Fields, name: keyof Columns, columns: Columns, faults: RowFault[]): string {
  const value = fieldOf(fields, columns[name]);
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || value instanceof LongNumber) return String(value);
  if (value !== undefined && value !== null) faults.push(wrongType(name, 'a text', columns));
  return '';
}

function readTexts(fields: Fields, name: keyof Columns, columns: Columns, faults: RowFault[]): readonly string[] {
  const value = fieldOf(fields, columns[name]);
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) {
    faults.push(wrongType(name, 'a list of texts', columns));
    return [];
  }
  if (value.every(isText)) return value;
  faults.push(wrongType(name, 'a list of texts', columns));
  return value.filter(item => typeof item === 'string' || typeof item === 'number' || item instanceof LongNumber).map(String);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function wrongType(name: keyof Columns, wanted: string, columns: Columns): RowFault {
  return {
    severity: 'error', rule: 'dataset/field-type', field: name,
    message: `"${columns[name]}" is not ${wanted}.`, remedy: `Write ${wanted}, or map another field to "${name}" under "columns" in pebr.json.`,
  };
}

const columnNames: readonly (keyof Columns)[] = ['qid', 'problem', 'answer', 'images', 'key_words', 'boxes'];
const fieldTypes: readonly (FieldType | undefined)[] = [undefined, 'text', 'number', 'boolean', 'list', 'object'];
const noTypes: ParsedRow['types'] = {};
/** The rows of a dataset are of very few shapes, and rows of one shape share its object: counting a million of them makes nothing new. */
const shapes = new Map<number, ParsedRow['types']>();

function typesOf(fields: Fields, columns: Columns): ParsedRow['types'] {
  let code = 0;
  for (const name of columnNames) code = code * fieldTypes.length + typeCode(fieldOf(fields, columns[name]));
  const known = shapes.get(code);
  if (known) return known;
  const types: Partial<Record<keyof Columns, FieldType>> = {};
  for (const name of columnNames) {
    const type = fieldTypes[typeCode(fieldOf(fields, columns[name]))];
    if (type) types[name] = type;
  }
  shapes.set(code, types);
  return types;
}

function typeCode(value: unknown): number {
  switch (typeof value) {
    case 'string': return 1;
    case 'number': return 2;
    case 'boolean': return 3;
    case 'object': return value === null ? 0 : value instanceof LongNumber ? 2 : Array.isArray(value) ? 4 : 5;
    default: return 0;
  }
}

/** Keys that readers disagree about. Only a text that could hold such a key is looked at twice: a million rows are read in seconds. */
function checkKeys(text: string, fields: Fields, columns: Columns, faults: RowFault[]): void {
  if (Object.hasOwn(fields, '__proto__')) {
    faults.push({ severity: 'error', rule: 'dataset/prototype-key', message: 'The row has a key "__proto__".', remedy: 'Remove or rename it; nothing here reads it.' });
  }
  const { total, ownKeys } = countKeys(text, fields, columns);
  if (total <= ownKeys) return;
  const keys = topLevelKeys(text);
  for (const name of columnNames.filter(each => keys.indexOf(columns[each]) !== keys.lastIndexOf(columns[each]))) {
    faults.push({
      severity: 'warning', rule: 'dataset/repeated-key', field: name, message: `"${columns[name]}" stands more than once in the row; only the last one is read here.`, remedy: 'Remove the others.',
    });
  }
}

const patterns = new WeakMap<Columns, RegExp>();

/** How often the columns' keys are found at any depth, and how many of them the row has itself. */
function countKeys(text: string, fields: Fields, columns: Columns): { readonly total: number; readonly ownKeys: number } {
  let ownKeys = 0;
  for (const name of columnNames) if (Object.hasOwn(fields, columns[name])) ownKeys++;
  const pattern = keyPattern(columns);
  let total = 0;
  pattern.lastIndex = 0;
  while (pattern.test(text)) total++;
  return { total, ownKeys };
}

/** Finds the columns' keys, at any depth. */
function keyPattern(columns: Columns): RegExp {
  const known = patterns.get(columns) ?? new RegExp(`(?:${Object.values<string>({ ...columns }).map(name => JSON.stringify(name).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})\\s{0,8}:`, 'g');
  patterns.set(columns, known);
  return known;
}

function topLevelKeys(text: string): readonly string[] {
  return [...topLevelProperties(text)].map(property => property.key);
}

function readFields(text: string, faults: RowFault[]): Fields | undefined {
  if (text.length > longestLine) {
    faults.push({
      severity: 'error', rule: 'dataset/long-line', message: `The line has more than ${longestLine >> 20} million characters and is not read.`,
      remedy: 'Put what makes it so long into files of their own, or delete the line.', offset: 0,
    });
    return undefined;
  }
  try {
    const value = parseExact(text);
    if (hasHalfCharacter(text, value)) {
      faults.push({
        severity: 'error', rule: 'dataset/invalid-utf8', message: 'The row holds half a character: an escape such as \\ud83d without its other half, which has no UTF-8.',
        remedy: 'Write the whole character, or delete the escape; tokenizers and Parquet stop at it.', offset: Math.max(0, text.search(/\\u[dD][89a-fA-F]/)),
      });
    }
    return objectOf(value, faults);
  } catch (error) {
    const masked = maskNonFinite(text);
    if (masked !== text) {
      faults.push({
        severity: 'error', rule: 'dataset/non-finite-number', message: 'The row holds NaN or Infinity, which is no JSON; strict readers refuse the line.',
        remedy: 'Write null or a number in its place.', offset: firstDifference(text, masked),
      });
    }
    return masked === text ? malformed(text, error, faults) : readMasked(masked, faults);
  }
}

function readMasked(masked: string, faults: RowFault[]): Fields | undefined {
  try {
    return objectOf(JSON.parse(masked), faults);
  } catch (error) {
    return malformed(masked, error, faults);
  }
}

function objectOf(value: unknown, faults: RowFault[]): Fields | undefined {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  faults.push({ severity: 'error', rule: 'dataset/malformed-line', message: 'The line is no JSON object.', remedy: 'Each line is one object: {"qid": …, "problem": …}.', offset: 0 });
  return undefined;
}

function malformed(text: string, error: unknown, faults: RowFault[]): undefined {
  const isCut = /^\s*[{[]/.test(text) && !/[}\]]\s*$/.test(text);
  faults.push({
    severity: 'error', rule: 'dataset/malformed-line',
    message: isCut ? 'The line ends in the middle: it was half written.' : `The line is no JSON: ${messageOf(error)}.`,
    remedy: isCut ? 'Write the rest of the row, or delete the line.' : 'Correct the line in the text editor.',
    offset: isCut ? text.length : 0,
  });
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
  const boxes: RowBox[] = [];
  for (let index = 0; index < value.length; index++) {
    const box = readBox(value[index], index);
    if (box) boxes.push(box);
    else {
      faults.push({
        severity: 'error', rule: 'dataset/malformed-box', field: 'boxes', message: `Box ${index + 1} is not {"label", "bbox"} with four numbers.`,
        remedy: 'Correct or delete this entry; it is kept as it is until then.',
      });
    }
  }
  return boxes;
}

function readBox(entry: unknown, index: number): RowBox | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { label, bbox } = entry as { label?: unknown; bbox?: unknown };
  if (!Array.isArray(bbox) || bbox.length !== 4 || !(Number.isFinite(bbox[0]) && Number.isFinite(bbox[1]) && Number.isFinite(bbox[2]) && Number.isFinite(bbox[3]))) return undefined;
  if (label !== undefined && label !== null && typeof label !== 'string' && typeof label !== 'number') return undefined;
  return { index, label: label === undefined || label === null ? '' : String(label), numbers: bbox as unknown as FrameBox };
}

function firstDifference(a: string, b: string): number {
  let index = 0;
  while (a[index] === b[index]) index++;
  return index;
}
