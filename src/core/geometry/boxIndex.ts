import type { Bbox } from '../dataset/sample';
import type { Point } from './viewTransform';

/** A box over more cells than this is looked at for every question; entering it everywhere would take longer. */
const mostCells = 64;
const mostColumns = 96;

/** Finds boxes of a list by place, among ten thousand in a fraction of a millisecond: a grid over them says which are near. Box numbers are those of the list. */
export class BoxIndex {
  private readonly left: number;
  private readonly top: number;
  private readonly cellWidth: number;
  private readonly cellHeight: number;
  private readonly columns: number;
  private readonly cells: number[][];
  private readonly large: number[] = [];
  private readonly seen: Uint32Array;
  private asked = 0;

  constructor(readonly boxes: readonly Bbox[]) {
    let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [x1, y1, x2, y2] of boxes) {
      if (!Number.isFinite(x1 + y1 + x2 + y2)) continue;
      left = Math.min(left, x1, x2);
      right = Math.max(right, x1, x2);
      top = Math.min(top, y1, y2);
      bottom = Math.max(bottom, y1, y2);
    }
    this.left = Number.isFinite(left) ? left : 0;
    this.top = Number.isFinite(top) ? top : 0;
    this.columns = Math.max(1, Math.min(mostColumns, Math.ceil(Math.sqrt(boxes.length / 2))));
    this.cellWidth = Math.max(1e-9, (right - left) / this.columns || 1);
    this.cellHeight = Math.max(1e-9, (bottom - top) / this.columns || 1);
    this.cells = Array.from({ length: this.columns * this.columns }, () => []);
    this.seen = new Uint32Array(boxes.length);
    boxes.forEach((box, index) => this.enter(box, index));
  }

  /** Boxes that touch a region, in the order of the list. */
  within([x1, y1, x2, y2]: Bbox): readonly number[] {
    const found: number[] = [];
    this.asked++;
    const look = (index: number): void => {
      if (this.seen[index] === this.asked) return;
      this.seen[index] = this.asked;
      const box = this.boxes[index];
      if (box && box[0] <= x2 && box[2] >= x1 && box[1] <= y2 && box[3] >= y1) found.push(index);
    };
    for (const index of this.large) look(index);
    this.eachCell([x1, y1, x2, y2], cell => {
      for (const index of cell) look(index);
    });
    return found.sort((a, b) => a - b);
  }

  /** Boxes under a point, the smallest first, so that a box inside another can be reached. `reach` widens them, in image pixels. */
  at({ x, y }: Point, reach: number): readonly number[] {
    const area = (index: number): number => {
      const box = this.boxes[index];
      return box ? (box[2] - box[0]) * (box[3] - box[1]) : 0;
    };
    return [...this.within([x - reach, y - reach, x + reach, y + reach])].sort((a, b) => area(a) - area(b));
  }

  private enter([x1, y1, x2, y2]: Bbox, index: number): void {
    const box: Bbox = [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
    const span = this.span(box);
    if (!Number.isFinite(x1 + y1 + x2 + y2) || (span.toColumn - span.fromColumn + 1) * (span.toRow - span.fromRow + 1) > mostCells) this.large.push(index);
    else this.eachCell(box, cell => cell.push(index));
  }

  private eachCell(box: Bbox, visit: (cell: number[]) => void): void {
    const { fromColumn, toColumn, fromRow, toRow } = this.span(box);
    for (let row = fromRow; row <= toRow; row++) {
      for (let column = fromColumn; column <= toColumn; column++) {
        const cell = this.cells[row * this.columns + column];
        if (cell) visit(cell);
      }
    }
  }

  private span([x1, y1, x2, y2]: Bbox): { readonly fromColumn: number; readonly toColumn: number; readonly fromRow: number; readonly toRow: number } {
    const place = (value: number, low: number, step: number): number => Math.max(0, Math.min(this.columns - 1, Math.floor((value - low) / step)));
    return { fromColumn: place(x1, this.left, this.cellWidth), toColumn: place(x2, this.left, this.cellWidth), fromRow: place(y1, this.top, this.cellHeight), toRow: place(y2, this.top, this.cellHeight) };
  }
}

/** The box after the selected one in a stack, so that repeated clicks reach each; the first where none of them is selected. */
export function nextInStack(stack: readonly number[], selected: number | undefined): number | undefined {
  const at = selected === undefined ? -1 : stack.indexOf(selected);
  return stack[(at + 1) % Math.max(1, stack.length)];
}
