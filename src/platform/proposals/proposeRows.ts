import { AppError, messageOf } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import type { RowText } from '../dataset/datasetFile';
import { inspectRow, type RowContext } from '../dataset/inspectRow';
import { RefusedRequest } from '../responses/endpoint';
import { UnusableSample } from '../responses/promptParts';
import type { ProposalFile } from './proposalFile';
import type { Proposer } from './proposer';

export interface ProposeOptions {
  readonly proposer: Proposer;
  readonly into: ProposalFile;
  readonly context: RowContext;
  /** Labels that the dataset knows; the key words and box labels of each row are added to them. */
  readonly labels: readonly string[];
  /** Samples that were asked about before are asked again. */
  readonly again: boolean;
  readonly signal: AbortSignal;
  /** After each row; `eta` in milliseconds, once it can be told. */
  readonly onProgress?: (progress: ProposeProgress) => void;
}

export interface ProposeProgress {
  readonly done: number;
  readonly total: number;
  readonly eta: number | undefined;
}

export interface LeftRow {
  readonly line: number;
  readonly qid: string;
  readonly reason: string;
}

export interface ProposeOutcome {
  /** Samples that the model was asked about now, those that had been before, and boxes of both. */
  readonly asked: number;
  readonly known: number;
  readonly proposals: number;
  /** Rows that nothing can be proposed for. */
  readonly left: readonly LeftRow[];
  /** What of single answers could not be used. */
  readonly notes: readonly LeftRow[];
}

/**
 * Proposes boxes for rows; what is found is in the file at once, so that a cancel or a crash loses none of it. Throws where the model as a whole fails, and
 * what the signal says; a row that alone cannot be asked about is left out with its reason.
 */
export async function proposeRows(total: number, rows: AsyncIterable<RowText>, options: ProposeOptions): Promise<ProposeOutcome> {
  const { proposer, into, signal, onProgress } = options;
  const left: LeftRow[] = [];
  const notes: LeftRow[] = [];
  let [asked, known, proposals, done] = [0, 0, 0, 0];
  let busyMs = 0;
  const ask = async (at: RowText): Promise<void> => {
    const start = Date.now();
    const told = await askAbout(at, options);
    if ('reason' in told) left.push({ line: at.line, qid: told.qid, reason: told.reason });
    else {
      proposals += into.of(told.qid)?.proposals.length ?? 0;
      if (told.isKnown) known++;
      else {
        asked++;
        busyMs += (Date.now() - start) / proposer.concurrency;
      }
      if (told.note !== undefined) notes.push({ line: at.line, qid: told.qid, reason: told.note });
    }
    done++;
    onProgress?.({ done, total, eta: asked === 0 ? undefined : (busyMs / asked) * (total - done) });
  };
  const iterator = rows[Symbol.asyncIterator]();
  const stop = new AbortController();
  const work = async (): Promise<void> => {
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) {
      signal.throwIfAborted();
      if (stop.signal.aborted) return;
      await ask(next.value);
    }
  };
  onProgress?.({ done: 0, total, eta: undefined });
  const workers = Array.from({ length: Math.max(1, Math.min(proposer.concurrency, total)) }, () => work().catch((error: unknown) => {
    stop.abort();
    throw error;
  }));
  const ends = await Promise.allSettled(workers);
  await iterator.return?.();
  signal.throwIfAborted();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return { asked, known, proposals, left, notes };
}

type Told = { readonly qid: string; readonly isKnown: boolean; readonly note?: string } | { readonly qid: string; readonly reason: string };

async function askAbout(at: RowText, { proposer, into, context, labels, again, signal }: ProposeOptions): Promise<Told> {
  const { row, images: [image] } = await inspectRow(at, context);
  if (!row) return { qid: '', reason: 'the line is no row' };
  const { qid } = row;
  if (qid === '') return { qid, reason: 'it has no id, by which proposals are kept' };
  if (!image) return { qid, reason: 'it has no image' };
  if (image.file === undefined || image.size === undefined) return { qid, reason: image.faults[0]?.message ?? `its image ${image.name} cannot be read` };
  if (!again && into.of(qid)?.image === image.name) return { qid, isKnown: true };
  try {
    const wanted = [...new Set([...row.key_words, ...row.boxes.map(box => box.label), ...labels])].filter(Boolean);
    const { size, proposals, note } = await proposer.propose({ image: image.file, labels: wanted }, signal);
    await into.add({ qid, image: image.name, size, date: new Date().toISOString(), proposals });
    return { qid, isKnown: false, ...(note !== undefined && { note }) };
  } catch (error) {
    if (AppError.is(error, 'detector.failed') || AppError.is(error, 'dataset.unreadable')) return { qid, reason: errorInWords(error) };
    if (error instanceof RefusedRequest || error instanceof UnusableSample) return { qid, reason: messageOf(error) };
    throw error;
  }
}
