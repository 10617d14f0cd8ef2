import { readFile, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError } from '../../core/errors';
import { isObject } from '../../core/formats/importedRow';
import { isKitti, toolFormatOf } from '../../core/formats/toolFormats';
import { containerOf, type SourceKind } from './containerOf';
import { unreadable } from './fileChunks';
import { imageLists, imageName } from './imageLists';
import { isLabelFile, labelPaths } from './readYolo';
import { splitOf, splitsOf, togetherWords } from './splits';
import { walkFiles } from './walkFiles';

export interface DataFiles {
  readonly kind: SourceKind;
  readonly files: readonly string[];
  readonly reason: string;
}

/** Of a file that is looked at for what a labeling tool writes of one image. */
const mostBytes = 64 << 20;
const notData = /^(?:dataset_infos?|dataset_dict|state|package|tsconfig|config|pebr|info|metadata_schema|.*label_?map.*|.*class_?names.*)\.json$|\.(?:curation|reward\.cases)\.jsonl$/i;

/** The data of a folder: Parquet shards, label files, or the one file of records in it. Throws `argument.invalid` where a person must choose. */
export async function dataFilesOf(folder: string, split: string | undefined, signal: AbortSignal | undefined): Promise<DataFiles> {
  const files = await walkFiles(folder, signal);
  const parquet = files.filter(file => file.toLowerCase().endsWith('.parquet'));
  if (parquet.length > 0) return { kind: 'parquet', files: absolute(folder, chosen(folder, parquet, split)), reason: `${parquet.length} Parquet files` };
  const data = files.filter(file => /\.(?:jsonl|ndjson|json|csv|tsv)$/i.test(file) && !notData.test(path.basename(file)));
  const texts = new Set(files.filter(file => file.toLowerCase().endsWith('.txt') && isLabelFile(file)));
  const pairs = files.filter(file => imageName.test(file) && labelPaths(file).some(label => texts.has(label))).length;
  const yaml = await yoloYaml(folder, files);
  if (pairs > 0 || yaml !== undefined) return { kind: 'yolo', files: [folder], reason: `${pairs} images have a label file of their name${yaml === undefined ? '' : `, and ${yaml} names classes`}${await yoloSplits(folder, files, split)}` };
  const xml = files.filter(file => file.toLowerCase().endsWith('.xml'));
  if (xml.length > 0 && (await isVoc(path.join(folder, xml[0] ?? '')))) return { kind: 'voc', files: [folder], reason: `${xml.length} XML annotations, the first one <annotation>${togetherWords(folder, splitsOf(xml), split)}` };
  if (xml.length > 0 && data.length === 0) await containerOf(path.join(folder, xml[0] ?? '')); // says what it is
  const refs = files.find(file => /\.(?:p|pkl|pickle)$/.test(file));
  if (refs !== undefined && /^refs\(/.test(path.basename(refs)) && data.every(file => /^instances/.test(path.basename(file)))) await containerOf(path.join(folder, refs)); // RefCOCO as it is downloaded
  if (data.length > 1) await refuseTool(path.join(folder, data[0] ?? ''), folder);
  const [only, ...others] = chosen(folder, data, split);
  if (only !== undefined && others.length === 0) return { kind: await containerOf(path.join(folder, only)), files: absolute(folder, [only]), reason: `${only} is its only file of records` };
  if (only !== undefined) throw several(folder, [only, ...others]);
  if (files.some(file => file.endsWith('.arrow'))) throw unreadable(folder, new Error(`it holds Arrow files (datasets.save_to_disk). Write them as Parquet: python -c "import datasets; ${files.includes('dataset_dict.json') ? "[part.to_parquet(name + '.parquet') for name, part in datasets.load_from_disk('FOLDER').items()]" : "datasets.load_from_disk('FOLDER').to_parquet('data.parquet')"}".`));
  if (refs !== undefined) await containerOf(path.join(folder, refs));
  const [label] = texts;
  if (label !== undefined && isKitti(await readFile(path.join(folder, label), 'utf8').catch(() => ''))) throw unreadable(folder, new Error('it holds label files of KITTI. Write them as COCO, YOLO or Pascal VOC, which are read (FiftyOne, Datumaro).'));
  throw unreadable(folder, new Error('no Parquet, JSON, JSON Lines, CSV, YOLO label or VOC annotation was found in it'));
}

/** Says what the many files of a folder are, where a labeling tool keeps one an image. */
async function refuseTool(file: string, folder: string): Promise<void> {
  const { size } = await stat(file);
  if (size > mostBytes || !file.endsWith('.json')) return;
  const value = await readFile(file, 'utf8').then(text => JSON.parse(text) as unknown).catch(() => undefined); // told where the file is read
  const tool = isObject(value) ? toolFormatOf(value) : undefined;
  if (tool !== undefined) throw unreadable(folder, new Error(tool));
}

/** What to say of a YOLO folder's splits: those that it lists, else those of its folders. */
async function yoloSplits(folder: string, files: readonly string[], split: string | undefined): Promise<string> {
  const { splits } = await imageLists(folder, files);
  return splits.size > 0 ? togetherWords(folder, [...splits.keys()], split) : togetherWords(folder, splitsOf(files.filter(file => imageName.test(file))), split);
}

/** The files of the split; where the names tell several splits apart and none is chosen, a person must. */
function chosen(folder: string, files: readonly string[], split: string | undefined): readonly string[] {
  if (split !== undefined) {
    const found = files.filter(file => splitOf(file) === split.toLowerCase() || path.basename(file).startsWith(split));
    if (found.length === 0 && files.length > 0) throw new AppError('argument.invalid', { argument: '--split', reason: `No file in ${folder} is of the split "${split}". Files: ${shown(files)}.` });
    return found;
  }
  const splits = [...new Set(files.map(splitOf))].filter(name => name !== undefined);
  if (splits.length > 1) throw new AppError('argument.invalid', { argument: folder, reason: `It holds the splits ${splits.join(', ')}. Say which to import with --split, or give one file: ${shown(files)}.` });
  return files;
}

function several(folder: string, files: readonly string[]): AppError {
  return new AppError('argument.invalid', { argument: folder, reason: `It holds ${files.length} files of records. Give one of them: ${shown(files)}.` });
}

function shown(files: readonly string[]): string {
  return `${files.slice(0, 8).join(', ')}${files.length > 8 ? ', …' : ''}`;
}

function absolute(folder: string, files: readonly string[]): readonly string[] {
  return files.map(file => path.join(folder, file));
}

async function yoloYaml(folder: string, files: readonly string[]): Promise<string | undefined> {
  for (const file of files.filter(each => /\.ya?ml$/i.test(each)).slice(0, 20)) {
    const text = await readFile(path.join(folder, file), 'utf8').catch(() => ''); // an unreadable file names no classes
    if (/^names\s*:/m.test(text) && /^(?:nc|train|val|path)\s*:/m.test(text)) return file;
  }
  return undefined;
}

async function isVoc(file: string): Promise<boolean> {
  return /<annotation[\s>]/.test((await readFile(file, 'utf8').catch(() => '')).slice(0, 4096)); // not readable: not VOC
}
