import { open } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError } from '../../core/errors';
import { isObject, type JsonObject, own } from '../../core/formats/importedRow';
import { listsIn } from '../../core/formats/jsonColumns';
import { toolXmlOf } from '../../core/formats/toolFormats';
import { unreadable } from './fileChunks';
import { readJson } from './readJson';
import { splitOf } from './splits';

export type SourceKind = 'json' | 'jsonl' | 'csv' | 'parquet' | 'coco' | 'yolo' | 'voc';

const headBytes = 256 << 10;

interface Unread {
  readonly begins: readonly number[];
  readonly what: string;
  readonly remedy: string;
}

const unread: readonly Unread[] = [
  { begins: [0x1f, 0x8b], what: 'it is compressed (gzip)', remedy: 'Unpack it first: gunzip FILE.' },
  { begins: [0x50, 0x4b, 0x03, 0x04], what: 'it is a zip archive', remedy: 'Unpack it first.' },
  { begins: [0x28, 0xb5, 0x2f, 0xfd], what: 'it is compressed (zstd)', remedy: 'Unpack it first: unzstd FILE.' },
  { begins: [0x42, 0x5a, 0x68], what: 'it is compressed (bzip2)', remedy: 'Unpack it first: bunzip2 FILE.' },
  { begins: [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31], what: 'it is an Arrow file', remedy: arrowRemedy() },
  { begins: [0xff, 0xff, 0xff, 0xff], what: 'it is an Arrow stream (datasets.save_to_disk)', remedy: arrowRemedy() },
  { begins: [0x89, 0x48, 0x44, 0x46], what: 'it is HDF5', remedy: 'Write it as Parquet with pandas: df.to_parquet("data.parquet").' },
  { begins: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], what: 'it is an SQLite database', remedy: 'Write the table as CSV or Parquet.' },
];
const pickle = 'it is a Python pickle, which runs code when it is read. RefCOCO\'s refs(*).p becomes JSON with: '
  + 'python -c "import json, pickle; json.dump(pickle.load(open(\'refs(unc).p\', \'rb\')), open(\'refs.json\', \'w\'))"; then import refs.json with instances.json beside it.';

