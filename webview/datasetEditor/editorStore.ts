import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Bbox } from '../../src/core/dataset/sample';
import type { Row, RowBox } from '../../src/core/dataset/row';
import { frameDecimals, fromPixels, type ImageSize, needsImageSize, toPixels } from '../../src/core/geometry/boxFrame';
import type { Point } from '../../src/core/geometry/viewTransform';
import { changeRow } from '../../src/core/labels/changeRow';
import type { LabelChange } from '../../src/core/labels/labelChange';
import type { DatasetEditorContract, DocumentView, RowView } from '../../src/protocol/datasetEditor';
import type { Host } from '../shared/connect';

/** Rows around the shown one that are kept ready, so that the next sample is there when it is asked for. */
const rowsAround = 20;

interface PanelState {
  readonly index: number;
  readonly isDrawing: boolean;
}

/** A box that was drawn and waits for its label. */
export interface DrawnBox {
  readonly bbox: Bbox;
}

/** What the editor shows. It is a copy: rows come from the host, changes go there, and what comes back is the truth. */
export class EditorStore {
  readonly document: Signal<DocumentView | undefined> = signal(undefined);
  readonly index = signal(0);
  readonly selected: Signal<number | undefined> = signal(undefined);
  readonly isDrawing = signal(false);
  readonly drawn: Signal<DrawnBox | undefined> = signal(undefined);
  readonly isRenaming = signal(false);
  readonly failure: Signal<string | undefined> = signal(undefined);
  readonly imageSize: Signal<ImageSize | undefined> = signal(undefined);
  /** Where the pointer is over the image, and the box that is selected or being shaped; image pixels. */
  readonly pointer: Signal<Point | undefined> = signal(undefined);
  readonly measured: Signal<Bbox | undefined> = signal(undefined);
  /** The label that the next box starts with. */
  readonly lastLabel = signal('');
  readonly current: ReadonlySignal<RowView | undefined>;

  private readonly rows: Signal<ReadonlyMap<number, RowView>> = signal(new Map());
  private readonly inFlight = new Map<number, number>();
  /** A row that was asked for and that the file does not have yet. */
  private wanted: number | undefined;
  private readonly asked = new Set<number>();
  private readonly pending = new Set<() => void>();

  constructor(readonly host: Host<DatasetEditorContract>) {
    this.current = computed(() => this.rows.value.get(this.index.value));
    host.on('row', row => this.take(row));
    host.on('document', document => (this.document.value = document));
    host.on('reload', document => {
      this.document.value = document;
      this.asked.clear();
      this.settle();
    });
    host.on('goTo', ({ index }) => this.goTo(index));
  }

  async start(): Promise<void> {
    const state = this.host.getState<PanelState>();
    const { document, index } = await this.host.request('load', { index: state?.index });
    this.document.value = document;
    this.isDrawing.value = state?.isDrawing ?? false;
    this.wanted ??= index;
    this.settle();
  }

  /** A row of those that are ready. */
  rowAt(index: number): RowView | undefined {
    return this.rows.value.get(index);
  }

  goTo(index: number, isSame = false): void {
    const count = this.document.value?.rowCount ?? 0;
    this.wanted = index >= count ? index : undefined;
    if (index < 0 || index >= count) return;
    this.flush();
    if (!isSame || index !== this.index.value) {
      this.selected.value = undefined;
      this.isRenaming.value = false;
      this.failure.value = undefined;
    }
    this.index.value = index;
    this.remember();
    this.host.send('shown', { index });
    void this.fetch(index - rowsAround, index + rowsAround + 1);
  }

  /** Shows the wanted row, or the last one while the file is shorter: a file that is being written grows back. */
  private settle(): void {
    const wanted = this.wanted ?? this.index.value;
    const count = this.document.value?.rowCount ?? 0;
    this.goTo(Math.min(wanted, Math.max(0, count - 1)), true);
    this.wanted = wanted < count ? undefined : wanted;
  }

  step(by: number): void {
    const index = this.index.value + by;
    if (index < (this.document.value?.rowCount ?? 0)) this.goTo(index);
  }

  setDrawing(isDrawing: boolean): void {
    this.isDrawing.value = isDrawing;
    this.remember();
  }

