import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Bbox } from '../../src/core/dataset/sample';
import type { Row, RowBox } from '../../src/core/dataset/row';
import { frameDecimals, fromPixels, type ImageSize, needsImageSize, toPixels } from '../../src/core/geometry/boxFrame';
import type { Point } from '../../src/core/geometry/viewTransform';
import { nextIndex } from '../../src/core/labels/changeRow';
import type { LabelChange } from '../../src/core/labels/labelChange';
import type { DocumentView } from '../../src/protocol/datasetEditor';
import { type DrawMode, drawModes } from './drawTool';
import type { EditorStore } from './editorStore';

/** What of the boxes is drawn; looking at the bare picture changes no data. */
export type Visibility = 'all' | 'unnamed' | 'hidden';
const visibilities: readonly Visibility[] = ['all', 'unnamed', 'hidden'];

/** The boxes of the shown sample: which are selected or being drawn, what names them, and what gestures make of them. */
export class BoxEdits {
  /** Indexes in the row; the last one was selected last, and is the one that is measured and named. */
  readonly selection: Signal<readonly number[]> = signal([]);
  readonly selected: ReadonlySignal<number | undefined> = computed(() => this.selection.value.at(-1));
  readonly isDrawing = signal(false);
  readonly drawMode: Signal<DrawMode> = signal('drag');
  /** A box that was drawn and waits for its label. */
  readonly drawn: Signal<Bbox | undefined> = signal(undefined);
  readonly isRenaming = signal(false);
  readonly visibility: Signal<Visibility> = signal('all');
  readonly imageSize: Signal<ImageSize | undefined> = signal(undefined);
  /** Where the pointer is over the image, and the box that is selected or being shaped; image pixels. */
  readonly pointer: Signal<Point | undefined> = signal(undefined);
  readonly measured: Signal<Bbox | undefined> = signal(undefined);
  /** The label that the next box is offered, and the one that it gets without being asked. */
  readonly lastLabel = signal('');
  readonly armed: Signal<string | undefined> = signal(undefined);
  /** Labels by use, then those that came up since. The first nine have number keys. */
  readonly labels: ReadonlySignal<readonly string[]>;
  /** What a gesture did that a person may not expect. */
  readonly note = signal('');
  private readonly own: Signal<readonly string[]> = signal([]);

  constructor(private readonly store: EditorStore) {
    this.labels = computed(() => [...new Set([...(store.document.value?.labels ?? []), ...this.own.value])]);
  }

  select(indexes: readonly number[]): void {
    this.isRenaming.value = false;
    this.note.value = '';
    this.selection.value = indexes;
  }

  selectAll(): void {
    if (this.visibility.value !== 'hidden') this.select((this.row?.boxes ?? []).map(box => box.index));
  }

  /** Another sample is shown. */
  leave(): void {
    this.select([]);
    this.drawn.value = undefined;
  }

  setDrawing(isDrawing: boolean): void {
    this.isDrawing.value = isDrawing;
    if (isDrawing && this.visibility.value === 'hidden') this.visibility.value = 'all';
    this.store.remember();
  }

  /** The next way to draw; drawing begins with it. */
  nextDrawMode(): void {
    const at = drawModes.findIndex(({ mode }) => mode === this.drawMode.value);
    if (this.isDrawing.value) this.drawMode.value = drawModes[(at + 1) % drawModes.length]?.mode ?? 'drag';
    this.setDrawing(true);
  }

  nextVisibility(): void {
    this.visibility.value = visibilities[(visibilities.indexOf(this.visibility.value) + 1) % visibilities.length] ?? 'all';
    if (this.visibility.value === 'hidden') this.select([]);
    this.note.value = { all: 'Boxes and names shown', unnamed: 'Names hidden', hidden: 'Boxes hidden' }[this.visibility.value];
  }

  /** Boxes of the shown row in pixels, as far as they can be told: relative frames need the image. */
  pixelsOf(box: RowBox): Bbox | undefined {
    const size = this.imageSize.value;
    return size || !needsImageSize(this.frame) ? toPixels(box.numbers, this.frame, size ?? { width: 1, height: 1 }) : undefined;
  }

