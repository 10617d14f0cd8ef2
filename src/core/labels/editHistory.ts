import { type CurationEdit, invertCurationEdit } from '../curation/curatedSamples';
import { textHash } from '../dataset/textHash';
import type { LargeEdit } from './largeEdit';
import { invertEdit, type LineText, type RowEdit } from './rowEdit';

/** What one gesture of a person did; the unit of undo. */
export interface EditStep {
  /** As the undo menu names it. */
  readonly label: string;
  readonly rows: readonly RowEdit[];
  readonly curation?: CurationEdit | undefined;
  /** Its part that is kept without texts. */
  readonly large?: LargeEdit | undefined;
}

/** At least this many steps are kept from one session to the next. */
const mostKept = 12_000;
const mostHeld = 20_000;

/** The steps on a dataset in their order: how many of them are done, and after which the files were saved. It outlives the window, through the journal. */
export class EditHistory {
  private list: EditStep[] = [];
  private done = 0;
  private saved: number | undefined = 0;

  /** Of an earlier session. */
  static of(steps: readonly EditStep[], position: number, savedAt: number | undefined): EditHistory {
    const history = new EditHistory();
    history.list = [...steps];
    history.done = Math.max(0, Math.min(position, steps.length));
    history.saved = savedAt;
    return history;
  }

  get steps(): readonly EditStep[] {
    return this.list;
  }

  /** How many steps are done; those after them were taken back. */
  get position(): number {
    return this.done;
  }

  /** The position at which the files were saved; `undefined` when no step leads there any more. */
  get savedAt(): number | undefined {
    return this.saved;
  }

  /** A new step; those that were taken back are gone then. */
  push(step: EditStep): void {
    this.list.splice(this.done, this.list.length, step);
    if (this.saved !== undefined && this.saved > this.done) this.saved = undefined;
    this.done++;
    if (this.list.length > mostHeld) this.cut(this.list.length - mostKept, this.list.length);
  }

  /** A step is done again, or taken back. False where it is not the next one: VS Code was asked to undo while a newer step was on its way to it, or the step is older than what is kept. */
  move(step: EditStep, isForward: boolean): boolean {
    const place = isForward ? this.done : this.done - 1;
    if (this.list[place] !== step) return false;
    this.done = isForward ? place + 1 : place;
    return true;
  }

  markSaved(): void {
    this.saved = this.done;
  }

  /** Everything since the last saving is given up. */
  revert(): void {
    if (this.saved === this.done) return;
    if (this.saved === undefined) this.list = [];
    else this.list.length = Math.min(this.list.length, this.saved);
    this.saved = this.done = this.list.length;
  }

  /** Keeps the steps around the present one that can still be taken back or done again: each starts from the line that the one next to it leaves. `textOf` tells the lines of now. */
  keepPossible(textOf: (key: number) => LineText | undefined, isUnsaved: boolean): void {
    let from = this.done;
    let to = this.done;
    const canGoBack = follower(textOf, false);
    while (from > 0 && canGoBack(this.list[from - 1] as EditStep)) from--;
    const canGoForth = follower(textOf, true);
    while (to < this.list.length && canGoForth(this.list[to] as EditStep)) to++;
    this.cut(from, to);
    if (!isUnsaved) this.saved = this.done;
    else if (this.saved === this.done) this.saved = undefined;
  }

  private cut(from: number, to: number): void {
    this.list = this.list.slice(from, to);
    this.done -= from;
    if (this.saved !== undefined) this.saved = this.saved < from || this.saved > to ? undefined : this.saved - from;
  }
}

/** The same step backwards. */
export function invertStep({ label, rows, curation }: EditStep): Omit<EditStep, 'large'> {
  return { label, rows: [...rows].reverse().map(invertEdit), curation: curation && invertCurationEdit(curation) };
}

/** Tells of one step after another whether each of its rows is then what it starts from. What a large edit leaves of a row is not known here, and taken for right. */
function follower(textOf: (key: number) => LineText | undefined, isForward: boolean): (step: EditStep) => boolean {
  const known = new Map<number, number | null>();
  let isAfterLarge = false;
  return ({ rows, large }) => {
    const fits = rows.every(({ key, from, to }) => {
      const [start, end] = isForward ? [from, to] : [to, from];
      const now = known.has(key) ? known.get(key) : isAfterLarge ? start : hashOf(textOf(key));
      known.set(key, end);
      return now === start;
    });
    if (large) {
      isAfterLarge = true;
      known.clear();
    }
    return fits;
  };
}

const hashOf = (text: LineText | undefined): number | null | undefined => (typeof text === 'string' ? textHash(text) : text);
