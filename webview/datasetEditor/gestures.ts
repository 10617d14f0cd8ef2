import { signal } from '@preact/signals';
import { applyCurationChange, type CurationChange } from '../../src/core/curation/curation';
import { changeRow } from '../../src/core/labels/changeRow';
import type { LabelChange } from '../../src/core/labels/labelChange';
import type { DecideParams, RowView, SeenRow } from '../../src/protocol/datasetEditor';
import { changedSecond } from './blindPass';
import type { EditorStore } from './editorStore';

/** An answer that takes longer may never come: the process that has the document may be gone. */
const longestAnswerMs = 5000;

/** What a person does to the shown sample, one step to undo each. The view changes at once; what the host answers replaces it. */
export class Gestures {
  /** How many have waited so long for the host that a person has to know. */
  readonly unanswered = signal(0);
  /** Those that the host has not answered yet. */
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(private readonly store: EditorStore) {}

  /** Changes the label, and what is decided by it. In a blind pass it is the second labels that change. */
  async change(change: LabelChange, decided?: CurationChange): Promise<void> {
    const { index, shown } = this.begin();
    if (!shown?.row) return;
    if (this.store.blind.isOn.value) {
      const second = changedSecond(shown, change, this.store.document.value?.labeler ?? '', new Date());
      return void (second && (await this.curate({ type: 'setSecond', second })));
    }
    this.store.rows.expect({ ...shown, row: changeRow(shown.row, change), isEdited: true, curation: decided ? applyCurationChange(shown.curation, decided) : shown.curation });
    await this.settled(index, this.store.host.request('change', { index, change, ...(decided && { decided }), seen: this.seenOf(shown) }));
  }

  /** A decision about the shown sample besides its label. Returns whether it was taken. */
  async curate(change: CurationChange): Promise<boolean> {
    const { index, shown } = this.begin();
    if (shown && !shown.row) this.store.failure.value = `Line ${shown.line.toLocaleString('en')} is no row about which something can be decided. Correct it in the text editor.`;
    if (!shown?.row) return false;
    this.store.rows.expect({ ...shown, curation: applyCurationChange(shown.curation, change) });
    return this.settled(index, this.store.host.request('curate', { index, change, seen: this.seenOf(shown) }));
  }

  /** A decision about proposed boxes; `expected` is shown until the host says how the row is. Returns whether it was taken. */
  async decide(expected: RowView, params: Omit<DecideParams, 'seen'>): Promise<boolean> {
    this.begin();
    this.store.rows.expect(expected);
    return this.settled(params.index, this.store.host.request('decide', { ...params, seen: this.seenOf(expected) }));
  }

  /** Corrects what a rule found in the shown sample. */
  async fix(rule: string): Promise<void> {
    const { index, shown } = this.begin();
    if (!shown) return;
    this.store.rows.expect(shown);
    await this.settled(index, this.store.host.request('fix', { index, rule, seen: this.seenOf(shown) }));
  }

  /** What comes next waits for it too: VS Code takes one step at a time. */
  await(step: Promise<unknown>): void {
    const told = step.catch((error: unknown) => this.store.fail(error));
    this.underWay.add(told);
    void told.then(() => this.underWay.delete(told));
  }

  /** Resolves when the host has taken every gesture so far; undefined where none is on its way. */
  taken(): Promise<unknown> | undefined {
    return this.underWay.size === 0 ? undefined : Promise.allSettled(this.underWay);
  }

  /** The shown row as the file and its edits have it, also in a blind pass. */
  private begin(): { readonly index: number; readonly shown: RowView | undefined } {
    const index = this.store.cursor.index.value;
    this.store.failure.value = undefined;
    return { index, shown: this.store.rows.at(index) };
  }

  /** What tells the host which sample a person meant, where the file is another by now. */
  private seenOf({ row }: RowView): SeenRow {
    return { qid: row?.qid ?? '', numbering: this.store.document.value?.numbering ?? 0 };
  }

  private async settled(index: number, answer: Promise<RowView>): Promise<boolean> {
    const { rows } = this.store;
    this.underWay.add(answer);
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.unanswered.value++;
    }, longestAnswerMs);
    try {
      rows.settle(index, await answer);
      return true;
    } catch (error) {
      rows.settle(index, undefined);
      this.store.fail(error);
      return false;
    } finally {
      clearTimeout(timer);
      if (isLate) this.unanswered.value--;
      this.underWay.delete(answer);
    }
  }
}
