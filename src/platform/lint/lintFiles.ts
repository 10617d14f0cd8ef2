import { type FileHandle, open } from 'node:fs/promises';
import { AppError, messageOf } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { sentence } from '../../core/sentence';
import { ColumnTypes } from '../../core/lint/columnTypes';
import { FrameEvidence } from '../../core/lint/frameEvidence';
import { addCount, type LintReport, type RuleCount } from '../../core/lint/lintReport';
import { problemOfFault, type RowPlace } from '../../core/lint/problemOfFault';
import { RowMarks } from '../../core/lint/rowMarks';
import { type RuleId, rules } from '../../core/lint/rules';
import type { Problem } from '../../core/problem';
import type { BoxFrame } from '../../core/project/project';
import type { RowContext } from '../dataset/inspectRow';
import { AcrossRows, type KnownFile } from './acrossRows';
import type { ChunkFindings } from './lintChunk';
import { lintChunks, type LintThreads } from './lintChunks';

/** Problems of a file that are listed in full; a file with more has one cause, and the rest is counted. */
const mostProblems = 2000;
/** Bytes of a file that are worth starting a thread for. */
const threadBytes = 256 << 10;

export type FilePart = 'trained' | 'alone' | 'heldOut' | 'warm-up';

export interface FileCheckOptions {
  readonly threads?: LintThreads;
  readonly signal?: AbortSignal;
}

/** Checks the files of one dataset, one after the other, and what is only seen across their rows. Its files stay open until it is closed. */
export class FileChecks {
  private readonly across = new AcrossRows();
  private readonly types = new ColumnTypes<RowPlace>();
  /** Boxes of all files: a small one does not decide by itself. */
  private readonly frames: FrameEvidence;
  private isFrameTold = false;
  private readonly open: FileHandle[] = [];

  constructor(private readonly boxFrame: BoxFrame, private readonly options: FileCheckOptions) {
    this.frames = new FrameEvidence(boxFrame);
  }

  /** A file that cannot be read is a problem. Throws only when it is aborted. */
  async add(context: RowContext, part: FilePart): Promise<LintReport> {
    const report = new FileReport(context);
    try {
      const handle = await openRows(context.file);
      this.open.push(handle);
      await this.read(handle, context, part, report);
    } catch (error) {
      if (this.options.signal?.aborted) throw this.options.signal.reason;
      if (!AppError.is(error, 'dataset.unreadable')) throw error;
      report.addOfFile('dataset/unreadable', sentence(errorInWords(error)), 'Correct the path in pebr.json, or put the file back.');
    }
    return report.done();
  }

  /** What is told by all rows together: columns of several types, boxes in another frame. */
  ofAllRows(context: RowContext): LintReport {
    const report = new FileReport(context);
    for (const { place, fault } of this.types.faults(context.columns)) report.addProblem(problemOfFault(fault, place, context.columns), fault.rule);
    if (!this.isFrameTold) report.addFrame(this.frames);
    return report.done();
  }

  async close(): Promise<void> {
    for (const handle of this.open) await handle.close();
  }

  private async read(handle: FileHandle, context: RowContext, part: FilePart, report: FileReport): Promise<void> {
    const { size } = await handle.stat();
    const known: KnownFile = { file: context.file, handle: handle.fd, columns: context.columns };
    const rules = { kind: part === 'warm-up' ? part : 'dataset', context, followsLeaks: part === 'trained' || part === 'heldOut' } as const;
    const { signal } = this.options;
    const frames = new FrameEvidence(this.boxFrame);
    const threads = size >= threadBytes ? this.options.threads : undefined;
    for await (const found of lintChunks(handle.fd, size, rules, { threads, signal, mostProblems: () => mostProblems - report.listed })) {
      const { lineCount: firstLine } = report;
      if (firstLine === 0 && found.rows > 0) this.across.expect(Math.ceil((size / Math.max(1, found.ends[found.rows - 1] ?? 1)) * found.rows * 1.1), part);
      const across = this.across.add(known, found, firstLine, part);
      for (const { types, count, place } of found.shapes) this.types.add({ types, count, place: { ...place, line: place.line + firstLine } });
      frames.merge(found.frames);
      report.addPart(found, across.map(({ row, fault, text, qid }) => {
        const line = (found.rowLines[row] ?? 0) + firstLine;
        return { row, problem: problemOfFault(fault, { file: context.file, line, text, qid }, context.columns), rule: fault.rule };
      }));
    }
    this.frames.merge(frames.counts);
    if (report.addFrame(frames)) this.isFrameTold = true;
    if (report.rowCount === 0) report.addOfFile('dataset/empty-file', 'The file has no rows.', 'Write one JSON object a line into it.');
  }
}

