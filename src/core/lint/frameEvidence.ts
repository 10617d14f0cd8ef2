import type { FrameBox, Row } from '../dataset/row';
import { type ImageSize, toPixels } from '../geometry/boxFrame';
import type { BoxFrame } from '../project/project';

/** The more usual one first: where several fit alike it is told. */
const candidates = ['pixel', 'norm1', 'norm1000', 'coco-xywh', 'percent-xywh', 'yolo-cxcywh'] as const satisfies readonly BoxFrame[];
/** Fewer boxes decide nothing. */
export const fewestBoxes = 8;
/** A box whose sides are shorter is no label of anything. */
const smallestPx = 2;

/** How many boxes were looked at, and how many of them make sense in each frame. */
export interface FrameCounts {
  readonly boxes: number;
  readonly fitting: Readonly<Partial<Record<BoxFrame, number>>>;
}

/** Follows how many boxes make sense on their image in each frame. */
export class FrameEvidence {
  private boxes = 0;
  private readonly fitting = new Map<BoxFrame, number>();

  private readonly frames: readonly BoxFrame[];

  /** `most` boxes are looked at before the rest is taken to be alike. */
  constructor(declared: BoxFrame, private readonly most = Infinity) {
    this.frames = [...new Set<BoxFrame>([declared, ...candidates])];
  }

  add(row: Row, size: ImageSize): void {
    if (this.boxes >= this.most) return;
    for (const { numbers } of row.boxes) {
      this.boxes++;
      for (const frame of this.frames) if (fits(numbers, frame, size)) this.fitting.set(frame, (this.fitting.get(frame) ?? 0) + 1);
    }
  }

  get counts(): FrameCounts {
    return { boxes: this.boxes, fitting: Object.fromEntries(this.fitting) };
  }

  merge({ boxes, fitting }: FrameCounts): void {
    this.boxes += boxes;
    for (const frame of this.frames) this.fitting.set(frame, (this.fitting.get(frame) ?? 0) + (fitting[frame] ?? 0));
  }

  /** The frame that nearly all boxes fit while most do not fit the declared one; undefined where the data do not say so. */
  betterThan(declared: BoxFrame): { readonly frame: BoxFrame; readonly fitting: number; readonly declaredFitting: number; readonly boxes: number } | undefined {
    const share = (frame: BoxFrame): number => (this.fitting.get(frame) ?? 0) / this.boxes;
    if (this.boxes < fewestBoxes || share(declared) > 0.5) return undefined;
    const best = [...candidates].sort((a, b) => share(b) - share(a))[0];
    if (best === undefined || share(best) < 0.95) return undefined;
    return { frame: best, fitting: this.fitting.get(best) ?? 0, declaredFitting: this.fitting.get(declared) ?? 0, boxes: this.boxes };
  }
}

function fits(numbers: FrameBox, frame: BoxFrame, size: ImageSize): boolean {
  const [x1, y1, x2, y2] = toPixels(numbers, frame, size);
  const slack = 1 + Math.max(size.width, size.height) / 500; // frames are rounded
  return x2 - x1 >= smallestPx && y2 - y1 >= smallestPx && x1 >= -slack && y1 >= -slack && x2 <= size.width + slack && y2 <= size.height + slack;
}
