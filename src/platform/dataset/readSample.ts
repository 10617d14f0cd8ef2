import type { Sample } from '../../core/dataset/sample';
import { sampleOfRow } from '../../core/dataset/sampleOfRow';
import { needsImageSize } from '../../core/geometry/boxFrame';
import { parseRow } from '../../core/dataset/parseRow';
import type { DatasetConfig } from '../../core/project/project';
import { AppError } from '../../core/errors';
import { DatasetFile, type RowText } from './datasetFile';
import { readImageSize, resolveImage } from './imageInfo';
import type { RowContext } from './inspectRow';
import { rowContext } from './lintDataset';

/** A sample ready for scoring: `images` are absolute paths, `boxes` original-image pixels. */
export interface PlacedSample {
  readonly sample: Sample;
  readonly file: string;
  /** One-based. */
  readonly line: number;
}

/** Samples that are read and scored at once. */
const together = 64;

/** A sample by its id, looked for in the dataset and then in its held-out rows; `undefined` when neither has it. */
export async function readSample(folder: string, config: DatasetConfig, qid: string): Promise<PlacedSample | undefined> {
  for (const name of config.heldOut === null ? [config.path] : [config.path, config.heldOut]) {
    const context = rowContext(folder, config, name);
    const found = await using(context.file, async dataset => {
      const at = await dataset.findQid(qid, config.columns);
      return at && placeSample(at, context);
    });
    if (found) return found;
  }
  return undefined;
}

/** Told of each row that cannot be read, or has no id; the linter says why. */
export type OnUnreadable = (place: { readonly file: string; readonly line: number }) => void;

/** The first samples of a dataset that can be read. */
export async function readSamples(
  folder: string,
  config: DatasetConfig,
  options: { readonly limit: number; readonly heldOut?: boolean; readonly qids?: ReadonlySet<string>; readonly onUnreadable?: OnUnreadable },
): Promise<readonly PlacedSample[]> {
  const samples: PlacedSample[] = [];
  for await (const batch of sampleBatches(folder, config, options)) {
    for (const sample of batch) {
      if (options.qids && !options.qids.has(sample.sample.qid)) continue;
      samples.push(sample);
      if (samples.length >= options.limit) return samples;
    }
  }
  return samples;
}

/** Every sample of a dataset that can be read, some hundred at a time, so that a large one need not be held. */
export async function* sampleBatches(
  folder: string,
  config: DatasetConfig,
  { heldOut = false, signal, onUnreadable }: { readonly heldOut?: boolean; readonly signal?: AbortSignal; readonly onUnreadable?: OnUnreadable } = {},
): AsyncGenerator<readonly PlacedSample[]> {
  const name = heldOut ? config.heldOut : config.path;
  if (name === null) throw new AppError('argument.invalid', { argument: config.id, reason: 'the dataset names no "heldOut" file' });
  const context = rowContext(folder, config, name);
  const dataset = await DatasetFile.open(context.file);
  try {
    for await (const rows of dataset.batches(signal)) {
      for (let from = 0; from < rows.length; from += together) {
        const some = rows.slice(from, from + together);
        const samples = await Promise.all(some.map(at => placeSample(at, context)));
        if (onUnreadable) samples.forEach((sample, index) => sample ?? onUnreadable({ file: context.file, line: some[index]?.line ?? 1 }));
        yield samples.filter(sample => sample !== undefined);
      }
    }
  } finally {
    await dataset.close();
  }
}

async function placeSample(at: RowText, context: RowContext): Promise<PlacedSample | undefined> {
  const { row } = parseRow(at.text, context.columns);
  if (!row || row.qid === '') return undefined;
  const images = row.images.flatMap(name => resolveImage(context.imageRoot, name) ?? []);
  const first = images[0];
  const size = needsImageSize(context.boxFrame) && first !== undefined ? await readImageSize(first) : undefined;
  return { sample: { ...sampleOfRow(row, context.boxFrame, size), images }, file: context.file, line: at.line };
}

async function using<T>(file: string, use: (dataset: DatasetFile) => Promise<T>): Promise<T> {
  const dataset = await DatasetFile.open(file);
  try {
    return await use(dataset);
  } finally {
    await dataset.close();
  }
}