  /** One gesture, one step to undo. The view changes at once; what the host answers replaces it. */
  async change(change: LabelChange): Promise<void> {
    const index = this.index.value;
    const shown = this.rows.value.get(index);
    if (!shown?.row) return;
    this.put({ ...shown, row: changeRow(shown.row, change), isEdited: true });
    this.inFlight.set(index, (this.inFlight.get(index) ?? 0) + 1);
    this.failure.value = undefined;
    try {
      this.finish(index, await this.host.request('change', { index, change }));
    } catch (error) {
      this.finish(index, undefined);
      this.failure.value = error instanceof Error ? error.message : String(error);
      this.asked.delete(index);
      void this.fetch(index, index + 1);
    }
  }

  /** Boxes of the shown row in pixels, as far as they can be told: relative frames need the image. */
  pixelsOf(box: RowBox): Bbox | undefined {
    const frame = this.document.value?.boxFrame ?? 'pixel';
    const size = this.imageSize.value;
    return size || !needsImageSize(frame) ? toPixels(box.numbers, frame, size ?? { width: 1, height: 1 }) : undefined;
  }

  /** Numbers of a box as the file will have them. */
  numbersOf(bbox: Bbox, row: Row): RowBox['numbers'] {
    const { frame, digits } = this.precision(row);
    return fromPixels(bbox, frame, this.imageSize.value ?? { width: 1, height: 1 }, digits);
  }

  precision(row: Row): { readonly frame: DocumentView['boxFrame']; readonly digits: number } {
    const frame = this.document.value?.boxFrame ?? 'pixel';
    return { frame, digits: frameDecimals(frame, row.boxes.map(box => box.numbers)) };
  }

  setBox(index: number, bbox: Bbox): void {
    const row = this.current.value?.row;
    const before = row?.boxes.find(box => box.index === index);
    if (!row || !before) return;
    const numbers = this.numbersOf(bbox, row);
    if (numbers.some((number, place) => number !== before.numbers[place])) void this.change({ type: 'setBox', index, numbers });
  }

  /** Puts the drawn box into the row under a label. */
  addDrawn(label: string): void {
    const { drawn } = this;
    const row = this.current.value?.row;
    if (!drawn.value || !row) return;
    const numbers = this.numbersOf(drawn.value.bbox, row);
    drawn.value = undefined;
    this.lastLabel.value = label;
    this.selected.value = row.boxes.reduce((next, box) => Math.max(next, box.index + 1), 0);
    void this.change({ type: 'addBox', label, numbers });
  }

  removeSelected(): void {
    const index = this.selected.value;
    if (index === undefined) return;
    this.selected.value = undefined;
    void this.change({ type: 'removeBox', index });
  }

  /** A field with text that is not a step yet; it is made one before anything else happens. Returns how to leave. */
  addPending(commit: () => void): () => void {
    this.pending.add(commit);
    return () => this.pending.delete(commit);
  }

  flush(): void {
    for (const commit of [...this.pending]) commit();
  }

  private async fetch(from: number, to: number): Promise<void> {
    const count = this.document.value?.rowCount ?? 0;
    const missing = Array.from({ length: Math.max(0, Math.min(count, to) - Math.max(0, from)) }, (_, offset) => Math.max(0, from) + offset).filter(index => !this.asked.has(index));
    const first = missing[0];
    const last = missing.at(-1);
    if (first === undefined || last === undefined) return;
    for (const index of missing) this.asked.add(index);
    try {
      for (const row of await this.host.request('rows', { from: first, to: last + 1 })) this.take(row);
    } catch (error) {
      for (const index of missing) this.asked.delete(index);
      this.failure.value = error instanceof Error ? error.message : String(error);
    }
  }

  /** A row from the host; while a change of it is on its way the view stays ahead of it. */
  private take(row: RowView): void {
    const known = this.rows.value.get(row.index);
    if (this.inFlight.has(row.index) || (known && known.version > row.version)) return;
    this.put(row);
  }

  private finish(index: number, row: RowView | undefined): void {
    const open = (this.inFlight.get(index) ?? 1) - 1;
    if (open > 0) this.inFlight.set(index, open);
    else this.inFlight.delete(index);
    if (row) this.take(row);
  }

  private put(row: RowView): void {
    const rows = new Map(this.rows.value);
    rows.set(row.index, row);
    for (const index of rows.keys()) {
      if (Math.abs(index - this.index.value) <= 5 * rowsAround) continue;
      rows.delete(index);
      this.asked.delete(index);
    }
    this.rows.value = rows;
  }

  private remember(): void {
    this.host.setState<PanelState>({ index: this.index.value, isDrawing: this.isDrawing.value });
  }
}
