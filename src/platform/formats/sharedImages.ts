/** An image with the lines that rows gave it so far: a text where one row did, as nearly always, which costs less to keep than what it was made of. */
interface SharedImage {
  readonly number: number;
  lines: string | Set<string>;
}

/** Rows about one image are one image to a detector: its boxes are gathered, and a box that several rows have stands once. */
export class SharedImages {
  private readonly images = new Map<string, SharedImage>();

  /** The image's number, from 1, and those of its boxes, a line each, that no row before had. Equal lines are one box. */
  add(image: string, boxes: readonly string[]): { readonly number: number; readonly isFirst: boolean; readonly fresh: readonly string[] } {
    const known = this.images.get(image);
    if (known) {
      const lines = known.lines = linesOf(known.lines);
      return { number: known.number, isFirst: false, fresh: freshOf(boxes, lines) };
    }
    const fresh = boxes.length < 2 ? boxes : freshOf(boxes, new Set());
    const number = this.images.size + 1;
    this.images.set(image, { number, lines: fresh.join('\n') });
    return { number, isFirst: true, fresh };
  }
}

function linesOf(lines: SharedImage['lines']): Set<string> {
  return lines instanceof Set ? lines : new Set(lines.split('\n'));
}

/** Lines that are not among the known ones, which they join. */
function freshOf(boxes: readonly string[], known: Set<string>): readonly string[] {
  return boxes.filter(line => {
    const isFresh = !known.has(line);
    known.add(line);
    return isFresh;
  });
}
