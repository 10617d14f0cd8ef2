import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { RowView, SamplePlace } from '../../src/protocol/datasetEditor';
import type { EditorStore } from './editorStore';

/** Rows around the shown one that are kept ready, so that the next sample is there when it is asked for. */
const rowsAround = 20;

/** Selected rows that are looked for again when the file changes. */
const mostFollowed = 1000;

/** The shown sample and the selected ones, by their ids as far as they are known here. */
interface FollowedPlaces {
  readonly shown: SamplePlace | undefined;
  readonly selected: readonly SamplePlace[];
  readonly count: number;
}

/** Where a person is among the rows of the query, and how they get to others. */
export class RowCursor {
  /** The row that is shown, or has the cursor; counted from 0 in the file. */
  readonly index = signal(0);
  /** It, as this person may see it. */
  readonly current: ReadonlySignal<RowView | undefined>;
  /** How many rows the query has, and where among them the shown one is; -1: it is not among them. */
  readonly count: ReadonlySignal<number>;
  readonly position: ReadonlySignal<number>;
  /** A row that was asked for and that the file does not have yet. */
  private wanted: number | undefined;

  constructor(private readonly store: EditorStore) {
    const { query, document } = store;
    this.current = computed(() => this.rowAt(this.index.value));
    this.count = computed(() => query.rows.value?.length ?? document.value?.rowCount ?? 0);
    this.position = computed(() => query.rows.value?.indexOf(this.index.value) ?? this.index.value);
  }

  /** Row at a position of the query. */
  rowOf(position: number): number | undefined {
    const { value } = this.store.query.rows;
    if (value) return value[position];
    return position >= 0 && position < this.count.value ? position : undefined;
  }

  /** Rows at positions `from` to `to` (exclusive) of the query. */
  rowsOf(from: number, to: number): readonly number[] {
    return Array.from({ length: Math.max(0, Math.min(to, this.count.value) - Math.max(0, from)) }, (_, offset) => this.rowOf(Math.max(0, from) + offset) ?? -1);
  }

  /** Has the rows at positions `from` to `to` (exclusive) of the query fetched. */
  want(from: number, to: number): void {
    this.store.rows.want(this.rowsOf(from, to));
  }

  /** A row of those that are ready. */
  rowAt(index: number): RowView | undefined {
    return this.store.blind.seen(this.store.rows.at(index));
  }

  step(by: number): void {
    const position = this.position.value;
    const next = this.rowOf(position < 0 ? 0 : position + by);
    if (next !== undefined) this.goTo(next);
  }

  goTo(index: number, isSame = false): void {
    const { store } = this;
    const count = this.rowCount;
    this.wanted = index >= count ? index : undefined;
    if (index < 0 || index >= count) return;
    if (!isSame || index !== this.index.value) store.leaveSample();
    this.index.value = index;
    store.remember();
    store.host.send('shown', { index });
    store.rows.want([index]);
    const position = this.position.value;
    if (position >= 0) this.want(position - rowsAround, position + rowsAround + 1);
  }

  /** The first row that is shown, unless somebody asked for another meanwhile. */
  startAt(index: number): void {
    this.wanted ??= index;
    this.settle();
  }

  /** Shows the wanted row, or the last one while the file is shorter: a file that is being written grows back. */
  settle(): void {
    const wanted = this.wanted ?? this.index.value;
    this.goTo(Math.min(wanted, Math.max(0, this.rowCount - 1)), true);
    this.wanted = wanted < this.rowCount ? undefined : wanted;
  }

  /** The cursor goes to the first row of another list; a sample that is being labeled, or was only asked for again, stays while it is among the rows. */
  enterAnswer(isOther: boolean): void {
    const first = this.rowOf(0);
    const stays = this.position.value >= 0 && (!isOther || this.store.mode.value === 'label');
    this.goTo(stays || first === undefined ? this.index.value : first, true);
  }

  places(): FollowedPlaces {
    const { rows, selection } = this.store;
    const placeOf = (row: number): SamplePlace | undefined => {
      const qid = rows.at(row)?.row?.qid;
      return qid ? { qid, row } : undefined;
    };
    const { count } = selection;
    const selected = count > mostFollowed ? [] : [...selection.rows()].flatMap(row => placeOf(row) ?? []);
    return { shown: this.wanted === undefined ? placeOf(this.index.value) : undefined, selected, count };
  }

  /** The file changed, and its rows may be elsewhere: the shown sample stays shown, and those that were selected are again. */
  async follow({ shown, selected, count }: FollowedPlaces): Promise<void> {
    const { store } = this;
    const numbering = store.document.value?.numbering;
    const places = [...(shown ? [shown] : []), ...(selected.length === count ? selected : [])];
    const rows = places.length === 0 ? [] : await store.host.request('locate', { places }).then(found => found.rows, () => []);
    if (numbering !== store.document.value?.numbering) return; // it changed again
    const index = shown && rows[0];
    if (index === undefined || index === null) this.settle();
    else this.goTo(index, true);
    const again = rows.slice(shown ? 1 : 0).filter(row => row !== null);
    if (again.length > 0) store.selection.set(again, this.rowCount);
    if (again.length < count) store.failure.value = `The file changed on disk: of ${count.toLocaleString('en')} selected rows ${again.length === 0 ? 'none is' : `only ${again.length.toLocaleString('en')} are`} selected now. Select them again.`;
  }

  private get rowCount(): number {
    return this.store.document.value?.rowCount ?? 0;
  }
}
