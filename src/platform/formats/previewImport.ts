import * as path from 'node:path';
import { declaredFrame, type ForeignFrame, needsSize } from '../../core/formats/foreignFrame';
import { FrameTally, type FrameDecision } from '../../core/formats/frameTally';
import type { ImportedRow, ImportOptions } from '../../core/formats/importedRow';
import { MappingTally } from '../../core/formats/importPreview';
import { ProblemTally } from '../../core/formats/problemTally';
import type { ImageSize } from '../../core/geometry/boxFrame';
import type { BoxFrame } from '../../core/project/project';
import { type DetectedSource, detectSource } from './detectSource';
import { EmbeddedImages } from './embeddedImages';
import { findImageRoot, namedImageRoot } from './findImageRoot';
import { type FinishedRow, RowFinisher, type RowPlan } from './finishRow';
import type { ForeignRecord } from './foreignRecord';
import { nameBelow, type NameStart } from './imageName';
import { type ImportPlan, type ImportRequest, problemsOf, type SampledRow } from './importPlan';
import { RecentHeaders } from './recentHeaders';

const mostRecords = 3000;
const mostMilliseconds = 4000;
/** Images in the data that are held for the preview. */
const mostImageBytes = 64 << 20;
const shownRows = 8;
const namesLookedAt = 60;

interface ReadRow {
  readonly record: ForeignRecord;
  readonly row: ImportedRow;
}

/** Looks into a source: what it is, what its fields become, which frame its boxes are in, and what the first rows will be. Nothing is written. */
export async function previewImport(request: ImportRequest, signal?: AbortSignal): Promise<ImportPlan> {
  const detected = await detectSource(request.input, request.format, request.split, signal);
  const options: ImportOptions = { labels: detected.labels, ...request.options };
  const tally = new ProblemTally();
  const { rows, records, isWhole } = await firstRows(detected, options, tally, signal);
  const names = rows.flatMap(({ row }) => row.images.filter(image => typeof image === 'string' && !image.includes('://'))) as readonly string[];
  const spread = names.filter((_, index) => index % Math.max(1, Math.floor(names.length / namesLookedAt)) === 0);
  const root = request.imageRoot === undefined ? await findImageRoot(detected.source.folder, spread) : await namedImageRoot(request.imageRoot, spread);
  const embedded = new EmbeddedImages(undefined);
  const sizes = await sizesOf(rows, root, embedded);
  const decision = frameOf(rows, sizes, request.frame);
  const stem = stemOf(request.input);
  const rowPlan: RowPlan | undefined = decision.frame && { root, hasImages: root.found > 0, frame: decision.frame, isChosen: request.frame !== undefined, written: writtenFrame(decision.frame, rows, sizes), stem };
  const mapping = new MappingTally();
  for (const { row } of rows) mapping.add(row);
  const finished = rowPlan ? await finishedRows(rows, rowPlan, tally) : [];
  return {
    request, detected, options, decision, root, rowPlan, samples: samplesOf(rows, sizes),
    preview: {
      input: path.resolve(request.input), format: detected.format, title: detected.title, container: detected.source.container, reason: detected.reason, others: detected.others,
      records, rows: rows.length, isWhole, mapping: mapping.mapping, keptFields: mapping.keptFields, frame: decision, written: rowPlan?.written,
      images: { root: root.folder, ...(root.prefix === undefined ? {} : { prefix: root.prefix }), found: root.found, of: root.of, missing: root.missing, embedded: embedded.count },
      addedMarks: finished.filter(each => each.addedMarks).length,
      firstRows: rowPlan ? finished.slice(0, shownRows).map(({ record }) => record) : rows.slice(0, shownRows).map(({ row }) => unfinished(row)),
      problems: tally.problems, counts: tally.counts,
    },
  };
}

async function firstRows(detected: DetectedSource, options: ImportOptions, tally: ProblemTally, signal: AbortSignal | undefined): Promise<{ readonly rows: readonly ReadRow[]; readonly records: number; readonly isWhole: boolean }> {
  const rows: ReadRow[] = [];
  const until = Date.now() + mostMilliseconds;
  let records = 0;
  let imageBytes = 0;
  for await (const record of detected.source.read({ done: 0, total: 0 }, signal)) {
    for (const problem of problemsOf(record, record.faults)) tally.add(problem);
    if (record.value === undefined) continue;
    if (records >= mostRecords || imageBytes > mostImageBytes || (records > 50 && Date.now() > until)) return { rows, records, isWhole: false };
    records++;
    const imported = detected.convert(record.value, options);
    for (const row of imported.rows) {
      rows.push({ record: { ...record, value: undefined }, row });
      for (const image of row.images) if (typeof image !== 'string') imageBytes += image.bytes?.length ?? image.base64?.length ?? 0;
    }
    for (const problem of problemsOf(record, imported.faults, imported.rows[0])) tally.add(problem);
  }
  return { rows, records, isWhole: true };
}

