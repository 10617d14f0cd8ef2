import { readFile, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import { AppError } from '../../core/errors';
import { answerOfBoxes } from '../../core/formats/boxAnswer';
import { checkSample, type ExportFault } from '../../core/formats/checkSample';
import { encodeSample } from '../../core/formats/encodeSample';
import type { EncodedSample, ExportSample } from '../../core/formats/exportSample';
import { ExtraTypes } from '../../core/formats/extraTypes';
import { DatasetFile } from '../dataset/datasetFile';
import { ExportOutputs, outputsOf, placeOf } from './exportOutputs';
import type { ExportInput, ExportPlan, ExportReport } from './exportPlan';
import { exportSampleOf, type FileRow } from './exportSampleOf';
import { ExportTally } from './exportTally';
import { fileRows } from './fileRows';
import { HeadersAhead } from './headersAhead';
import { ImageHeaders } from './imageHeaders';
import { ImagePlaces } from './imagePlaces';
import { OwnFiles } from './ownFiles';
import { PublishFolder } from './publishFolder';
import type { SampleWriter } from './rowsFile';
import { SmallFiles } from './smallFiles';

export interface ExportProgress {
  readonly done: number;
  readonly total: number;
  readonly what: string;
}

export interface ExportJob {
  readonly onProgress?: (progress: ExportProgress) => void;
  readonly signal?: AbortSignal;
  /** `dist/`, where images are to be read and many small files made in threads, beside the rows' own work. */
  readonly threads?: string;
}

/** How long the thread is kept before others run, in milliseconds. */
const sliceMs = 10;

/** Looks at every row as the target's loader would, and writes nothing. */
export function checkExport(plan: ExportPlan, job: ExportJob = {}): Promise<ExportReport> {
  return new ExportRun(plan, job).run(undefined);
}

/**
 * Checks every row and writes those that pass. While rows fail and `leaveOut` is not set, nothing is written: the report says why. What is written
 * appears at once when all of it is whole. Throws `argument.invalid` where files are there already and `force` is not set, `file.unwritable`,
 * `dataset.unreadable`, and the signal's reason when it is cancelled.
 */
export async function runExport(plan: ExportPlan, job: ExportJob = {}): Promise<ExportReport> {
  const own = await OwnFiles.of(plan);
  const folder = await PublishFolder.open(plan.folder);
  try {
    const present = plan.force ? [] : await presentOutputs(plan);
    if (present.length > 0) {
      throw new AppError('argument.invalid', { argument: plan.folder, reason: `${present.join(', ')} ${present.length === 1 ? 'is' : 'are'} there already. Export into another folder or under another name, or replace ${present.length === 1 ? 'it' : 'them'} with --force.` });
    }
    return await new ExportRun(plan, job, own).run(folder);
  } finally {
    await folder.close();
  }
}

/** Files of the export that are there already, by their names in its folder. */
export async function presentOutputs(plan: ExportPlan): Promise<readonly string[]> {
  const found = await Promise.all(outputsOf(plan).map(name => stat(path.join(plan.folder, name)).then(() => [name], () => [])));
  return found.flat();
}

class ExportRun {
  private readonly tally = new ExportTally();
  private readonly headers = new ImageHeaders();
  private readonly ahead: HeadersAhead;
  private readonly types = new ExtraTypes();
  /** File → id → the line where it first stands. */
  private readonly lines = new Map<string, Map<string, number>>();
  private readonly written = new Map<string, number>();
  private rows = 0;
  private refused = 0;
  private skipped = 0;
  private answersChanged = 0;

  constructor(
    private readonly plan: ExportPlan,
    private readonly job: ExportJob,
    private readonly own?: OwnFiles,
  ) {
    this.ahead = new HeadersAhead(this.headers, this.thread('headersThread.js'));
  }

  async run(folder: PublishFolder | undefined): Promise<ExportReport> {
    const { plan } = this;
    const places = new ImagePlaces(plan, folder?.staging ?? plan.folder, new SmallFiles(this.thread('smallFilesThread.js')));
    const outputs = folder && new ExportOutputs(plan, folder.staging, this.thread('smallFilesThread.js'));
    const giveUp = async (): Promise<void> => {
      await places.abandon();
      await outputs?.abandon();
    };
    let files: readonly string[] = [];
    try {
      for (const input of plan.inputs) await this.readInput(input, places, outputs);
      const isComplete = this.count > 0 && (this.refused === 0 || plan.leaveOut);
      if (outputs && folder && isComplete) {
        this.job.onProgress?.({ done: this.rows, total: this.rows, what: 'Finishing the files' });
        await places.finish();
        await outputs.finish();
        this.job.signal?.throwIfAborted();
        files = await folder.publish();
      } else await giveUp();
    } catch (error) {
      await giveUp();
      throw error;
    } finally {
      await this.ahead.close();
    }
    return {
      isWritten: files.length > 0, rows: this.rows, written: files.length > 0 ? this.count : 0, refused: this.refused, skipped: this.skipped, answersChanged: this.answersChanged, files,
      problems: this.tally.problems, counts: this.tally.counts, hints: plan.target.hints(placeOf(plan)),
    };
  }

  private thread(script: string): string | undefined {
    return this.job.threads && path.join(this.job.threads, script);
  }

  /** Rows that passed. */
  private get count(): number {
    return [...this.written.values()].reduce((sum, count) => sum + count, 0);
  }

  private async readInput(input: ExportInput, places: ImagePlaces, outputs: ExportOutputs | undefined): Promise<void> {
    const { onProgress, signal } = this.job;
    const dataset = await DatasetFile.open(input.file);
    let sliceStart = performance.now();
    try {
      const writer = await outputs?.of(input.split);
      const before = this.rows + this.skipped;
      for await (const batch of fileRows(dataset.batches(signal), input, this.ahead)) {
        for (const at of batch) {
          const sample = this.accept(at, input, places);
          const waiting = sample && writer && (this.plan.leaveOut || this.refused === 0) ? this.write(sample, input, places, writer) : undefined;
          if (waiting) await waiting;
          if (performance.now() - sliceStart < sliceMs) continue;
          await letOthersRun();
          signal?.throwIfAborted();
          sliceStart = performance.now();
        }
        onProgress?.({ done: this.rows + this.skipped, total: before + dataset.rowsSoFar, what: outputs ? 'Writing rows' : 'Checking rows' });
      }
    } finally {
      await dataset.close();
    }
  }

  /** The row as it is to be written; undefined where it is not wanted, or would be refused. */
  private accept(at: FileRow, input: ExportInput, places: ImagePlaces): EncodedSample | undefined {
    const { plan } = this;
    const read = exportSampleOf(at, input, plan, this.headers, places.nameOf);
    if (plan.isWanted && !plan.isWanted(read.qid, at.row, input)) {
      this.skipped++;
      return undefined;
    }
    this.rows++;
    const place = { file: input.file, line: at.line, qid: read.qid };
    const isFromBoxes = plan.answer === 'boxes' && read.sample !== undefined && read.sample.boxes.length > 0;
    const index = this.written.get(input.split) ?? 0;
    const sample: ExportSample | undefined = read.sample && { ...read.sample, index };
    const faults = [...read.faults, ...(sample ? this.check(isFromBoxes ? { ...sample, answer: 'boxes' } : sample, place) : [])];
    for (const fault of faults) this.tally.add(fault, place);
    if (!sample || faults.some(({ severity }) => severity === 'error')) {
      this.refused++;
      return undefined;
    }
    this.written.set(input.split, index + 1);
    const { encoded, isAnswerChanged } = encodeSample(sample, input.boxFrame, plan.frame, !plan.target.needs.boxes);
    if (isAnswerChanged || isFromBoxes) this.answersChanged++;
    return isFromBoxes ? { ...encoded, answer: answerOfBoxes(encoded.boxes, plan.target.id === 'vlm-r1') } : encoded;
  }

  private check(sample: ExportSample, place: { readonly file: string; readonly line: number }): readonly ExportFault[] {
    const { needs } = this.plan.target;
    const faults = [...checkSample(sample, this.plan.target), ...(needs.extraColumns && this.plan.container !== 'parquet' ? this.types.check(sample.extra, place.line) : [])];
    const first = sample.qid === '' ? undefined : this.firstOf(sample.qid, place);
    if (first) {
      faults.push({
        severity: needs.sameQid, rule: 'export/duplicate-qid', message: `The id "${sample.qid}" is also on line ${first.line}${first.file === place.file ? '' : ` of ${first.file}`}${needs.sameQid === 'error' ? `; ${this.plan.target.title} joins what it samples by it` : ''}.`,
        remedy: 'Give each row an id of its own.',
      });
    }
    return faults;
  }

  /** Where an id was met before; where it was not, it is met here. */
  private firstOf(qid: string, { file, line }: { readonly file: string; readonly line: number }): { readonly file: string; readonly line: number } | undefined {
    for (const [other, lines] of this.lines) {
      const first = lines.get(qid);
      if (first !== undefined) return { file: other, line: first };
    }
    const lines = this.lines.get(file) ?? new Map<string, number>();
    this.lines.set(file, lines.set(qid, line));
    return undefined;
  }

  /** Waits only where something is to be read or written. */
  private write(sample: EncodedSample, input: ExportInput, places: ImagePlaces, writer: SampleWriter): Promise<unknown> | undefined {
    const { images } = this.plan;
    this.own?.refuse(sample);
    if (images === 'embed') return withBytes(sample).then(whole => writer.add(whole));
    const waits = [...(images === 'copy' || images === 'link' ? sample.images.map(({ file }) => places.place(file, input)) : []), writer.add(sample)].filter(wait => wait !== undefined);
    return waits.length === 0 ? undefined : Promise.all(waits);
  }
}

async function withBytes(sample: EncodedSample): Promise<EncodedSample> {
  return { ...sample, images: await Promise.all(sample.images.map(async image => ({ ...image, base64: await readFile(image.file, 'base64') }))) };
}
