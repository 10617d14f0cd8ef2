import * as path from 'node:path';
import { isObject } from '../../core/formats/importedRow';
import type { ForeignRecord, ForeignSource, ReadProgress } from './foreignRecord';
import { readCsv } from './readCsv';
import { asRecord, readJson } from './readJson';
import { readJsonLines } from './readJsonLines';
import { readParquet } from './readParquet';

type Reader = (file: string, progress: ReadProgress, signal: AbortSignal | undefined) => AsyncGenerator<ForeignRecord>;

const readers: Readonly<Record<'json' | 'jsonl' | 'csv' | 'parquet', { readonly words: string; readonly read: Reader }>> = {
  json: { words: 'JSON', read: readRecordsOfJson },
  jsonl: { words: 'JSON Lines', read: readJsonLines },
  csv: { words: 'CSV', read: readCsv },
  parquet: { words: 'Parquet', read: readParquet },
};

/** Files of records, read one after the other. */
export function recordSource(kind: keyof typeof readers, files: readonly string[]): ForeignSource {
  const { words, read } = readers[kind];
  return {
    container: files.length === 1 ? words : `${files.length} files of ${words}`, files, folder: commonFolder(files),
    async *read(progress, signal) {
      for (const file of files) yield* read(file, progress, signal);
    },
  };
}

/** As many objects under keys of their own are read before it is believed that they are the records. */
const believed = 20;

/** The elements of the outermost list, or of the lists in the outermost object; where it has none, the objects under its keys, which are then their ids. */
async function* readRecordsOfJson(file: string, progress: ReadProgress, signal: AbortSignal | undefined): AsyncGenerator<ForeignRecord> {
  let waiting: ForeignRecord[] | undefined = [];
  let hasLists = false;
  for await (const { key, isListed, ...element } of readJson(file, progress, signal)) {
    if (key === undefined) yield asRecord(element);
    else if (!isObject(element.value)) {
      if (element.faults.length > 0) yield { ...element, value: undefined };
    } else if (isListed) {
      hasLists = true;
      yield element;
    } else if (!hasLists) {
      const record = { ...element, value: Object.hasOwn(element.value, 'id') ? element.value : { id: key, ...element.value } };
      waiting?.push(record);
      if (waiting === undefined) yield record;
      else if (waiting.length > believed) {
        yield* waiting;
        waiting = undefined;
      }
    }
  }
  if (!hasLists && waiting) yield* waiting;
}

function commonFolder(files: readonly string[]): string {
  return files.map(file => path.dirname(file)).reduce((common, folder) => {
    let shared = common;
    while (folder !== shared && !folder.startsWith(shared + path.sep) && path.dirname(shared) !== shared) shared = path.dirname(shared);
    return shared;
  });
}
