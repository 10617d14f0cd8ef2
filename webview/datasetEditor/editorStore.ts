import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { AnswerKind } from '../../src/core/grading/answerKind';
import { changeRow } from '../../src/core/labels/changeRow';
import type { LabelChange } from '../../src/core/labels/labelChange';
import { applyCurationChange, type CurationChange, type Review } from '../../src/core/curation/curation';
import type { DatasetEditorContract, DecideParams, DocumentView, EditorMode, ResponsesView, RowView, SamplePlace, SeenRow } from '../../src/protocol/datasetEditor';
import { everyRow, type RowQuery } from '../../src/core/query/rowQuery';
import type { Host } from '../shared/connect';
import { BlindPass, changedSecond, confirmedSecond } from './blindPass';
import { BoxClipboard, type CopiedBox } from './boxClipboard';
import { BoxEdits } from './boxEdits';
import type { DrawMode } from './drawTool';
import { firstFacets } from './firstFacets';
import { ProposalEdits } from './proposalEdits';
import { QueryStore } from './queryStore';
import { RowCache } from './rowCache';
import { RowSelection } from './rowSelection';
import { Thumbnails } from './thumbnails';

/** Rows around the shown one that are kept ready, so that the next sample is there when it is asked for. */
const rowsAround = 20;

/** Rows that are looked through at once for the next one to review. */
const reviewedAtOnce = 2000;

/** Selected rows that are looked for again when the file changes. */
const mostFollowed = 1000;

interface PanelState {
  readonly index: number;
  readonly isDrawing: boolean;
  readonly drawMode?: DrawMode;
  readonly copied?: readonly CopiedBox[];
  readonly mode: EditorMode;
  readonly query: RowQuery;
  readonly isBlind?: boolean;
}

/** What the editor shows. It is a copy: rows come from the host, changes go there, and what comes back is the truth. */
export class EditorStore {
  readonly document: Signal<DocumentView | undefined> = signal(undefined);
  /** The row that is shown, or has the cursor; counted from 0 in the file. */
  readonly index = signal(0);
  readonly mode: Signal<EditorMode> = signal('label');
  readonly failure: Signal<string | undefined> = signal(undefined);
  readonly current: ReadonlySignal<RowView | undefined>;
  /** How many rows the query has, and where among them the shown one is; -1: it is not among them. */
  readonly count: ReadonlySignal<number>;
  readonly position: ReadonlySignal<number>;
  readonly query: QueryStore;
  readonly boxes: BoxEdits;
  readonly proposals: ProposalEdits;
  readonly blind = new BlindPass();
  readonly clipboard = new BoxClipboard(this);
  readonly selection = new RowSelection();
  readonly thumbnails: Thumbnails;
  /** Whether the counts of the columns are shown, and of which. */
  readonly hasFacets = signal(false);
  readonly openFacets: Signal<ReadonlySet<string>> = signal(new Set(firstFacets));
  /** Parts of the side panel that are open, and the stored responses of the samples that were looked at. */
  /** How the answer of the shown sample is edited, where that was chosen. */
  readonly answerKind: Signal<AnswerKind | undefined> = signal(undefined);
  readonly openParts: Signal<ReadonlySet<string>> = signal(new Set());
  readonly responses: Signal<ReadonlyMap<string, ResponsesView | null>> = signal(new Map());
  /** The stored response whose text is unfolded, and whose boxes lie over the image. */
  readonly shownResponse: Signal<{ readonly qid: string; readonly index: number } | null> = signal(null);
  /** Width of the list of rows, px. */
  readonly listWidth = signal(0);

  private readonly rows: RowCache;
  /** A row that was asked for and that the file does not have yet. */
  private wanted: number | undefined;
  private readonly pending = new Set<() => void>();
  private readonly finders = new Set<() => void>();
  /** Gestures that the host has not answered yet. */
  private readonly underWay = new Set<Promise<unknown>>();

