import { type Signal, signal } from '@preact/signals';
import type { Bbox } from '../../src/core/dataset/sample';
import type { Row, RowBox } from '../../src/core/dataset/row';
import { frameDecimals, fromPixels, type ImageSize, needsImageSize, toPixels } from '../../src/core/geometry/boxFrame';
import type { Point } from '../../src/core/geometry/viewTransform';
import type { DocumentView } from '../../src/protocol/datasetEditor';
import type { EditorStore } from './editorStore';

/** A box that was drawn and waits for its label. */
export interface DrawnBox {
  readonly bbox: Bbox;
}

/** The boxes of the shown sample: which is selected or being drawn, and what gestures make of them. */
export class BoxEdits {
  readonly selected: Signal<number | undefined> = signal(undefined);
  readonly isDrawing = signal(false);
  readonly drawn: Signal<DrawnBox | undefined> = signal(undefined);
  readonly isRenaming = signal(false);
  readonly imageSize: Signal<ImageSize | undefined> = signal(undefined);
  /** Where the pointer is over the image, and the box that is selected or being shaped; image pixels. */
  readonly pointer: Signal<Point | undefined> = signal(undefined);
  readonly measured: Signal<Bbox | undefined> = signal(undefined);
  /** The label that the next box starts with. */
  readonly lastLabel = signal('');

  constructor(private readonly store: EditorStore) {}

  setDrawing(isDrawing: boolean): void {
    this.isDrawing.value = isDrawing;
    this.store.remember();
  }

  /** Boxes of the shown row in pixels, as far as they can be told: relative frames need the image. */
  pixelsOf(box: RowBox): Bbox | undefined {
    const size = this.imageSize.value;
    return size || !needsImageSize(this.frame) ? toPixels(box.numbers, this.frame, size ?? { width: 1, height: 1 }) : undefined;
  }

  /** Numbers of a box as the file will have them. */
  numbersOf(bbox: Bbox, row: Row): RowBox['numbers'] {
    const { frame, digits } = this.precision(row);
    return fromPixels(bbox, frame, this.imageSize.value ?? { width: 1, height: 1 }, digits);
  }

  precision(row: Row): { readonly frame: DocumentView['boxFrame']; readonly digits: number } {
    return { frame: this.frame, digits: frameDecimals(this.frame, row.boxes.map(box => box.numbers)) };
  }

  setBox(index: number, bbox: Bbox): void {
    const row = this.store.current.value?.row;
    const before = row?.boxes.find(box => box.index === index);
    if (!row || !before) return;
    const numbers = this.numbersOf(bbox, row);
    if (numbers.some((number, place) => number !== before.numbers[place])) void this.store.change({ type: 'setBox', index, numbers });
  }

  /** Puts the drawn box into the row under a label. */
  addDrawn(label: string): void {
    const { drawn } = this;
    const row = this.store.current.value?.row;
    if (!drawn.value || !row) return;
    const numbers = this.numbersOf(drawn.value.bbox, row);
    drawn.value = undefined;
    this.lastLabel.value = label;
    this.selected.value = row.boxes.reduce((next, box) => Math.max(next, box.index + 1), 0);
    void this.store.change({ type: 'addBox', label, numbers });
  }

  removeSelected(): void {
    const index = this.selected.value;
    if (index === undefined) return;
    this.selected.value = undefined;
    void this.store.change({ type: 'removeBox', index });
  }

  private get frame(): DocumentView['boxFrame'] {
    return this.store.document.value?.boxFrame ?? 'pixel';
  }
}
