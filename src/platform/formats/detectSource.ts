import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError } from '../../core/errors';
import { type CocoImage, importCoco } from '../../core/formats/coco/importCoco';
import { detectFormat, type FormatId, recordFormats } from '../../core/formats/detectFormat';
import { type Imported, type ImportOptions, isObject, type JsonObject } from '../../core/formats/importedRow';
import { toolFormatOf } from '../../core/formats/toolFormats';
import { importVoc, type VocFile } from '../../core/formats/voc/importVoc';
import { importYolo, type YoloImage } from '../../core/formats/yolo/importYolo';
import { containerOf } from './containerOf';
import { dataFilesOf } from './dataFilesOf';
import { unreadable } from './fileChunks';
import type { ForeignRecord, ForeignSource } from './foreignRecord';
import { joinAnnotations } from './joinAnnotations';
import { labelMapBeside } from './labelMapBeside';
import { readCoco } from './readCoco';
import { parquetLabels } from './readParquet';
import { readVoc } from './readVoc';
import { readYolo } from './readYolo';
import { recordSource } from './recordSource';

/** What a path holds, and how its records become rows. */
export interface DetectedSource {
  readonly source: ForeignSource;
  readonly format: FormatId;
  readonly title: string;
  /** Why it is taken for this format, in words. */
  readonly reason: string;
  /** Formats that could be meant as well. */
  readonly others: readonly FormatId[];
  /** Names of numbered classes that the files give. */
  readonly labels: readonly string[];
  convert(value: unknown, options: ImportOptions): Imported;
}

export const importFormats: readonly { readonly id: FormatId; readonly title: string }[] = [
  ...recordFormats.map(({ id, title }) => ({ id, title })), { id: 'coco', title: 'COCO' }, { id: 'yolo', title: 'YOLO' }, { id: 'voc', title: 'Pascal VOC' },
];
const containers = ['json', 'jsonl', 'csv', 'parquet'] as const;
export type Container = (typeof containers)[number];

const lookedAt = 50;

/**
 * Finds out from its content what a file or folder is; `format` names what it is to be read as instead: a format, or a container (json, jsonl, csv, parquet).
 * `split` chooses files of a folder by the start of their name (`train`). Throws `dataset.unreadable`, `argument.invalid`.
 */
export async function detectSource(input: string, format: string | undefined, split?: string, signal?: AbortSignal): Promise<DetectedSource> {
  const container = containers.find(name => name === format);
  const wanted = container ? undefined : format;
  if (wanted !== undefined && !importFormats.some(({ id }) => id === wanted)) {
    throw new AppError('argument.invalid', { argument: '--format', reason: `There is no format "${wanted}". Known: ${[...importFormats.map(({ id }) => id), ...containers].join(', ')}.` });
  }
  const absolute = path.resolve(input);
  const stats = await stat(absolute).catch((error: unknown) => Promise.reject(unreadable(absolute, error)));
  const isFolder = stats.isDirectory();
  const found = isFolder ? await dataFilesOf(absolute, split, signal) : { kind: await containerOf(absolute, container), files: [absolute], reason: '' };
  const kind = wanted === 'yolo' || wanted === 'voc' || wanted === 'coco' ? wanted : found.kind;
  const folder = isFolder ? absolute : path.dirname(absolute);
  if (kind === 'yolo') return yoloSource(folder, split, found.kind === 'yolo' && isFolder ? found.reason : wanted === 'yolo' ? 'you chose it' : 'class names of YOLO are in this folder');
  if (kind === 'voc') return vocSource(folder, split, found.kind === 'voc' && isFolder ? found.reason : wanted === 'voc' ? 'you chose it' : 'the file is a VOC annotation');
  if (kind === 'coco') return cocoSource(found.files, wanted === 'coco' ? 'you chose it' : 'the JSON object has "images" and "annotations" as COCO has them');
  if (found.kind === 'yolo' || found.kind === 'voc' || found.kind === 'coco') throw new AppError('argument.invalid', { argument: '--format', reason: `${input} has no records to read as ${wanted ?? ''}; it looks like ${found.kind}.` });
  return recordsOf(recordSource(found.kind, found.files, isFolder ? undefined : split), wanted, signal);
}

async function recordsOf(source: ForeignSource, wanted: string | undefined, signal: AbortSignal | undefined): Promise<DetectedSource> {
  const first = await firstRecords(source, lookedAt, signal);
  const guess = detectFormat(first);
  const tool = wanted === undefined && guess.format.id === 'rows' ? first.map(toolFormatOf).find(each => each !== undefined) : undefined;
  if (tool !== undefined) throw unreadable(source.files[0] ?? '', new Error(tool));
  const format = recordFormats.find(({ id }) => id === wanted) ?? guess.format;
  const joined = format.id === 'refcoco' ? await joinAnnotations(source, first, signal) : source;
  const [file = ''] = source.files;
  return {
    source: joined, format: format.id, title: format.title, reason: wanted === undefined ? guess.reason : 'you chose it',
    others: [...new Set([...(wanted === undefined ? guess.others : [guess.format.id]), 'rows' as const])].filter(id => id !== format.id),
    labels: file.endsWith('.parquet') || source.container.includes('Parquet') ? await parquetLabels(file) : format.id === 'odvg' ? await labelMapBeside(file) : [],
    convert: (value, options) => format.convert(value as JsonObject, options),
  };
}

/** The first records of a source that are objects. */
export async function firstRecords(source: ForeignSource, count: number, signal: AbortSignal | undefined): Promise<readonly JsonObject[]> {
  const records: JsonObject[] = [];
  for await (const { value } of source.read({ done: 0, total: 0 }, signal)) {
    if (isObject(value)) records.push(value);
    if (records.length >= count) break;
  }
  return records;
}

function cocoSource(files: readonly string[], reason: string): DetectedSource {
  const [file = ''] = files;
  const source: ForeignSource = { container: 'JSON object', files, folder: path.dirname(file), read: (progress, signal) => readEach(files, each => readCoco(each, progress, signal)) };
  return { source, format: 'coco', title: 'COCO', reason, others: [], labels: [], convert: (value, options) => importCoco(value as CocoImage, options) };
}

function yoloSource(folder: string, split: string | undefined, reason: string): DetectedSource {
  const source: ForeignSource = { container: 'folder of label files', files: [folder], folder, read: (progress, signal) => readYolo(folder, split, progress, signal) };
  return { source, format: 'yolo', title: 'YOLO', reason, others: [], labels: [], convert: (value, options) => importYolo(value as YoloImage, options) };
}

function vocSource(folder: string, split: string | undefined, reason: string): DetectedSource {
  const source: ForeignSource = { container: 'folder of XML files', files: [folder], folder, read: (progress, signal) => readVoc(folder, split, progress, signal) };
  return { source, format: 'voc', title: 'Pascal VOC', reason, others: [], labels: [], convert: (value, options) => importVoc(value as VocFile, options) };
}

async function* readEach(files: readonly string[], read: (file: string) => AsyncGenerator<ForeignRecord>): AsyncGenerator<ForeignRecord> {
  for (const file of files) yield* read(file);
}