/** The size of each row's first image, where the data, the bytes in them or the file tell it. */
async function sizesOf(rows: readonly ReadRow[], root: NameStart, embedded: EmbeddedImages): Promise<readonly (ImageSize | undefined)[]> {
  const headers = new RecentHeaders();
  const sizes: (ImageSize | undefined)[] = [];
  for (const { row } of rows) {
    for (const image of row.images.slice(1)) if (typeof image !== 'string') await embedded.place(image, 'image');
    const [image] = row.images;
    if (image !== undefined && typeof image !== 'string') {
      const placed = await embedded.place(image, 'image');
      sizes.push('header' in placed ? placed.header : row.size);
      continue;
    }
    const name = image === undefined || row.boxes.length === 0 ? undefined : nameBelow(root, image);
    const header = name === undefined ? undefined : headers.of(path.join(root.folder, name));
    // Boxes belong to the size that the data say; a file that is turned since shows it the other way round.
    sizes.push(row.size ?? (typeof header === 'object' ? header : undefined));
  }
  return sizes;
}

function samplesOf(rows: readonly ReadRow[], sizes: readonly (ImageSize | undefined)[]): readonly SampledRow[] {
  const usable = rows.slice(0, 500).flatMap(({ row }, index): readonly SampledRow[] => {
    const size = sizes[index];
    return size && row.boxes.length > 0 ? [{ row, size }] : [];
  });
  return [...usable].sort((a, b) => Math.min(8, b.row.boxes.length) - Math.min(8, a.row.boxes.length)).slice(0, 3);
}

function frameOf(rows: readonly ReadRow[], sizes: readonly (ImageSize | undefined)[], chosen: ForeignFrame | undefined): FrameDecision {
  const tally = new FrameTally();
  rows.forEach(({ row }, index) => {
    for (const box of row.boxes) tally.add(box, sizes[index]);
  });
  return tally.decide(chosen);
}

/** Pixels where the size of the images is known; else the frame that the boxes are in, if a dataset can declare it. */
function writtenFrame(frame: ForeignFrame, rows: readonly ReadRow[], sizes: readonly (ImageSize | undefined)[]): BoxFrame {
  if (!needsSize(frame)) return 'pixel';
  const withBoxes = rows.map((each, index) => ({ each, size: sizes[index] })).filter(({ each }) => each.row.boxes.length > 0);
  const known = withBoxes.filter(({ size }) => size !== undefined).length;
  return known * 2 >= withBoxes.length ? 'pixel' : (declaredFrame(frame) ?? 'pixel');
}

async function finishedRows(rows: readonly ReadRow[], plan: RowPlan, tally: ProblemTally): Promise<readonly FinishedRow[]> {
  const finisher = new RowFinisher(plan, new EmbeddedImages(undefined));
  const finished: FinishedRow[] = [];
  for (const [index, { record, row }] of rows.entries()) {
    const each = await finisher.finish(row, index + 1);
    for (const problem of problemsOf(record, each.faults, row)) tally.add(problem);
    finished.push(each);
  }
  return finished;
}

/** A row as far as it is known without the frame of its boxes. */
function unfinished(row: ImportedRow): Readonly<Record<string, unknown>> {
  return {
    qid: row.qid, problem: row.problem, answer: row.answer, images: row.images.map(image => (typeof image === 'string' ? image : (image.name ?? '(in the data)'))),
    ...(row.boxes.length > 0 ? { boxes: row.boxes.map(({ label, numbers }) => ({ label, bbox: numbers })) } : {}),
  };
}

/** A name for files and ids, from that of the source. */
export function stemOf(input: string): string {
  const base = path.basename(path.resolve(input)).replace(/\.(?:jsonl|json|ndjson|csv|tsv|parquet)$/i, '');
  return base.replace(/[^\w.-]+/g, '-').replace(/^[-.]+|-+$/g, '') || 'dataset';
}

