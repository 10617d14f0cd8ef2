import { isUtf8 } from 'node:buffer';
import { parseRow } from '../../core/dataset/parseRow';
import type { ParsedRow, Row, RowFault } from '../../core/dataset/row';
import type { RowShape } from '../../core/lint/columnTypes';
import { type FrameCounts, FrameEvidence } from '../../core/lint/frameEvidence';
import { questionHash } from '../../core/lint/leakage';
import { addCount, type RuleCount } from '../../core/lint/lintReport';
import { lintWarmUp, parseWarmUpRow } from '../../core/lint/lintWarmUp';
import { problemOfFault, type RowPlace } from '../../core/lint/problemOfFault';
import { type PackedMarks, RowMarks } from '../../core/lint/rowMarks';
import type { RuleId } from '../../core/lint/rules';
import { textHash } from '../../core/dataset/textHash';
import type { Problem } from '../../core/problem';
import { faultsOf, type RowContext, type RowImage } from '../dataset/inspectRow';
import { ImageShelf } from './imageShelf';
import { type Chunk, readChunk } from './readChunk';

/** How the rows of a file are checked. */
export interface ChunkRules {
  readonly kind: 'dataset' | 'warm-up';
  readonly context: RowContext;
  /** Whether questions and images are to be found again in another file. */
  readonly followsLeaks: boolean;
}

/** A part of a file: the lines that begin at `from` up to `to`. */
export interface ChunkTask {
  readonly from: number;
  readonly to: number;
  /** Findings to tell in full; the others are only counted and marked. */
  readonly mostProblems: number;
}

/** What one part of a file told. Rows and lines are counted from its own first. */
export interface ChunkFindings {
  readonly rows: number;
  readonly lines: number;
  readonly problems: readonly Problem[];
  readonly counts: readonly (readonly [RuleId, RuleCount])[];
  readonly marks: PackedMarks;
  /** Of each row: hash of its qid (0: none), its line, and where it starts and ends in the file. */
  readonly qids: Float64Array;
  readonly rowLines: Uint32Array;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly shapes: readonly RowShape<RowPlace>[];
  readonly frames: FrameCounts;
  /** Where leaks are followed: of each row the hash of its question, and of each image its hash and its row. */
  readonly questions: Float64Array;
  readonly images: Float64Array;
  readonly imageRows: Uint32Array;
}

/** Boxes of a part that are measured in every frame. */
const mostFrameBoxes = 500;

/** Checks parts of one file, one after the other, without ever waiting: what a thread of its own does. */
export class ChunkLinter {
  private readonly shelf: ImageShelf;

  constructor(private readonly rules: ChunkRules) {
    this.shelf = new ImageShelf(rules.context.imageRoot);
  }

  /** `file` is the descriptor of the open file. */
  lint(file: number, task: ChunkTask): ChunkFindings {
    const chunk = readChunk(file, task.from, task.to);
    const found = new Findings(chunk, task.mostProblems, this.rules);
    const isUtf8Whole = isUtf8(chunk.bytes);
    for (let row = 0; row < chunk.rows; row++) {
      const text = chunk.text(row);
      const isBroken = !isUtf8Whole && !isUtf8(chunk.bytesOf(row));
      if (this.rules.kind === 'warm-up') this.lintWarmUpRow(found, row, text, isBroken);
      else this.lintRow(found, row, text, isBroken);
    }
    return found.all();
  }

  private lintRow(found: Findings, row: number, text: string, isBroken: boolean): void {
    const { context } = this.rules;
    const parsed = parseRow(text, context.columns);
    const images = this.imagesOf(parsed.row);
    found.add(row, text, parsed.row?.qid, faultsOf(parsed, images, context), isBroken);
    if (parsed.row) found.follow(row, text, parsed, parsed.row, images[0]);
  }

  private lintWarmUpRow(found: Findings, row: number, text: string, isBroken: boolean): void {
    const { row: read, faults } = parseWarmUpRow(text);
    const images = (read?.images ?? []).map(name => this.shelf.get(name));
    found.add(row, text, read?.qid, read ? [...lintWarmUp(read, text), ...images.flatMap(image => image.faults)] : faults, isBroken);
  }

  private imagesOf(row: Row | undefined): readonly RowImage[] {
    if (!row || row.images.length === 0) return noImages;
    const [only] = row.images;
    return row.images.length === 1 && only !== undefined ? [this.shelf.get(only)] : row.images.map(name => this.shelf.get(name));
  }
}

const noImages: readonly RowImage[] = [];

/** Collects what is found in one part. */
class Findings {
  private readonly problems: Problem[] = [];
  private readonly counts = new Map<RuleId, RuleCount>();
  private readonly marks = new RowMarks();
  private readonly shapes = new Map<ParsedRow['types'], { types: ParsedRow['types']; count: number; place: RowPlace }>();
  private readonly frames: FrameEvidence;
  private readonly qids: Float64Array;
  private readonly questions: Float64Array;
  private readonly images: number[] = [];
  private readonly imageRows: number[] = [];

  constructor(private readonly chunk: Chunk, private readonly mostProblems: number, private readonly rules: ChunkRules) {
    this.frames = new FrameEvidence(rules.context.boxFrame, mostFrameBoxes);
    this.qids = new Float64Array(chunk.rows);
    this.questions = new Float64Array(rules.followsLeaks ? chunk.rows : 0);
  }

  add(row: number, text: string, qid: string | undefined, faults: readonly RowFault[], isBroken: boolean): void {
    if (faults.length === 0 && !isBroken) return;
    const place = { file: this.rules.context.file, line: this.chunk.line(row), text, qid };
    for (const fault of isBroken ? [brokenBytes(text), ...faults] : faults) {
      addCount(this.counts, fault.rule, fault.severity);
      this.marks.add(row, fault.rule, fault.severity);
      if (this.problems.length < this.mostProblems) this.problems.push(problemOfFault(fault, place, this.rules.context.columns));
    }
  }

  follow(row: number, text: string, { types }: ParsedRow, read: Row, image: RowImage | undefined): void {
    this.qids[row] = read.qid === '' ? 0 : textHash(read.qid);
    const shape = this.shapes.get(types);
    if (shape) shape.count++;
    else this.shapes.set(types, { types, count: 1, place: { file: this.rules.context.file, line: this.chunk.line(row), text, qid: read.qid } });
    if (image?.size) this.frames.add(read, image.size);
    if (!this.rules.followsLeaks) return;
    this.questions[row] = questionHash(read);
    for (const name of read.images) {
      this.images.push(textHash(name));
      this.imageRows.push(row);
    }
  }

  all(): ChunkFindings {
    const { chunk, problems, qids, questions, images, imageRows } = this;
    return {
      rows: chunk.rows, lines: chunk.lines, problems, counts: [...this.counts], marks: this.marks.pack(), qids, questions,
      images: Float64Array.from(images), imageRows: Uint32Array.from(imageRows),
      rowLines: chunk.rowLines, starts: chunk.starts, ends: chunk.ends, shapes: [...this.shapes.values()], frames: this.frames.counts,
    };
  }
}

function brokenBytes(text: string): RowFault {
  return {
    severity: 'error', rule: 'dataset/invalid-utf8', message: 'The line holds bytes that are no UTF-8; they are shown as �.',
    remedy: 'Save the file as UTF-8, and correct the text where the � stands.', offset: Math.max(0, text.indexOf('\uFFFD')),
  };
}
