import { isSameCuration } from '../curation/curation';
import { parseJsonObject } from '../parsedLine';
import type { EditedRow } from './editedRows';
import { EditHistory, type EditStep } from './editHistory';
import { type DecidedSample, layerOf, type PrintedLayer, printedLayer, type PrintedStep, printedStep, samplesOf, sampleTable, type SampleTable, stepOfPrinted } from './printedStep';
import type { RowLayer } from './rowLayer';

/** What is unsaved of a dataset. */
export interface UnsavedEdits {
  /** The version of the file that the rows are rows of. */
  readonly signature: string;
  readonly rows: readonly EditedRow[];
  readonly samples: readonly DecidedSample[];
  readonly layers: readonly RowLayer[];
}

/** That, with the undo history. */
export interface KeptEdits extends UnsavedEdits {
  /** Rows that are as the file has them, and that steps of the history are about. */
  readonly touched: readonly EditedRow[];
  readonly history: EditHistory;
}

export interface ReplayedJournal extends KeptEdits {
  /** Whether the process that wrote it said goodbye; else it crashed or was killed. */
  readonly isEnded: boolean;
}

/** One step in the journal: how the touched rows and samples are after it, and what it was on the undo stack. */
export interface JournalStep {
  readonly rows?: readonly EditedRow[];
  readonly samples?: readonly DecidedSample[] | undefined;
  readonly laid?: RowLayer | undefined;
  /** Id of a layer. */
  readonly lifted?: number | undefined;
  /** A new step. */
  readonly did?: EditStep | undefined;
  /** The step before was taken back, or the next one done again. */
  readonly went?: 'back' | 'forth' | undefined;
}

interface Line {
  readonly signature?: string;
  readonly saving?: string;
  readonly saved?: string;
  readonly rows?: readonly EditedRow[];
  readonly samples?: SampleTable;
  readonly laid?: PrintedLayer;
  readonly lifted?: number;
  readonly did?: PrintedStep;
  readonly went?: 'back' | 'forth';
  readonly position?: number;
  readonly savedAt?: number | null;
  readonly ended?: boolean;
}

/** The first line: which file the steps are about, in which version, who writes it, and which older journals it has everything of. */
export function printHeader(file: string, signature: string, process?: object, has?: readonly string[]): string {
  return JSON.stringify({ v: 1, file, signature, process, has });
}

export function printStep({ rows, samples, laid, lifted, did, went }: JournalStep): string {
  const line: Line = {
    ...(rows?.length && { rows }),
    ...(samples?.length && { samples: sampleTable(samples) }),
    ...(laid && { laid: printedLayer(laid) }),
    ...(lifted !== undefined && { lifted }),
    ...(did && { did: printedStep(did) }),
    ...(went && { went }),
  };
  return JSON.stringify(line);
}

/** Everything from the start: what is unsaved, and the steps that led there. */
export function* printKept({ rows, samples, layers, touched, history }: KeptEdits): Generator<string> {
  yield printStep({ rows: [...touched, ...rows], samples });
  for (const laid of layers) yield printStep({ laid });
  for (const did of history.steps) yield printStep({ did });
  yield JSON.stringify({ position: history.position, savedAt: history.savedAt ?? null } satisfies Line);
}

/** Says that the file is about to become the version `signature`, which has every step before this line. */
export function printSaving(signature: string): string {
  return JSON.stringify({ saving: signature });
}

/** Says that the file of the version `signature` and the curation file have every step before this line, each row in its place. */
export function printSaved(signature: string): string {
  return JSON.stringify({ saved: signature });
}

/** Says that the process ends in order, with this unsaved. */
export function printEnd(): string {
  return JSON.stringify({ ended: true });
}

/**
 * What the steps of a journal come to. `current` is the file's version now: if it is the one that was being saved, its rows are saved.
 * A line that cannot be read ends it: the process was killed while it wrote it. `undefined` when this is no journal of ours.
 */
export function replayJournal(lines: Iterable<string>, current: string): ReplayedJournal | undefined {
  let replay: Replay | undefined;
  for (const text of lines) {
    const parsed = parseJsonObject(text).value;
    if (!parsed) break;
    if (replay) replay.take(parsed as Line, current);
    else if (parsed.v !== 1 || typeof parsed.signature !== 'string') return undefined;
    else replay = new Replay(parsed.signature);
  }
  return replay?.result();
}

class Replay {
  private readonly rows = new Map<number, EditedRow>();
  private readonly samples = new Map<string, DecidedSample>();
  private readonly layers = new Map<number, RowLayer>();
  private history = new EditHistory();
  private isEnded = false;

  constructor(private signature: string) {}

  take(line: Line, current: string): void {
    this.isEnded = line.ended === true;
    if (line.saving === current) this.takeSaving(current);
    if (line.saved !== undefined) this.takeSaved(line.saved);
    for (const row of line.rows ?? []) this.rows.set(row.key, row);
    for (const sample of line.samples ? samplesOf(line.samples) : []) this.samples.set(sample.qid, sample);
    const laid = line.laid && layerOf(line.laid);
    if (laid) this.layers.set(laid.id, laid);
    if (line.lifted !== undefined) this.layers.delete(line.lifted);
    if (line.did) this.history.push(stepOfPrinted(line.did));
    if (line.went) this.takeMove(line.went === 'forth', laid);
    if (line.position !== undefined) this.history = EditHistory.of(this.history.steps, line.position, line.savedAt ?? undefined);
  }

  result(): ReplayedJournal {
    const isUnsaved = ({ base, text, theirs, row }: EditedRow): boolean =>
      // A row that is back to the file's line, but over a layer, says that the layer does not hold for it.
      base !== text || theirs !== undefined || [...this.layers.values()].some(layer => layer.rows.has(row));
    const rows = [...this.rows.values()];
    return {
      signature: this.signature,
      rows: rows.filter(isUnsaved),
      touched: rows.filter(row => !isUnsaved(row)),
      samples: [...this.samples.values()].filter(({ base, now }) => !isSameCuration(base, now)),
      layers: [...this.layers.values()],
      history: this.history,
      isEnded: this.isEnded,
    };
  }

  /** The process ended just after the file took the new version, of which only the lines are known where rows came or went with it. */
  private takeSaving(signature: string): void {
    this.signature = signature;
    const isInPlace = this.layers.size === 0 && [...this.rows.values()].every(({ base, text }) => (base === null) === (text === null));
    if (isInPlace) return this.markSaved();
    this.rows.clear();
    this.layers.clear();
    this.history = new EditHistory();
  }

  private takeSaved(signature: string): void {
    this.signature = signature;
    this.samples.clear();
    this.markSaved();
  }

  private markSaved(): void {
    for (const row of this.rows.values()) this.rows.set(row.key, { ...row, base: row.text });
    this.history.markSaved();
  }

  private takeMove(isForward: boolean, laid: RowLayer | undefined): void {
    const { steps, position } = this.history;
    const step = steps[isForward ? position : position - 1];
    if (!step) return;
    this.history.move(step, isForward);
    if (laid) step.large?.relaid(laid, isForward);
  }
}