  constructor(readonly host: Host<DatasetEditorContract>) {
    this.rows = new RowCache(host, error => this.fail(error));
    this.boxes = new BoxEdits(this);
    this.thumbnails = new Thumbnails(host);
    this.query = new QueryStore(host, isOther => this.takeAnswer(isOther), error => this.fail(error));
    this.current = computed(() => this.blind.seen(this.rows.at(this.index.value)));
    this.count = computed(() => this.query.rows.value?.length ?? this.document.value?.rowCount ?? 0);
    this.position = computed(() => this.query.rows.value?.indexOf(this.index.value) ?? this.index.value);
    this.proposals = new ProposalEdits(this);
    host.on('row', row => this.rows.take(row));
    host.on('document', document => (this.document.value = document));
    host.on('stale', ({ isCuration }) => {
      this.query.tellStale(this.hasFacets.value);
      if (!isCuration) return; // a row whose text changed comes by itself
      this.rows.forget();
      this.rows.want([this.index.value]); // those in view are asked for with the document that follows
    });
    host.on('query', query => void this.query.ask(query));
    host.on('reload', document => {
      const isOther = document.numbering !== this.document.value?.numbering;
      const places = isOther ? this.places() : undefined;
      this.document.value = document;
      this.rows.forget();
      if (isOther) this.selection.clear(); // its numbers mean other rows now
      if (this.query.isNarrowed && isOther) void this.query.ask();
      else this.query.tellStale(this.hasFacets.value);
      if (places) void this.follow(places);
      else this.settle();
    });
    host.on('goTo', ({ index }) => {
      this.show('label');
      this.goTo(index);
    });
  }

  async start(): Promise<void> {
    const state = this.host.getState<PanelState>();
    const { document, index, query } = await this.host.request('load', null);
    this.document.value = document;
    this.boxes.isDrawing.value = state?.isDrawing ?? false;
    this.boxes.drawMode.value = state?.drawMode ?? 'drag';
    this.clipboard.take(state?.copied ?? []);
    this.blind.isOn.value = state?.isBlind ?? false;
    this.mode.value = query ? 'grid' : index === null ? (state?.mode ?? 'label') : 'label';
    this.wanted ??= index ?? state?.index ?? 0;
    this.settle();
    const asked = query ?? (index === null ? state?.query : undefined) ?? everyRow;
    if (JSON.stringify(asked) !== JSON.stringify(everyRow)) await this.query.ask(asked);
  }

  show(mode: EditorMode): void {
    this.flush();
    this.mode.value = mode;
    this.remember();
  }

  /** Row at a position of the query. */
  rowOf(position: number): number | undefined {
    const { value } = this.query.rows;
    if (value) return value[position];
    return position >= 0 && position < this.count.value ? position : undefined;
  }

  /** Rows at positions `from` to `to` (exclusive) of the query. */
  rowsOf(from: number, to: number): readonly number[] {
    return Array.from({ length: Math.max(0, Math.min(to, this.count.value) - Math.max(0, from)) }, (_, offset) => this.rowOf(Math.max(0, from) + offset) ?? -1);
  }

  /** Has the rows at positions `from` to `to` (exclusive) of the query fetched. */
  want(from: number, to: number): void {
    this.rows.want(this.rowsOf(from, to));
  }

  /** A row of those that are ready. */
  rowAt(index: number): RowView | undefined {
    return this.blind.seen(this.rows.at(index));
  }

  goTo(index: number, isSame = false): void {
    const count = this.document.value?.rowCount ?? 0;
    this.wanted = index >= count ? index : undefined;
    if (index < 0 || index >= count) return;
    if (!isSame || index !== this.index.value) {
      this.flush();
      this.boxes.leave();
      this.proposals.leave();
      this.failure.value = undefined;
    }
    this.index.value = index;
    this.remember();
    this.host.send('shown', { index });
    this.rows.want([index]);
    const position = this.position.value;
    if (position >= 0) this.want(position - rowsAround, position + rowsAround + 1);
  }

  /** Shows the wanted row, or the last one while the file is shorter: a file that is being written grows back. */
  private settle(): void {
    const wanted = this.wanted ?? this.index.value;
    const count = this.document.value?.rowCount ?? 0;
    this.goTo(Math.min(wanted, Math.max(0, count - 1)), true);
    this.wanted = wanted < count ? undefined : wanted;
  }

