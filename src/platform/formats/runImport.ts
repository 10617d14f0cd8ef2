import { randomBytes } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError, messageOf } from '../../core/errors';
import { exactJson } from '../../core/dataset/longNumber';
import { FrameTally } from '../../core/formats/frameTally';
import { ProblemTally, type ProblemCount } from '../../core/formats/problemTally';
import type { Problem } from '../../core/problem';
import type { BoxFrame } from '../../core/project/project';
import { makeFolder } from '../dataset/makeFolder';
import { removeLeftovers, replaceFile } from '../dataset/replaceFile';
import { EmbeddedImages } from './embeddedImages';
import { RowFinisher } from './finishRow';
import type { ReadProgress } from './foreignRecord';
import { type ImportPlan, problemsOf } from './importPlan';

export interface ImportTarget {
  /** Absolute path of the JSONL file. */
  readonly out: string;
  /** Put it in the place of what is there. */
  readonly force: boolean;
}

export interface ImportReport {
  readonly out: string;
  readonly rows: number;
  readonly boxes: number;
  /** Folder of the images that the data held; undefined where they held none. */
  readonly imageFolder: string | undefined;
  readonly images: number;
  /** What `pebr.json` is to say. */
  readonly imageRoot: string;
  readonly boxFrame: BoxFrame;
  readonly problems: readonly Problem[];
  readonly counts: readonly ProblemCount[];
}

const flushed = 1 << 20;

/**
 * Writes the dataset: row by row into a file beside `out`, images that the data hold into `<out>.images`, each moved to its place when all is whole.
 * Throws `argument.invalid` where the frame is not known or something is there already, `file.unwritable`, and the signal's reason; nothing has changed then.
 */
export async function runImport(plan: ImportPlan, { out, force }: ImportTarget, onProgress: (progress: Readonly<ReadProgress> & { readonly rows: number }) => void, signal?: AbortSignal): Promise<ImportReport> {
  const { rowPlan } = plan;
  if (!rowPlan) throw new AppError('argument.invalid', { argument: '--frame', reason: `${plan.decision.why} Say what the numbers of the boxes are.` });
  const imageFolder = out.replace(/\.jsonl$/i, '') + '.images';
  await refuseTaken(out, force);
  if (plan.preview.images.embedded > 0) await refuseTaken(imageFolder, force);
  await makeFolder(path.dirname(out)).catch((error: unknown) => Promise.reject(new AppError('file.unwritable', { file: out, reason: messageOf(error) }, { cause: error })));
  for (const target of [out, imageFolder]) await removeLeftovers(target);
  const staging = path.join(path.dirname(imageFolder), `.${path.basename(imageFolder)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
  const embedded = new EmbeddedImages(staging);
  const tally = new ProblemTally();
  const done = { rows: 0, boxes: 0 };
  try {
    await replaceFile(out, async handle => {
      let lines: string[] = [];
      let size = 0;
      for await (const line of linesOf(plan, new RowFinisher(rowPlan, embedded), tally, done, onProgress, signal)) {
        lines.push(line);
        size += line.length;
        if (size < flushed) continue;
        await handle.writeFile(lines.join(''), 'utf8');
        lines = [];
        size = 0;
      }
      await handle.writeFile(lines.join(''), 'utf8');
    }, async () => {
      if (embedded.count > 0) await putInPlace(staging, imageFolder, force);
    });
  } catch (error) {
    await rm(staging, { recursive: true, force: true });
    throw signal?.aborted ? signal.reason : error;
  }
  return {
    out, ...done, images: embedded.count, imageFolder: embedded.count > 0 ? imageFolder : undefined, imageRoot: embedded.count > 0 ? imageFolder : rowPlan.root.folder, boxFrame: rowPlan.written,
    problems: tally.problems, counts: tally.counts,
  };
}

async function* linesOf(
  { detected, options, request, decision }: ImportPlan, finisher: RowFinisher, tally: ProblemTally, done: { rows: number; boxes: number },
  onProgress: (progress: Readonly<ReadProgress> & { readonly rows: number }) => void, signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  const progress: ReadProgress = { done: 0, total: await bytesOf(detected.source.files) * (detected.format === 'coco' ? 2 : 1) };
  const ids = new Set<string>();
  const frames = new FrameTally();
  let turned = 0;
  for await (const record of detected.source.read(progress, signal)) {
    for (const problem of problemsOf(record, record.faults)) tally.add(problem);
    if (record.value === undefined) continue;
    const imported = detected.convert(record.value, options);
    for (const problem of problemsOf(record, imported.faults, imported.rows[0])) tally.add(problem);
    for (const row of imported.rows) {
      const finished = await finisher.finish(row, ++done.rows);
      done.boxes += row.boxes.length;
      if (finished.isTurned) turned++;
      for (const box of row.boxes) frames.add(box, finished.size);
      const qid = String(finished.record['qid']);
      if (ids.has(qid)) tally.add(problemsOf(record, [{ severity: 'warning', rule: 'import/duplicate-qid', message: `The id "${qid}" is not the first of its kind.`, remedy: 'Give each row an id of its own, or map another field: --map qid=FIELD.' }])[0] as Problem);
      ids.add(qid);
      for (const problem of problemsOf(record, finished.faults, row)) tally.add(problem);
      yield `${exactJson(finished.record)}\n`;
    }
    if (done.rows % 512 === 0) onProgress({ ...progress, rows: done.rows });
    signal?.throwIfAborted();
  }
  const [file = request.input] = detected.source.files;
  const doubt = frames.doubt(decision.frame);
  if (doubt !== undefined) tally.add({ severity: 'warning', rule: 'import/frame-doubt', file, message: doubt, remedy: 'Look at some rows; if they are wrong, import again with another --frame.' });
  if (turned > 0) tally.add({ severity: 'info', rule: 'import/turned-image', file, message: `Boxes of ${turned} images were turned with them, as their EXIF data ask for.`, remedy: 'The data counted in the pixels as they are stored; here boxes are on the image as it is seen.' });
  onProgress({ ...progress, rows: done.rows });
}

async function refuseTaken(target: string, force: boolean): Promise<void> {
  if (!force && (await stat(target).then(() => true, () => false))) throw new AppError('argument.invalid', { argument: '--out', reason: `${target} is there already. Choose another name, or replace it with --force.` });
}

/** Moves a folder to its place; what was there goes only when the new one stands. */
async function putInPlace(staging: string, target: string, force: boolean): Promise<void> {
  const old = `${staging}.old`;
  const wasThere = force && (await rename(target, old).then(() => true, () => false));
  await rename(staging, target);
  if (wasThere) await rm(old, { recursive: true, force: true });
}

async function bytesOf(files: readonly string[]): Promise<number> {
  const sizes = await Promise.all(files.map(file => stat(file).then(stats => (stats.isFile() ? stats.size : 0), () => 0)));
  return sizes.reduce((sum, size) => sum + size, 0);
}