  /** The boxes of the shown row that are shown themselves. */
  placed(): readonly { readonly index: number; readonly bbox: Bbox }[] {
    if (this.visibility.value === 'hidden') return [];
    return (this.row?.boxes ?? []).flatMap(box => {
      const bbox = this.pixelsOf(box);
      return bbox ? [{ index: box.index, bbox }] : [];
    });
  }

  /** Numbers of a box as the file will have them. */
  numbersOf(bbox: Bbox, row: Row, size = this.imageSize.value): RowBox['numbers'] {
    const { frame, digits } = this.precision(row);
    return fromPixels(bbox, frame, size ?? { width: 1, height: 1 }, digits);
  }

  precision(row: Row): { readonly frame: DocumentView['boxFrame']; readonly digits: number } {
    return { frame: this.frame, digits: frameDecimals(this.frame, row.boxes.map(box => box.numbers)) };
  }

  /** New shapes, by the index of the box; one step to undo. */
  setBoxes(shapes: ReadonlyMap<number, Bbox>): void {
    const { row } = this;
    if (!row) return;
    const { frame, digits } = this.precision(row);
    const size = this.imageSize.value ?? { width: 1, height: 1 };
    const boxes = row.boxes.flatMap(({ index, numbers: before }) => {
      const bbox = shapes.get(index);
      const numbers = bbox && fromPixels(bbox, frame, size, digits);
      return numbers?.some((number, place) => number !== before[place]) ? [{ index, numbers }] : [];
    });
    const [first, second] = boxes;
    if (first) this.change(second ? { type: 'setBoxes', boxes } : { type: 'setBox', ...first });
  }

  /** A box was drawn: it gets the label that is ready for it, or is asked for one. */
  addBox(bbox: Bbox): void {
    this.drawn.value = bbox;
    if (this.armed.value !== undefined) this.addDrawn(this.armed.value);
  }

  /** Puts the drawn box into the row under a label. */
  addDrawn(label: string): void {
    const bbox = this.drawn.value;
    const { row } = this;
    this.drawn.value = undefined;
    if (!bbox || !row) return;
    this.use(label);
    this.select([nextIndex(row)]);
    this.change({ type: 'addBox', label, numbers: this.numbersOf(bbox, row) });
  }

  /** Names the box that waits for it, or what is selected; else it is the label of the next boxes, until it is chosen again. */
  setLabel(label: string): void {
    if (this.drawn.value) return this.addDrawn(label);
    if (this.selection.value.length > 0) return this.rename(label);
    this.armed.value = this.armed.value === label ? undefined : label;
    if (this.armed.value !== undefined) this.use(label);
  }

  rename(label: string): void {
    const chosen = new Set(this.selection.value);
    const indexes = (this.row?.boxes ?? []).filter(box => chosen.has(box.index) && box.label !== label).map(box => box.index);
    this.isRenaming.value = false;
    if (chosen.size > 0) this.use(label);
    const [index, second] = indexes;
    if (index === undefined) return;
    this.change(second === undefined ? { type: 'renameBox', index, label } : { type: 'renameBoxes', indexes, label });
  }

  removeSelected(): void {
    const present = new Set(this.row?.boxes.map(box => box.index));
    const indexes = this.selection.value.filter(index => present.has(index)); // an undo may have taken a selected box away
    const [index, second] = indexes;
    this.select([]);
    if (index === undefined) return;
    this.change(second === undefined ? { type: 'removeBox', index } : { type: 'removeBoxes', indexes });
  }

  /** Puts boxes into the row as one step, and selects them. */
  addBoxes(boxes: readonly { readonly label: string; readonly numbers: RowBox['numbers'] }[], title: string): void {
    const { row } = this;
    if (!row || boxes.length === 0) return;
    const first = nextIndex(row);
    this.select(boxes.map((_, place) => first + place));
    this.change({ type: 'addBoxes', boxes, title });
  }

  get frame(): DocumentView['boxFrame'] {
    return this.store.document.value?.boxFrame ?? 'pixel';
  }

  get row(): Row | undefined {
    return this.store.cursor.current.value?.row;
  }

  private use(label: string): void {
    this.lastLabel.value = label;
    if (this.armed.value !== undefined) this.armed.value = label;
    if (label !== '' && !this.labels.value.includes(label)) this.own.value = [...this.own.value, label];
  }

  private change(change: LabelChange): void {
    void this.store.gestures.change(change);
  }
}
