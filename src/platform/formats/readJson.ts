import { parseForeignJson } from '../../core/formats/parseForeignJson';
import { isObject, type ImportFault } from '../../core/formats/importedRow';
import { type JsonPiece, JsonSplitter } from '../../core/formats/jsonSplitter';
import { fileChunks, textOfBytes, watchSize } from './fileChunks';
import type { ForeignRecord, ReadProgress } from './foreignRecord';

/** An element of a JSON document with the key of the outermost object that it stands under. */
export interface JsonElement extends ForeignRecord {
  readonly key: string | undefined;
  /** It stands in a list, not as the value of the key itself. */
  readonly isListed: boolean;
}

/** Bytes of the longest record that is held; a longer one is told and passed over. */
export const longestRecord = 64 << 20;

/** The elements of the outermost list of a JSON file, or of the lists and values in its outermost object, one at a time. */
export async function* readJson(file: string, progress: ReadProgress, signal: AbortSignal | undefined): AsyncGenerator<JsonElement> {
  let pieces: JsonPiece[] = [];
  const splitter = new JsonSplitter(piece => pieces.push(piece), bytes => keyOf(bytes), longestRecord);
  const changed = await watchSize(file);
  const numbered = numberer();
  for await (const chunk of fileChunks(file, progress, signal)) {
    splitter.push(chunk);
    for (const piece of pieces) yield { ...elementOf(file, piece), ...numbered(piece) };
    pieces = [];
  }
  splitter.end();
  for (const piece of pieces) yield { ...elementOf(file, piece), ...numbered(piece) };
  const faults: ImportFault[] = [...(await changed())];
  if (!splitter.isClosed && pieces.every(piece => piece.end !== 'cut')) faults.push({ severity: 'error', rule: 'import/truncated', message: 'The file ends before its outermost bracket is closed.', remedy: 'What was there is imported; get the whole file for the rest.' });
  if (splitter.hasMore) faults.push({ severity: 'warning', rule: 'import/more-text', message: 'There is more text behind the end of the JSON document.', remedy: 'It is not read. If the file is several documents, write one a line (JSON Lines).' });
  if (faults.length > 0) yield { file, key: undefined, isListed: false, faults };
}

/** Tells the number of an element in its list from where a line holds more than one: there the line says little. */
function numberer(): (piece: JsonPiece) => { readonly element?: number } {
  let list: string | undefined;
  let number = 0;
  let last = 0;
  let isShared = false;
  return ({ key, isListed, line }) => {
    if (!isListed) return {};
    if (list !== key) [list, number, isShared, last] = [key, 0, false, 0];
    number++;
    isShared ||= line === last;
    last = line;
    return isShared ? { element: number } : {};
  };
}

function elementOf(file: string, { key, isListed, bytes, line, end }: JsonPiece): JsonElement {
  const place = { file, line, key, isListed };
  if (end === 'long') return { ...place, faults: [tooLong] };
  const { text, faults } = textOfBytes(bytes);
  if (end === 'cut') return { ...place, faults: [...faults, { severity: 'error', rule: 'import/truncated', message: 'The file ends in the middle of this record.', remedy: 'Get the whole file; the records before it are imported.' }] };
  if (end === 'broken') {
    return { ...place, faults: [...faults, { severity: 'error', rule: 'import/malformed-json', message: 'The record is no JSON: a bracket or a quote is missing, or a text holds a line break.', remedy: 'Correct it in the source file; the record is left out, the others are read.' }] };
  }
  const read = parseForeignJson(text);
  return { ...place, faults: [...faults, ...read.faults], ...(read.value === undefined ? {} : { value: read.value }) };
}

export const tooLong: ImportFault = {
  severity: 'error', rule: 'import/long-record', message: `The record is longer than ${longestRecord >> 20} MB.`, remedy: 'It is left out. Images belong into files of their own, not into the rows.',
};

export const notAnObject: ImportFault = { severity: 'error', rule: 'import/not-an-object', message: 'The record is no object with named fields.', remedy: 'It is left out.' };

/** The element as a record, told where it is no object. */
export function asRecord(element: ForeignRecord): ForeignRecord {
  return element.value === undefined || isObject(element.value) ? element : { ...element, value: undefined, faults: [...element.faults, notAnObject] };
}

function keyOf(bytes: Uint8Array): string {
  const { text } = textOfBytes(bytes);
  try {
    return String(JSON.parse(text));
  } catch {
    return text; // a torn key: shown as it is
  }
}
