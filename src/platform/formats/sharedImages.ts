import type { EncodedBox } from '../../core/formats/exportSample';

/** An image with the boxes that rows gave it so far; a list as long as one row did. */
interface SharedImage {
  readonly number: number;
  boxes: readonly EncodedBox[] | Set<string>;
}

/** Rows about one image are one image to a detector: its boxes are gathered, and a box that several rows have stands once. */
export class SharedImages {
  private readonly images = new Map<string, SharedImage>();

  /** The image's number, from 1, and those of its boxes that no row before had. */
  add(image: string, boxes: readonly EncodedBox[]): { readonly number: number; readonly isFirst: boolean; readonly fresh: readonly EncodedBox[] } {
    const known = this.images.get(image);
    if (known) return { number: known.number, isFirst: false, fresh: freshOf(boxes, (known.boxes = keysOf(known.boxes))) };
    const fresh = boxes.length < 2 ? boxes : freshOf(boxes, new Set());
    const number = this.images.size + 1;
    this.images.set(image, { number, boxes: fresh });
    return { number, isFirst: true, fresh };
  }
}

function keysOf(boxes: SharedImage['boxes']): Set<string> {
  return boxes instanceof Set ? boxes : new Set(boxes.map(keyOf));
}

/** Boxes that are not among the keys, which they join. */
function freshOf(boxes: readonly EncodedBox[], keys: Set<string>): readonly EncodedBox[] {
  return boxes.filter(box => {
    const key = keyOf(box);
    const isFresh = !keys.has(key);
    keys.add(key);
    return isFresh;
  });
}

function keyOf({ label, bbox }: EncodedBox): string {
  return `${label}\0${bbox.join()}`;
}