  /** The shown sample and the selected ones by their ids, as far as they are known here. */
  private places(): { readonly shown: SamplePlace | undefined; readonly selected: readonly SamplePlace[]; readonly count: number } {
    const placeOf = (row: number): SamplePlace | undefined => {
      const qid = this.rows.at(row)?.row?.qid;
      return qid ? { qid, row } : undefined;
    };
    const { count } = this.selection;
    const selected = count > mostFollowed ? [] : [...this.selection.rows()].flatMap(row => placeOf(row) ?? []);
    return { shown: this.wanted === undefined ? placeOf(this.index.value) : undefined, selected, count };
  }

  /** The file changed, and its rows may be elsewhere: the shown sample stays shown, and those that were selected are again. */
  private async follow({ shown, selected, count }: ReturnType<EditorStore['places']>): Promise<void> {
    const numbering = this.document.value?.numbering;
    const places = [...(shown ? [shown] : []), ...(selected.length === count ? selected : [])];
    const rows = places.length === 0 ? [] : await this.host.request('locate', { places }).then(found => found.rows, () => []);
    if (numbering !== this.document.value?.numbering) return; // it changed again
    const index = shown && rows[0];
    if (index === undefined || index === null) this.settle();
    else this.goTo(index, true);
    const again = rows.slice(shown ? 1 : 0).filter(row => row !== null);
    if (again.length > 0) this.selection.set(again, this.document.value?.rowCount ?? 0);
    if (again.length < count) this.failure.value = `The file changed on disk: of ${count.toLocaleString('en')} selected rows ${again.length === 0 ? 'none is' : `only ${again.length.toLocaleString('en')} are`} selected now. Select them again.`;
  }

  step(by: number): void {
    const position = this.position.value;
    const next = this.rowOf(position < 0 ? 0 : position + by);
    if (next !== undefined) this.goTo(next);
  }

  /** Accepts or rejects the shown sample, and shows the next one that nobody has looked at. */
  async review(review: Review): Promise<void> {
    if (this.blind.isOn.value) return this.confirmSecond(review);
    if (await this.curate({ type: 'setReview', review })) await this.nextToReview(); // else it stays, with the reason
  }

  /** Begins or ends labeling a second time, without seeing the first labels. */
  toggleBlind(): void {
    this.flush();
    this.boxes.leave();
    this.failure.value = undefined;
    this.blind.isOn.value = !this.blind.isOn.value;
    this.show('label');
  }

  /** In a blind pass a sample is done with what was labeled, or with nothing; the first person's review stays. */
  private async confirmSecond(review: Review): Promise<void> {
    if (review === 'rejected') return void (this.boxes.note.value = 'A blind pass rejects nothing: label what you see, or nothing, and press Y');
    this.flush();
    const shown = this.rows.at(this.index.value);
    const second = shown && confirmedSecond(shown, this.document.value?.labeler ?? '', new Date());
    if (second && (await this.curate({ type: 'setSecond', second }))) await this.nextToReview();
  }

  /** The next sample of the query that nobody accepted or rejected (in a blind pass: that has no second labels), from its start again after its end. */
  async nextToReview(): Promise<void> {
    this.flush();
    const pass = this.blind.isOn.value ? 'second' : 'first';
    const { value: count } = this.count;
    const start = Math.max(0, this.position.value) + 1;
    try {
      for (let done = 0; done < count; done += reviewedAtOnce) {
        const rows = Array.from({ length: Math.min(reviewedAtOnce, count - done) }, (_, offset) => this.rowOf((start + done + offset) % count) ?? 0);
        const { index } = await this.host.request('nextToReview', { rows: Uint32Array.from(rows), pass });
        if (index !== null) return void (index !== this.index.value && this.goTo(index));
      }
      this.failure.value = pass === 'second' ? 'Every one of these samples has second labels.' : 'Every one of these samples is accepted or rejected.';
    } catch (error) {
      this.fail(error);
    }
  }

  /** The cursor goes to the first row of another list; a sample that is being labeled, or was only asked for again, stays while it is among the rows. */
  private takeAnswer(isOther: boolean): void {
    this.remember();
    const first = this.rowOf(0);
    const stays = this.position.value >= 0 && (!isOther || this.mode.value === 'label');
    this.goTo(stays || first === undefined ? this.index.value : first, true);
  }

  togglePart(part: string): void {
    this.openParts.value = toggled(this.openParts.value, part);
  }

