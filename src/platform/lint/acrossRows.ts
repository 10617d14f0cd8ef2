import { readSync } from 'node:fs';
import * as path from 'node:path';
import { parseRow } from '../../core/dataset/parseRow';
import type { Row, RowFault } from '../../core/dataset/row';
import { HashTable } from '../../core/lint/hashTable';
import { leakFault } from '../../core/lint/leakage';
import type { Columns } from '../../core/project/project';
import type { ChunkFindings } from './lintChunk';
import type { FilePart } from './lintFiles';

/** A file whose rows are known by their bytes. */
export interface KnownFile {
  readonly file: string;
  readonly handle: number;
  readonly columns: Columns;
}

/** A fault at a row of the part that was added last. */
export interface AcrossFault {
  readonly row: number;
  readonly fault: RowFault;
  readonly text: string;
  readonly qid: string;
}

/** Faults that are worked out to the word; past so many they have one cause, and equal hashes are taken for equal ids. */
const mostWorded = 2000;

/** Follows ids, questions and images across the parts and files of a dataset: which rows have one id, and which held-out rows are trained on. */
export class AcrossRows {
  private readonly qids = new HashTable();
  private readonly questions = new HashTable();
  private readonly images = new HashTable();
  /** Where each row stands, by the number it was given when it was added. */
  private readonly parts: { readonly first: number; readonly known: KnownFile; readonly found: Pick<ChunkFindings, 'starts' | 'ends' | 'rowLines'>; readonly firstLine: number }[] = [];
  private rowCount = 0;
  private worded = 0;

  /** Makes room for the rows that a file is likely to have. */
  expect(rows: number, part: FilePart): void {
    this.qids.reserve(this.rowCount + rows);
    if (part !== 'trained') return;
    this.questions.reserve(rows);
    this.images.reserve(rows);
  }

  /** Adds a part; `firstLine` is how many lines of its file came before. */
  add(known: KnownFile, found: ChunkFindings, firstLine: number, part: FilePart): readonly AcrossFault[] {
    const first = this.rowCount;
    const { starts, ends, rowLines } = found;
    this.parts.push({ first, known, found: { starts, ends, rowLines }, firstLine });
    this.rowCount += found.rows;
    const faults: AcrossFault[] = [];
    for (let row = 0; row < found.rows; row++) {
      const hash = found.qids[row] ?? 0;
      const earlier = hash === 0 ? undefined : this.qids.addFirst(hash, first + row);
      if (earlier !== undefined) faults.push(...this.repeated(first + row, earlier, row));
    }
    if (part === 'trained') this.remember(found, first);
    else if (part === 'heldOut') faults.push(...this.leaked(found, first));
    return faults;
  }

  private remember({ questions, images, imageRows }: ChunkFindings, first: number): void {
    questions.forEach((hash, row) => hash !== 0 && this.questions.addFirst(hash, first + row));
    images.forEach((hash, index) => this.images.addFirst(hash, first + (imageRows[index] ?? 0)));
  }

  private leaked({ questions, images, imageRows }: ChunkFindings, first: number): AcrossFault[] {
    const shared = new Map<number, number>();
    images.forEach((hash, index) => {
      const row = imageRows[index] ?? 0;
      const training = this.questions.get(questions[row] ?? 0) ?? this.images.get(hash);
      if (training !== undefined && !shared.has(row)) shared.set(row, training);
    });
    return [...shared].flatMap(([row, training]) => this.leak(row, first + row, training));
  }

  private leak(row: number, number: number, training: number): AcrossFault[] {
    if (this.worded++ > mostWorded) return [];
    const heldOut = this.read(number);
    const other = this.read(training);
    const fault = heldOut.row && other.row && leakFault(heldOut.row, other.row);
    return fault ? [{ row, fault, text: heldOut.text, qid: qidOf(heldOut) }] : [];
  }

  private repeated(number: number, earlier: number, row: number): AcrossFault[] {
    const fault = { severity: 'error', rule: 'dataset/duplicate-qid', field: 'qid', remedy: 'Give each row an id of its own: difficulty and rollouts of the two are mixed up.' } as const;
    if (this.worded++ > mostWorded) return [{ row, fault: { ...fault, message: 'The qid is also that of another row.' }, text: '', qid: '' }];
    const here = this.read(number);
    const there = this.read(earlier);
    const qid = qidOf(here);
    if (qid === '' || qid !== qidOf(there)) return []; // two ids with one hash
    const where = `line ${there.line}${there.file === here.file ? '' : ` of ${path.basename(there.file)}`}`;
    return [{ row, fault: { ...fault, message: `The qid "${qid}" is also on ${where}.`, offset: Math.max(0, here.text.indexOf(JSON.stringify(qid))) }, text: here.text, qid }];
  }

  private read(number: number): RowAt {
    const part = this.parts.findLast(each => each.first <= number);
    if (!part) throw new Error(`There is no row ${number}.`); // every number was given here
    const { known, found, first, firstLine } = part;
    const start = found.starts[number - first] ?? 0;
    const bytes = Buffer.allocUnsafe((found.ends[number - first] ?? 0) - start);
    const text = bytes.toString('utf8', 0, readSync(known.handle, bytes, 0, bytes.length, start));
    const line = (found.rowLines[number - first] ?? 0) + firstLine;
    return { text, line, file: known.file, row: parseRow(text, known.columns).row };
  }
}

interface RowAt {
  readonly text: string;
  readonly line: number;
  readonly file: string;
  readonly row: Row | undefined;
}

function qidOf({ row }: RowAt): string {
  return row?.qid ?? '';
}