/** Collects the findings of one file. */
class FileReport {
  private readonly problems: Problem[] = [];
  private readonly counts = new Map<RuleId, RuleCount>();
  private readonly marks = new RowMarks();
  private total = 0;
  lineCount = 0;
  rowCount = 0;

  constructor(private readonly context: RowContext) {}

  get listed(): number {
    return this.problems.length;
  }

  addPart(found: ChunkFindings, across: readonly { readonly row: number; readonly problem: Problem; readonly rule: RuleId }[]): void {
    const own = found.problems.map(problem => (problem.line === undefined ? problem : { ...problem, line: problem.line + this.lineCount }));
    const all = across.length === 0 ? own : [...own, ...across.map(each => each.problem)].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
    this.problems.push(...all.slice(0, mostProblems - this.listed));
    this.marks.addAll(found.marks, this.rowCount);
    for (const [rule, { severity, count }] of found.counts) this.count(rule, severity, count);
    for (const { row, problem, rule } of across) {
      this.marks.add(this.rowCount + row, rule, problem.severity);
      this.count(rule, problem.severity, 1);
    }
    this.lineCount += found.lines;
    this.rowCount += found.rows;
  }

  addProblem(problem: Problem, rule: RuleId): void {
    this.problems.push(problem);
    this.count(rule, problem.severity, 1);
  }

  addOfFile(rule: RuleId, message: string, remedy: string): void {
    this.addProblem({ severity: rules[rule].severity, rule, file: this.context.file, message, remedy }, rule);
  }

  /** Tells a frame that the boxes fit better than the declared one; whether there is one. */
  addFrame(evidence: FrameEvidence): boolean {
    const { boxFrame } = this.context;
    const better = evidence.betterThan(boxFrame);
    if (!better) return false;
    const { frame, fitting, declaredFitting, boxes } = better;
    this.addOfFile(
      'dataset/suspicious-frame', `${declaredFitting} of ${boxes} boxes fit their image in the declared frame "${boxFrame}", and ${fitting} in the frame "${frame}".`,
      `Look at some, and set "boxFrame": "${frame}" for this dataset in pebr.json if it is so.`,
    );
    return true;
  }

  done(): LintReport {
    const { problems, counts, marks, total } = this;
    if (total > problems.length) {
      const message = `Only the first ${problems.length.toLocaleString('en')} of ${total.toLocaleString('en')} problems are listed.`;
      problems.push({ severity: rules['dataset/more-problems'].severity, rule: 'dataset/more-problems', file: this.context.file, message, remedy: 'Correct their cause and check again.' });
    }
    return { problems, counts, marks: new Map([[this.context.file, marks]]) };
  }

  private count(rule: RuleId, severity: Problem['severity'], count: number): void {
    addCount(this.counts, rule, severity, count);
    this.total += count;
  }
}

/** Opens a file of rows. Throws `dataset.unreadable`. */
async function openRows(file: string): Promise<FileHandle> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    if (!(await handle.stat()).isFile()) throw new Error('it is no file');
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    const other = otherFormat(buffer.subarray(0, bytesRead));
    if (other !== undefined) throw new Error(other);
    return handle;
  } catch (error) {
    await handle?.close();
    throw new AppError('dataset.unreadable', { file, reason: reasonOf(error) }, { cause: error });
  }
}

/** Why a file that begins so holds no rows a line. */
function otherFormat(head: Buffer): string | undefined {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) return 'it is UTF-16; save it as UTF-8';
  const text = head.toString('latin1').replace(/^\u00ef\u00bb\u00bf/, '');
  if (text.startsWith('PAR1')) return 'it is a Parquet file; "PeBR: Import Dataset" makes rows of it';
  if (text.startsWith('\u001f\u008b') || text.startsWith('PK\u0003\u0004')) return 'it is compressed; unpack it first';
  if (/^\s*\[\s*[{\n]/.test(text)) return 'it is one JSON list, not one row a line; "PeBR: Import Dataset" makes rows of it';
  return undefined;
}

function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' || code === 'EPERM' ? 'it may not be read by this user' : messageOf(error);
}