  async loadResponses(qid: string): Promise<void> {
    try {
      const told = await this.host.request('responses', { qid });
      this.responses.value = new Map([[qid, told]]);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Where a person types what they look for. */
  onFind(focus: () => void): () => void {
    this.finders.add(focus);
    return () => this.finders.delete(focus);
  }

  find(): void {
    for (const focus of this.finders) focus();
  }

  /** One gesture, one step to undo, with what is decided by it. The view changes at once; what the host answers replaces it. In a blind pass it is the second labels that change. */
  async change(change: LabelChange, decided?: CurationChange): Promise<void> {
    const index = this.index.value;
    const shown = this.rows.at(index);
    if (!shown?.row) return;
    this.failure.value = undefined;
    if (this.blind.isOn.value) {
      const second = changedSecond(shown, change, this.document.value?.labeler ?? '', new Date());
      return void (second && (await this.curate({ type: 'setSecond', second })));
    }
    this.rows.expect({ ...shown, row: changeRow(shown.row, change), isEdited: true, curation: decided ? applyCurationChange(shown.curation, decided) : shown.curation });
    await this.settled(index, this.host.request('change', { index, change, ...(decided && { decided }), seen: this.seenOf(shown) }));
  }

  /** A decision about the shown sample besides its label. Returns whether it was taken. */
  async curate(change: CurationChange): Promise<boolean> {
    const index = this.index.value;
    const shown = this.rows.at(index);
    if (shown && !shown.row) this.failure.value = `Line ${shown.line.toLocaleString('en')} is no row about which something can be decided. Correct it in the text editor.`;
    if (!shown?.row) return false;
    this.failure.value = undefined;
    this.rows.expect({ ...shown, curation: applyCurationChange(shown.curation, change) });
    return this.settled(index, this.host.request('curate', { index, change, seen: this.seenOf(shown) }));
  }

  /** A decision about proposed boxes; `expected` is shown until the host says how the row is. Returns whether it was taken. */
  async decide(expected: RowView, params: Omit<DecideParams, 'seen'>): Promise<boolean> {
    this.rows.expect(expected);
    this.failure.value = undefined;
    return this.settled(params.index, this.host.request('decide', { ...params, seen: this.seenOf(expected) }));
  }

  /** Corrects what a rule found in the shown sample. */
  async fix(rule: string): Promise<void> {
    const index = this.index.value;
    const shown = this.rows.at(index);
    if (!shown) return;
    this.rows.expect(shown);
    await this.settled(index, this.host.request('fix', { index, rule, seen: this.seenOf(shown) }));
  }

  /** What tells the host which sample a person meant, where the file is another by now. */
  private seenOf({ row }: RowView): SeenRow {
    return { qid: row?.qid ?? '', numbering: this.document.value?.numbering ?? 0 };
  }

  /** Resolves when the host has taken every gesture so far; undefined where none is on its way. */
  taken(): Promise<unknown> | undefined {
    return this.underWay.size === 0 ? undefined : Promise.allSettled(this.underWay);
  }

  private async settled(index: number, answer: Promise<RowView>): Promise<boolean> {
    this.underWay.add(answer);
    try {
      this.rows.settle(index, await answer);
      return true;
    } catch (error) {
      this.rows.settle(index, undefined);
      this.fail(error);
      return false;
    } finally {
      this.underWay.delete(answer);
    }
  }

  fail(error: unknown): void {
    this.failure.value = error instanceof Error ? error.message : String(error);
  }

  /** A field with text that is not a step yet; it is made one before anything else happens. Returns how to leave. */
  addPending(commit: () => void): () => void {
    this.pending.add(commit);
    return () => this.pending.delete(commit);
  }

  flush(): void {
    for (const commit of [...this.pending]) commit();
  }

  /** Keeps where the panel is while it is hidden. */
  remember(): void {
    this.host.setState<PanelState>({ index: this.index.value, isDrawing: this.boxes.isDrawing.value, drawMode: this.boxes.drawMode.value, copied: this.clipboard.kept, mode: this.mode.value, query: this.query.query.value, isBlind: this.blind.isOn.value });
  }
}

function toggled(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const others = new Set(names);
  if (!others.delete(name)) others.add(name);
  return others;
}
