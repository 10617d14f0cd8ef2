import type { Bbox } from '../../src/core/dataset/sample';
import { toPixels } from '../../src/core/geometry/boxFrame';
import { pasteBoxes } from '../../src/core/geometry/pasteBox';
import { roundBox } from '../../src/core/geometry/shapeBox';
import type { EditorStore } from './editorStore';

export interface CopiedBox {
  readonly label: string;
  /** Pixels of the image that it was copied from. */
  readonly bbox: Bbox;
}

const most = 20_000;
const mostKept = 500;

/** Copies boxes from sample to sample. They are kept here, and as text on the system's clipboard, from where another window can paste them. */
export class BoxClipboard {
  private copied: readonly CopiedBox[] = [];

  constructor(private readonly store: EditorStore) {}

  /** What was copied last, for when the page comes up again. */
  get kept(): readonly CopiedBox[] {
    return this.copied.length > mostKept ? [] : this.copied;
  }

  take(copied: readonly CopiedBox[]): void {
    this.copied = copied;
  }

  /** Keeps the selected boxes, and says them as text; undefined where nothing is selected. */
  copy(): string | undefined {
    const boxes = this.selectedBoxes();
    if (boxes.length === 0) return undefined;
    this.copied = boxes;
    this.store.remember();
    this.store.boxes.note.value = `Copied ${count(boxes.length)}`;
    return JSON.stringify({ pebrBoxes: boxes });
  }

  /** Pastes what `text` has, or else what was copied last, into the shown sample. */
  paste(text?: string): void {
    const boxes = parseCopied(text) ?? this.copied;
    if (boxes.length === 0) this.store.boxes.note.value = 'Nothing to paste: no box was copied';
    else this.put(boxes, `Paste ${count(boxes.length)}`);
  }

  duplicate(): void {
    const boxes = this.selectedBoxes();
    if (boxes.length > 0) this.put(boxes, `Duplicate ${count(boxes.length)}`);
  }

  /** Puts the boxes of the sample before this one here too; those that are here already are left out. */
  copyPrevious(): void {
    const { boxes, cursor: { position } } = this.store;
    const at = this.store.cursor.rowOf(position.value - 1);
    const previous = at === undefined ? undefined : this.store.cursor.rowAt(at);
    const size = previous?.images[0]?.size;
    if (!previous?.row) return void (boxes.note.value = at === undefined ? 'There is no sample before this one' : 'The sample before this one is no row');
    if (!size) return void (boxes.note.value = 'The image of the sample before this one has no size, so its boxes have no place');
    const present = new Set(this.present().map(nameOf));
    const fresh = previous.row.boxes
      .map(({ label, numbers }) => ({ label, bbox: roundBox(toPixels(numbers, boxes.frame, size)) }))
      .filter(box => !present.has(nameOf(box)));
    if (fresh.length === 0) return void (boxes.note.value = previous.row.boxes.length === 0 ? `${previous.row.qid} has no boxes` : `The boxes of ${previous.row.qid} are here already`);
    this.put(fresh, `Copy ${count(fresh.length)} of ${previous.row.qid}`);
  }

  private put(copied: readonly CopiedBox[], title: string): void {
    const { boxes } = this.store;
    const { row } = boxes;
    const size = boxes.imageSize.value;
    if (!row || !size) return;
    this.store.fields.flush();
    const placed = pasteBoxes(copied.map(box => box.bbox), size, this.present().map(box => box.bbox));
    boxes.addBoxes(copied.map(({ label }, at) => ({ label, numbers: boxes.numbersOf(placed[at] ?? [0, 0, 0, 0], row) })), title);
    const isMoved = placed.some((bbox, at) => String(bbox) !== String(copied[at]?.bbox));
    boxes.note.value = `${title}${isMoved ? ', moved to fit' : ''}`;
  }

  private selectedBoxes(): readonly CopiedBox[] {
    const chosen = new Set(this.store.boxes.selection.value);
    return this.present().filter(box => chosen.has(box.index));
  }

  private present(): readonly (CopiedBox & { readonly index: number })[] {
    const { boxes } = this.store;
    return (boxes.row?.boxes ?? []).flatMap(box => {
      const bbox = boxes.pixelsOf(box);
      return bbox ? [{ index: box.index, label: box.label, bbox: roundBox(bbox) }] : [];
    });
  }
}

/** Boxes from a text of `copy`; undefined for any other text. */
export function parseCopied(text: string | undefined): readonly CopiedBox[] | undefined {
  if (!text?.startsWith('{"pebrBoxes":') || text.length > 10_000_000) return undefined;
  try {
    const { pebrBoxes } = JSON.parse(text) as { readonly pebrBoxes: unknown };
    return Array.isArray(pebrBoxes) ? pebrBoxes.slice(0, most).filter(isCopied).map(({ label, bbox }) => ({ label, bbox })) : undefined;
  } catch {
    return undefined; // text that only begins like ours
  }
}

function isCopied(value: unknown): value is CopiedBox {
  if (typeof value !== 'object' || value === null) return false;
  const { label, bbox } = value as Record<string, unknown>;
  return typeof label === 'string' && label.length <= 1000 && Array.isArray(bbox) && bbox.length === 4 && bbox.every(number => Number.isFinite(number));
}

const nameOf = ({ label, bbox }: CopiedBox): string => `${bbox.join()} ${label}`;

function count(boxes: number): string {
  return boxes === 1 ? '1 box' : `${boxes.toLocaleString('en')} boxes`;
}
