import { type Signal, signal } from '@preact/signals';
import type { Bbox } from '../../src/core/dataset/sample';
import { nudgeStep } from '../../src/core/geometry/boxFrame';
import { boxAround } from '../../src/core/geometry/extremeBox';
import { clipBox, moveBox } from '../../src/core/geometry/shapeBox';
import type { Direction, NudgeKind } from '../../src/protocol/editorCommand';
import type { EditorStore } from './editorStore';

const ways: Readonly<Record<Direction, readonly [number, number]>> = { Left: [-1, 0], Right: [1, 0], Up: [0, -1], Down: [0, 1] };

/** The selected boxes moved or resized by keys, shown as they go. Whatever happens while a key is held is one step to undo, made when it is let go. */
export class Nudge {
  /** The boxes that are on their way, by index; image pixels. */
  readonly shapes: Signal<ReadonlyMap<number, Bbox> | undefined> = signal(undefined);
  private readonly held = new Set<string>();

  constructor(private readonly store: EditorStore) {
    store.fields.add(() => this.end());
  }

  /** Moves by the smallest step that the dataset's frame can tell, `moveFar` ten times as far; `resize` moves the lower right corner of one box. Returns whether a box is selected. */
  by(kind: NudgeKind, direction: Direction): boolean {
    const { boxes } = this.store;
    const { row } = boxes;
    const size = boxes.imageSize.value;
    const chosen = new Set(boxes.selection.value);
    const moving = boxes.placed().filter(each => chosen.has(each.index)).map(({ index, bbox }) => ({ index, bbox: this.shapes.value?.get(index) ?? bbox }));
    const [box, second] = moving;
    if (!box || !size || !row) return false;
    const { frame, digits } = boxes.precision(row);
    const step = nudgeStep(frame, size, digits);
    const far = kind === 'moveFar' ? 10 : 1;
    const [byX, byY] = [ways[direction][0] * step.x * far, ways[direction][1] * step.y * far];
    if (kind === 'resize' && !second) {
      const [x1, y1, x2, y2] = box.bbox;
      this.shapes.value = new Map([[box.index, clipBox([x1, y1, Math.max(x1 + step.x, x2 + byX), Math.max(y1 + step.y, y2 + byY)], size)]]);
    } else {
      const around = boxAround(moving.flatMap(({ bbox: [x1, y1, x2, y2] }) => [{ x: x1, y: y1 }, { x: x2, y: y2 }]));
      const [x1, y1] = moveBox(around, byX, byY, size);
      this.shapes.value = new Map(moving.map(({ index, bbox: [a, b, c, d] }) => [index, [a + x1 - around[0], b + y1 - around[1], c + x1 - around[0], d + y1 - around[1]]]));
    }
    if (this.held.size === 0) this.end(); // a command of a key that was let go before it came
    return true;
  }

  /** A key that does not only change what others mean went down. */
  hold(code: string): void {
    this.held.add(code);
  }

  letGo(code: string): void {
    this.held.delete(code);
    this.end();
  }

  letAllGo(): void {
    this.held.clear();
    this.end();
  }

  /** Makes a step of it. */
  end(): void {
    const shapes = this.shapes.value;
    this.shapes.value = undefined;
    if (shapes) this.store.boxes.setBoxes(shapes);
  }

  /** Gives it up. Returns whether there was something. */
  drop(): boolean {
    const isUnderWay = this.shapes.value !== undefined;
    this.shapes.value = undefined;
    return isUnderWay;
  }
}
