import * as path from 'node:path';
import type { ForeignRecord, ForeignSource, ReadProgress } from './foreignRecord';
import { readCsv } from './readCsv';
import { readJsonLines } from './readJsonLines';
import { readParquet } from './readParquet';
import { recordsOfJson } from './recordsOfJson';

type Reader = (file: string, split: string | undefined, progress: ReadProgress, signal: AbortSignal | undefined) => AsyncGenerator<ForeignRecord>;

const readers: Readonly<Record<'json' | 'jsonl' | 'csv' | 'parquet', { readonly words: string; readonly read: Reader }>> = {
  json: { words: 'JSON', read: recordsOfJson },
  jsonl: { words: 'JSON Lines', read: (file, _, ...rest) => readJsonLines(file, ...rest) },
  csv: { words: 'CSV', read: (file, _, ...rest) => readCsv(file, ...rest) },
  parquet: { words: 'Parquet', read: (file, _, ...rest) => readParquet(file, ...rest) },
};

/** Files of records, read one after the other; `split` chooses a list of a JSON document. */
export function recordSource(kind: keyof typeof readers, files: readonly string[], split?: string): ForeignSource {
  const { words, read } = readers[kind];
  return {
    container: files.length === 1 ? words : `${files.length} files of ${words}`, files, folder: commonFolder(files),
    async *read(progress, signal) {
      for (const file of files) yield* read(file, split, progress, signal);
    },
  };
}

function commonFolder(files: readonly string[]): string {
  return files.map(file => path.dirname(file)).reduce((common, folder) => {
    let shared = common;
    while (folder !== shared && !folder.startsWith(shared + path.sep) && path.dirname(shared) !== shared) shared = path.dirname(shared);
    return shared;
  });
}
