import type { RowBox } from '../../src/core/dataset/row';
import type { Bbox } from '../../src/core/dataset/sample';
import { BoxIndex } from '../../src/core/geometry/boxIndex';
import type { CanvasBox } from '../shared/canvasPaint';
import type { ToolBox } from './boxTool';

/** The boxes of a row that have a place in the picture, as the tool and the canvas need them; made once for a row, not for each frame. */
export interface ShownBoxes {
  readonly boxes: readonly ToolBox[];
  readonly painted: readonly CanvasBox[];
  /** Finds places in `boxes`. */
  readonly near: BoxIndex;
  /** Place of a box by its index in the row. */
  readonly at: ReadonlyMap<number, number>;
}

export function shownBoxes(row: readonly RowBox[], pixelsOf: (box: RowBox) => Bbox | undefined, isNamed: boolean, notes?: ReadonlyMap<number, string>): ShownBoxes {
  const boxes: ToolBox[] = [];
  const painted: CanvasBox[] = [];
  const at = new Map<number, number>();
  for (const box of row) {
    const bbox = pixelsOf(box);
    if (!bbox) continue;
    at.set(box.index, boxes.length);
    boxes.push({ index: box.index, bbox });
    painted.push({ bbox, label: isNamed ? [box.label || 'unnamed', notes?.get(box.index)].filter(Boolean).join(' · ') : '', look: 'gold' });
  }
  return { boxes, painted, near: new BoxIndex(boxes.map(box => box.bbox)), at };
}
