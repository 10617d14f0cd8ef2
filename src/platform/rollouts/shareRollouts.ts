import type { FileHandle } from 'node:fs/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Sample } from '../../core/dataset/sample';
import { AppError, messageOf } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { type PredictedBoxes, predictedBoxes } from '../../core/rollouts/predictedBoxes';
import type { Rollout } from '../../core/rollouts/rollout';
import type { GroupRow, RolloutQuestion } from '../../core/rollouts/rolloutQuestion';
import { signOf } from '../../core/rollouts/share/boxesSvg';
import type { ShareFormatName } from '../../core/rollouts/share/shareFormat';
import type { SharedGroup, SharedHead } from '../../core/rollouts/share/sharedGroup';
import { htmlEnd, htmlGroup, htmlStart } from '../../core/rollouts/share/sharedHtml';
import { sharedLine } from '../../core/rollouts/share/sharedLines';
import { markdownGroup, markdownStart } from '../../core/rollouts/share/sharedMarkdown';
import { type DatasetPlace, findSamples, type FoundSamples } from '../dataset/findSamples';
import { readImageSize } from '../dataset/imageInfo';
import { ImageLinks } from '../dataset/imageLinks';
import { removeLeftovers, replaceFile } from '../dataset/replaceFile';
import { sharedPicture } from './sharedPicture';

/** Groups of a page that a browser still opens at once, and of a file of lines. */
export const mostShared: Readonly<Record<ShareFormatName, number>> = { html: 200, markdown: 200, jsonl: 50_000 };
const pictureSide = 720;
/** Characters of all pictures inside a page. */
const mostPictureText = 60 << 20;

/** What is shared, and where to. */
export interface ShareOrder {
  readonly format: ShareFormatName;
  /** Absolute. Pictures of Markdown go into `<name>-images` beside it. */
  readonly file: string;
  readonly run: string;
  readonly query: RolloutQuestion;
  /** The group to share, instead of all that answer. */
  readonly group?: number;
  readonly date: string;
  readonly most?: number;
}

/** Who is asked: the store, or a process that holds it. */
export interface ShareSource {
  answer(question: RolloutQuestion): Promise<{ readonly groups: Uint32Array }>;
  rows(numbers: readonly number[]): Promise<readonly GroupRow[]>;
  read(number: number): Promise<readonly Rollout[]>;
}

export interface ShareReport {
  readonly groups: number;
  readonly found: number;
  readonly rollouts: number;
  /** Samples and pictures that are not in it, in words. */
  readonly left: readonly string[];
}

/** Writes rollouts for somebody without the project; the file is whole or is not written. Throws `query.invalid`, `file.unwritable`, and the signal's reason. */
export async function shareRollouts(source: ShareSource, datasets: readonly DatasetPlace[], order: ShareOrder, onProgress: (done: number, all: number) => void = () => {}, signal?: AbortSignal): Promise<ShareReport> {
  const all = order.group === undefined ? (await source.answer(order.query)).groups : Uint32Array.of(order.group);
  const numbers = [...all.subarray(0, Math.min(order.most ?? Infinity, mostShared[order.format]))];
  if (numbers.length === 0) throw new AppError('argument.invalid', { argument: order.query.text || 'rollouts', reason: 'no rollout answers that, so there is nothing to export.' });
  const rows = await source.rows(numbers);
  const samples = await findSamples(datasets, rows.map(({ dataset, sampleId }) => ({ dataset, qid: sampleId })));
  const head: SharedHead = { run: order.run, query: order.group === undefined ? order.query.text : '', found: all.length, shown: rows.length, date: order.date };
  const writer = new ShareWriter(order, datasets, samples);
  let rollouts = 0;
  await removeLeftovers(order.file); // of exports that were killed
  await replaceFile(order.file, async handle => {
    await handle.write(order.format === 'html' ? htmlStart(head) : order.format === 'markdown' ? markdownStart(head) : '');
    for (const [at, row] of rows.entries()) {
      signal?.throwIfAborted();
      const group = await source.read(row.number);
      rollouts += group.length;
      await writer.write(handle, at, group);
      onProgress(at + 1, rows.length);
    }
    if (order.format === 'html') await handle.write(htmlEnd);
  });
  return { groups: rows.length, found: all.length, rollouts, left: [...samples.left, ...writer.left] };
}