/** What a file is, from its first bytes. Throws `dataset.unreadable` with what to do for files that are not read. */
export async function containerOf(file: string, forced?: SourceKind): Promise<SourceKind> {
  const { head, isWhole } = await headOf(file);
  if (head.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  const known = unread.find(({ begins }) => begins.every((byte, index) => head[index] === byte));
  if (known) throw unreadable(file, new Error(`${known.what}. ${known.remedy}`));
  if ((head[0] === 0x80 && (head[1] ?? 9) <= 5) || /\.(?:p|pkl|pickle)$/i.test(file)) throw unreadable(file, new Error(pickle));
  const text = head.toString('utf8').replace(/^\ufeff/, '');
  if (forced) return forced;
  if (text.trim() === '') throw unreadable(file, new Error(head.length === 0 ? 'it is empty' : 'it holds nothing but blanks'));
  if (/^(?:\xff\xfe|\xfe\xff)/.test(head.subarray(0, 2).toString('latin1'))) throw unreadable(file, new Error('it is UTF-16; save it as UTF-8'));
  if (text.includes('\0')) throw unreadable(file, new Error('it is no text file, and no format that is known here'));
  const [first] = text.trimStart();
  if (/\.(?:jsonl|ndjson)$/i.test(file) && first !== '[') return 'jsonl';
  if (first === '[') return 'json';
  if (first === '{') return isLines(text, isWhole) ? 'jsonl' : kindOfDocument(file);
  const xml = first === '<' ? toolXmlOf(text) : undefined;
  if (xml !== undefined) throw unreadable(file, new Error(xml));
  if (first === '<') return 'voc';
  if (/\.ya?ml$/i.test(file) || /^(?:classes\.txt|obj\.names)$/.test(path.basename(file))) return 'yolo';
  if (/\.(?:csv|tsv|tab)$/i.test(file) || /[,\t;|]/.test(text.split('\n', 1)[0] ?? '')) return 'csv';
  throw unreadable(file, new Error('it is neither JSON, JSON Lines, CSV, Parquet nor XML. For YOLO labels give their folder.'));
}

/** Whether a file that begins with an object has one a line. */
function isLines(text: string, isWhole: boolean): boolean {
  const [line = '', ...rest] = text.trimStart().split('\n');
  const isOneLine = rest.every(each => each.trim() === '');
  if (isOneLine && !isWhole) return false; // one line longer than the head: a document
  try {
    const value: unknown = JSON.parse(line);
    return !isOneLine || !isDocument(value);
  } catch {
    return false; // an object over several lines
  }
}

/** Whether an object that stands alone holds the records, rather than being one. */
function isDocument(value: unknown): boolean {
  if (!isObject(value)) return false;
  const inner = Object.values(value);
  if (inner.length > 0 && inner.every(isObject)) return true; // records under their ids, or columns
  if (isTable(value) || inner.some(each => isObject(each) && splitsIn(each))) return true;
  return Object.values(value).some(inner => Array.isArray(inner) && inner.length > 0 && inner.every(isObject) && inner.some(entry => isObject(entry) && own(entry, 'from') === undefined && own(entry, 'role') === undefined));
}

/** `{"columns": […], "data": [[…]]}` of pandas. */
function isTable(value: JsonObject): boolean {
  const data = own(value, 'data');
  return Array.isArray(own(value, 'columns')) && Array.isArray(data) && data.some(Array.isArray);
}

/** `{"train": [{…}], "test": [{…}]}` */
function splitsIn(value: JsonObject): boolean {
  return (listsIn(value) ?? []).some(([name]) => splitOf(`${name}/`) !== undefined);
}

/** An object that holds lists: COCO, or records under a key. Only as much is read as tells which. */
async function kindOfDocument(file: string): Promise<SourceKind> {
  let objects = 0;
  let texts = 0;
  const columns: unknown[] = [];
  for await (const { key, value, isListed } of readJson(file, { done: 0, total: 0 }, undefined)) {
    if (isListed && key === 'data' && Array.isArray(value) && columns.length === value.length && columns.length > 0) return 'json';
    if (isListed && key === 'columns') columns.push(value);
    if (!isObject(value)) texts += isListed || value === undefined ? 0 : 1;
    if (!isObject(value)) continue;
    objects += isListed || splitsIn(value) ? 1000 : 1;
    if (key === 'images' && own(value, 'file_name') !== undefined && own(value, 'id') !== undefined) return 'coco';
    if (key === 'annotations' && own(value, 'image_id') !== undefined) return 'coco';
    if (key !== 'categories' && key !== 'info' && key !== 'licenses' && objects > texts + 3) return 'json';
  }
  if (objects > texts) return 'json';
  throw unreadable(file, new Error('it is a JSON object without a list of records in it. Objects one after the other belong one on a line: jq -c . FILE > FILE.jsonl'));
}

async function headOf(file: string): Promise<{ readonly head: Buffer; readonly isWhole: boolean }> {
  const handle = await open(file, 'r').catch((error: unknown) => Promise.reject(unreadable(file, error)));
  try {
    const buffer = Buffer.alloc(headBytes);
    const { bytesRead } = await handle.read(buffer, 0, headBytes, 0);
    return { head: buffer.subarray(0, bytesRead), isWhole: bytesRead < headBytes };
  } catch (error) {
    throw error instanceof AppError ? error : unreadable(file, error);
  } finally {
    await handle.close();
  }
}

function arrowRemedy(): string {
  return 'Write it as Parquet: python -c "import datasets; datasets.load_from_disk(\'FOLDER\').to_parquet(\'data.parquet\')".';
}
