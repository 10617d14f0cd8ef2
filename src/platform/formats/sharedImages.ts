import type { EncodedBox } from '../../core/formats/exportSample';

/** Rows about one image are one image to a detector: its boxes are gathered, and a box that several rows have stands once. */
export class SharedImages {
  private readonly images = new Map<string, { readonly number: number; readonly boxes: Set<string> }>();

  /** The image's number, from 1, and those of its boxes that no row before had. */
  add(image: string, boxes: readonly EncodedBox[]): { readonly number: number; readonly isFirst: boolean; readonly fresh: readonly EncodedBox[] } {
    const known = this.images.get(image);
    const { number, boxes: keys } = known ?? { number: this.images.size + 1, boxes: new Set<string>() };
    this.images.set(image, { number, boxes: keys });
    const fresh = boxes.filter(({ label, bbox }) => {
      const key = `${label}\0${bbox.join()}`;
      const isFresh = !keys.has(key);
      keys.add(key);
      return isFresh;
    });
    return { number, isFirst: !known, fresh };
  }
}