/** Writes group after group; remembers what could not be shown. */
class ShareWriter {
  readonly left: string[] = [];
  private pictureText = 0;
  private readonly links = new Map<string, ImageLinks>();

  constructor(
    private readonly order: ShareOrder,
    private readonly datasets: readonly DatasetPlace[],
    private readonly samples: FoundSamples,
  ) {}

  async write(handle: FileHandle, at: number, rollouts: readonly Rollout[]): Promise<void> {
    const [first, ...rest] = rollouts;
    if (!first) return; // cut since it was listed
    const sample = this.samples.of({ dataset: first.dataset, qid: first.sampleId });
    if (this.order.format === 'jsonl') {
      await handle.write(rollouts.map(rollout => `${sharedLine(rollout, sample)}\n`).join(''));
      return;
    }
    const group = await this.groupOf(at, [first, ...rest], sample);
    await handle.write(this.order.format === 'html' ? htmlGroup(group) : markdownGroup(group));
  }

  private async groupOf(at: number, rollouts: SharedGroup['rollouts'], sample: Sample | undefined): Promise<SharedGroup> {
    const none: PredictedBoxes = { boxes: [], from: 'none', unplaced: 0 };
    const plain = { rollouts, predicted: rollouts.map(() => none), image: null };
    if (!sample) return { ...plain, missing: `The sample ${rollouts[0].sampleId} is not in the dataset any more.` };
    const [file] = sample.images;
    if (file === undefined) return { ...plain, sample };
    const dataset = this.datasets.find(({ config }) => config.id === rollouts[0].dataset);
    try {
      if (this.isOutside(dataset, file)) throw new AppError('dataset.unreadable', { file, reason: 'a link leads out of the image root' });
      const size = await readImageSize(file);
      const predicted = rollouts.map(rollout => predictedBoxes(rollout, sample.boxes, size, 'reward', dataset?.config.boxFrame ?? 'pixel'));
      const drawn = rollouts.map((rollout, index) => ({ number: rollout.index + 1, sign: signOf(rollout.advantage), boxes: predicted[index]?.boxes ?? [] }));
      const isHtml = this.order.format === 'html';
      if (isHtml && this.pictureText > mostPictureText) return { ...plain, sample, predicted, missing: 'The picture is left out: the page has as many as a browser opens.' };
      const src = isHtml ? this.inside(await sharedPicture(file, size, pictureSide)) : await this.beside(at, rollouts[0].sampleId, await sharedPicture(file, size, pictureSide, sample.boxes, drawn));
      return { rollouts, sample, predicted, image: { src, size } };
    } catch (error) {
      if (AppError.is(error, 'file.unwritable')) throw error;
      const missing = `The picture cannot be shown: ${error instanceof AppError ? errorInWords(error) : messageOf(error)}`;
      this.left.push(`${rollouts[0].sampleId}: ${missing}`);
      return { ...plain, sample, missing: `The picture of ${rollouts[0].sampleId} cannot be shown.` }; // the reason names places on this machine, which is for whoever exports alone
    }
  }

  private isOutside(dataset: DatasetPlace | undefined, file: string): boolean {
    if (!dataset) return true;
    const root = path.resolve(dataset.folder, dataset.config.imageRoot);
    const links = this.links.get(root) ?? new ImageLinks(root);
    this.links.set(root, links);
    return links.leadsTo(file) !== undefined;
  }

  private inside(picture: Buffer): string {
    const text = `data:image/jpeg;base64,${picture.toString('base64')}`;
    this.pictureText += text.length;
    return text;
  }

  private async beside(at: number, sampleId: string, picture: Buffer): Promise<string> {
    const folder = `${path.parse(this.order.file).name}-images`;
    const name = `${String(at + 1).padStart(3, '0')}-${sampleId.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 40)}.jpg`;
    const place = path.join(path.dirname(this.order.file), folder);
    try {
      await mkdir(place, { recursive: true });
      await writeFile(path.join(place, name), picture);
    } catch (error) {
      throw new AppError('file.unwritable', { file: place, reason: messageOf(error) }, { cause: error });
    }
    return `${encodeURIComponent(folder)}/${encodeURIComponent(name)}`;
  }
}
