import { rm } from 'node:fs/promises';
import { AppError, messageOf } from '../../core/errors';
import { exactJson } from '../../core/dataset/longNumber';
import type { EncodedSample } from '../../core/formats/exportSample';
import type { JsonObject } from '../../core/parsedLine';
import type { ExportTarget, ImageMode } from '../../core/formats/exportTarget';
import { sqlName, sqlText } from '../../core/query/sqlLiteral';
import { withDuckDb } from '../duckdb/openDuckDb';
import { TextFile } from './textFile';

/** Takes the samples of one split. */
export interface SampleWriter {
  /** Waits only where something is to be written. */
  add(sample: EncodedSample): Promise<void> | undefined;
  finish(): Promise<void>;
  /** Lets go of what is open; what was written is removed with its folder. */
  abandon(): Promise<void>;
}

export type RowOf = (sample: EncodedSample) => JsonObject;

/** One JSON object a line. */
export async function createJsonLines(file: string, rowOf: RowOf): Promise<SampleWriter> {
  const text = await TextFile.create(file);
  return {
    add: sample => text.write(exactJson(rowOf(sample), sample.extra), '\n'),
    finish: () => text.close(),
    abandon: () => text.abandon(),
  };
}

/** One JSON array, a row on a line. */
export async function createJsonArray(file: string, rowOf: RowOf): Promise<SampleWriter> {
  const text = await TextFile.create(file);
  let isFirst = true;
  return {
    add: sample => {
      const start = isFirst ? '[\n' : ',\n';
      isFirst = false;
      return text.write(start, exactJson(rowOf(sample), sample.extra));
    },
    finish: async () => {
      await text.write(isFirst ? '[]\n' : '\n]\n');
      await text.close();
    },
    abandon: () => text.abandon(),
  };
}

/** Rows with bytes are large: fewer of them are held at once. */
const rowGroup = { bytes: 500, paths: 50_000 };

/** Parquet by DuckDB, made from a file of lines that is removed again. */
export async function createParquet(file: string, target: ExportTarget, images: ImageMode, rowOf: RowOf): Promise<SampleWriter> {
  const columns = target.columns?.(images) ?? {};
  const lines = `${file}.lines`;
  const text = await TextFile.create(lines);
  let longest = 0;
  return {
    add: sample => {
      const line = exactJson(rowOf(sample), sample.extra);
      longest = Math.max(longest, line.length);
      return text.write(line, '\n');
    },
    finish: async () => {
      await text.closeUnsynced();
      try {
        await withDuckDb(connection => connection.run(copyStatement(lines, file, columns, images, target, longest)).then(() => undefined));
      } catch (error) {
        if (error instanceof AppError) throw error;
        throw new AppError('file.unwritable', { file, reason: messageOf(error).split('\n', 1)[0] ?? '' }, { cause: error });
      }
      await rm(lines);
    },
    abandon: () => text.abandon(),
  };
}

function copyStatement(lines: string, file: string, columns: Readonly<Record<string, string>>, images: ImageMode, target: ExportTarget, longest: number): string {
  const isEmbedded = images === 'embed';
  // Bytes come as base64 in the lines.
  const types = Object.entries(columns).map(([name, type]) => `${sqlText(name)}: ${sqlText(type.replace('"bytes" BLOB', '"bytes" VARCHAR'))}`);
  const selected = Object.keys(columns).map(name => (columns[name]?.includes('BLOB')
    ? `[{'bytes': from_base64(image."bytes"), 'path': image."path"} FOR image IN ${sqlName(name)}] AS ${sqlName(name)}`
    : sqlName(name)));
  const features = target.features?.(images);
  const metadata = features ? `, KV_METADATA {huggingface: ${sqlText(JSON.stringify({ info: { features: { ...featuresOf(columns), ...features } } }))}}` : '';
  return `COPY (SELECT ${selected.join(', ')} FROM read_json(${sqlText(withoutGlob(lines))}, format = 'newline_delimited', columns = {${types.join(', ')}}, maximum_object_size = ${Math.max(1 << 20, 3 * longest)}))
    TO ${sqlText(file)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${isEmbedded ? rowGroup.bytes : rowGroup.paths}${metadata})`;
}

/** A path that DuckDB takes by its letters: brackets and stars in a folder's name are no pattern. */
function withoutGlob(file: string): string {
  return file.replace(/[*?[]/g, sign => `[${sign}]`);
}

/** What Hugging Face `datasets` calls DuckDB's types. */
function featuresOf(columns: Readonly<Record<string, string>>): JsonObject {
  return Object.fromEntries(Object.entries(columns).map(([name, type]) => [name, featureOf(type)]));
}

function featureOf(type: string): unknown {
  if (type.endsWith('[]')) return [featureOf(type.slice(0, -2))];
  if (type.startsWith('STRUCT(')) return Object.fromEntries(fieldsOf(type.slice('STRUCT('.length, -1)).map(([name, inner]) => [name, featureOf(inner)]));
  const names: Readonly<Record<string, string>> = { VARCHAR: 'string', DOUBLE: 'float64', BIGINT: 'int64', BLOB: 'binary' };
  return { dtype: names[type] ?? 'string', _type: 'Value' };
}

/** `"a" X, "b" STRUCT(…)` → its fields. */
function fieldsOf(text: string): readonly (readonly [name: string, type: string])[] {
  const fields: string[] = [];
  let depth = 0;
  let start = 0;
  [...text].forEach((character, at) => {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (character !== ',' || depth > 0) return;
    fields.push(text.slice(start, at));
    start = at + 1;
  });
  fields.push(text.slice(start));
  return fields.map(field => {
    const [, name = '', type = ''] = /^\s*"([^"]+)"\s+(.*)$/s.exec(field) ?? [];
    return [name, type];
  });
}
