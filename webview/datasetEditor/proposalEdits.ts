import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { changeRow } from '../../src/core/labels/changeRow';
import { openProposals } from '../../src/core/proposals/openProposals';
import type { Proposal } from '../../src/core/proposals/proposal';
import type { DecideParams, RowView } from '../../src/protocol/datasetEditor';
import type { EditorStore } from './editorStore';

/** Rows that are looked through at once for the next one with proposals. */
const lookedAtOnce = 2000;

/** The boxes that a model proposes for the shown sample: which wait for a person, which is marked, and what becomes of them. */
export class ProposalEdits {
  /** Below it a proposal is not shown; undefined: as the model says. */
  readonly threshold: Signal<number | undefined> = signal(undefined);
  /** Place of the marked one among those that wait. */
  readonly marked = signal(0);
  /** Whether a model is being asked. */
  readonly isAsking = signal(false);
  /** Those that wait, the surest first. */
  readonly open: ReadonlySignal<readonly Proposal[]>;
  /** The marked one; undefined where none waits. */
  readonly focused: ReadonlySignal<Proposal | undefined>;

  constructor(private readonly store: EditorStore) {
    this.open = computed(() => this.openOf(store.cursor.current.value));
    this.focused = computed(() => this.open.value[Math.min(this.marked.value, this.open.value.length - 1)]);
  }

  get shownThreshold(): number {
    return this.threshold.value ?? this.store.document.value?.proposer?.threshold ?? 0;
  }

  /** Another sample is shown. */
  leave(): void {
    this.marked.value = 0;
  }

  mark(proposal: Proposal): void {
    this.marked.value = Math.max(0, this.open.value.indexOf(proposal));
  }

  next(): void {
    const count = this.open.value.length;
    if (this.isHidden()) return;
    if (count === 0) this.tellNone();
    else this.marked.value = (Math.min(this.marked.value, count - 1) + 1) % count;
  }

  /** The marked one becomes a box of the row, or is not proposed again; the mark goes to the next one. */
  async decide(verdict: DecideParams['verdict'], proposals?: readonly Proposal[]): Promise<void> {
    const { store } = this;
    if (this.isHidden()) return;
    const view = store.cursor.current.value;
    const chosen = proposals ?? (this.focused.value ? [this.focused.value] : []);
    if (!view?.row || chosen.length === 0) return this.tellNone();
    const { row } = view;
    const boxes = chosen.map(({ label, score, bbox }) => ({ label, score, numbers: store.boxes.numbersOf(bbox, row, view.proposals?.size) }));
    const hash = store.document.value?.proposer?.hash ?? '';
    const decided = boxes.map(({ label, score, numbers }) => ({ verdict, model: '', hash, label, score, box: numbers, date: '', isEdited: false }));
    const expected: RowView = {
      ...view,
      row: verdict === 'accepted' ? changeRow(row, { type: 'addBoxes', boxes, title: '' }) : row,
      curation: { ...view.curation, proposals: [...(view.curation.proposals ?? []), ...decided] },
    };
    const isLast = this.open.value.length === chosen.length;
    const done = await store.gestures.decide(expected, { index: view.index, verdict, boxes });
    if (done && isLast && store.cursor.index.value === view.index) store.boxes.note.value = 'No more proposed boxes here · Shift+N goes to the next sample with some';
  }

  decideAll(verdict: DecideParams['verdict']): Promise<void> {
    return this.decide(verdict, this.open.value);
  }

  /** Has boxes proposed for rows; what is found comes with them. */
  async propose(rows: Uint32Array): Promise<void> {
    const { store } = this;
    if (rows.length === 0 || this.isHidden()) return;
    store.fields.flush();
    store.failure.value = undefined;
    this.isAsking.value = true;
    try {
      await store.host.request('propose', { rows });
    } catch (error) {
      store.fail(error);
    } finally {
      this.isAsking.value = false;
    }
  }

  /** In a list: for the selected rows, or else for all that it shows. */
  proposeHere(): Promise<void> {
    const { store } = this;
    if (store.mode.value === 'label') return this.propose(Uint32Array.of(store.cursor.index.value));
    return store.selection.count > 0 ? this.propose(store.selection.rows()) : this.proposeForAll();
  }

  proposeForAll(): Promise<void> {
    return this.propose(Uint32Array.from(this.store.cursor.rowsOf(0, this.store.cursor.count.value)));
  }

  async choose(): Promise<void> {
    try {
      await this.store.host.request('chooseProposalModel', null);
    } catch (error) {
      this.store.fail(error);
    }
  }

  /** The next sample of the query with proposals that wait, from its start again after its end. */
  async nextSample(): Promise<void> {
    const { store } = this;
    if (this.isHidden()) return;
    store.fields.flush();
    const { value: count } = store.cursor.count;
    const start = Math.max(0, store.cursor.position.value) + 1;
    try {
      for (let done = 0; done < count; done += lookedAtOnce) {
        const rows = Array.from({ length: Math.min(lookedAtOnce, count - done) }, (_, offset) => store.cursor.rowOf((start + done + offset) % count) ?? 0);
        const { index } = await store.host.request('nextWithProposals', { rows: Uint32Array.from(rows), threshold: this.shownThreshold });
        if (index === null) continue;
        store.show('label');
        return store.cursor.goTo(index);
      }
      store.boxes.note.value = 'None of these samples has a proposed box that waits';
    } catch (error) {
      store.fail(error);
    }
  }

  private openOf(view: RowView | undefined): readonly Proposal[] {
    const { proposer, boxFrame } = this.store.document.value ?? {};
    if (!view?.row || !view.proposals || !proposer || !boxFrame) return [];
    const { size, proposals } = view.proposals;
    return openProposals(proposals, { row: view.row, frame: boxFrame, size, decisions: view.curation.proposals ?? [], hash: proposer.hash, threshold: this.shownThreshold });
  }

  /** In a blind pass there are none: they may be what the first person took. */
  private isHidden(): boolean {
    const isHidden = this.store.blind.isOn.value;
    if (isHidden) this.store.boxes.note.value = 'A blind pass shows and takes no proposed boxes · Shift+S ends it';
    return isHidden;
  }

  private tellNone(): void {
    this.store.boxes.note.value = this.store.cursor.current.value?.proposals ? 'No proposed box waits here · Shift+N goes to the next sample with some' : 'No boxes are proposed here yet · P proposes some';
  }
}
