import { parseExact } from '../../core/dataset/longNumber';
import { maskNonFinite } from '../../core/dataset/maskNonFinite';
import type { Columns } from '../../core/project/project';
import { fieldColumn, type KnownColumn } from '../../core/query/queryColumns';
import type { DatasetFile } from '../dataset/datasetFile';

/** Rows that are looked at: the first ones, and a few at places all over the file. */
const first = 400;
const places = 20;
const atEach = 10;
const mostFields = 500;

/** Top-level fields of the rows that are none of ours, as columns, by field name. A field of which some values are texts is a text. */
export async function findFields(dataset: DatasetFile, columns: Columns): Promise<ReadonlyMap<string, KnownColumn>> {
  const types = new Map<string, KnownColumn['type']>();
  const ours = new Set<string>(Object.values({ ...columns }));
  for await (const text of sampledTexts(dataset)) {
    for (const [field, value] of Object.entries(fieldsOf(text))) {
      const type = typeOf(value);
      if (!/^[^\x00-\x1f]/.test(field) || ours.has(field) || type === undefined || (!types.has(field) && types.size >= mostFields)) continue;
      types.set(field, types.has(field) && types.get(field) !== type ? 'text' : type);
    }
  }
  const names = new Set<string>();
  const found = new Map<string, KnownColumn>();
  for (const [field, type] of types) {
    const column = fieldColumn(field, type);
    if (names.has(column.name.toLowerCase())) continue; // SQL cannot tell `Source` and `source` apart: the first one is meant
    names.add(column.name.toLowerCase());
    found.set(field, column);
  }
  return found;
}

async function* sampledTexts(dataset: DatasetFile): AsyncGenerator<string> {
  for (const { text } of await dataset.readRows(0, first)) yield text;
  const rowCount = await dataset.count();
  for (let place = 1; place <= places && rowCount > first; place++) {
    const from = Math.max(first, Math.floor((rowCount * place) / places) - atEach);
    for (const { text } of await dataset.readRows(from, Math.min(rowCount, from + atEach))) yield text;
  }
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = parseExact(maskNonFinite(text));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
  } catch {
    return {}; // the linter tells of it
  }
}

/** Numbers that a double cannot hold are compared by their digits. */
function typeOf(value: unknown): KnownColumn['type'] | undefined {
  if (value === null) return undefined;
  if (Array.isArray(value)) return 'list';
  return typeof value === 'number' || typeof value === 'boolean' ? (typeof value as 'number' | 'boolean') : 'text';
}
