import type { Bbox } from '../../dataset/sample';
import type { ImageSize } from '../../geometry/boxFrame';
import { frameInWords, type WrittenFrame, writtenToPixels } from '../../geometry/writtenFrame';
import { boxGrammars, type WrittenBox } from '../../grading/boxes/parseBoxes';

/** A box of a response with its place in the image. */
export interface PlacedBox {
  readonly written: WrittenBox;
  /** Pixels of the original image; null where the numbers mean no place. */
  readonly bbox: Bbox | null;
  /** Why it covers nothing. */
  readonly fault?: string;
}

/**
 * Boxes in pixels. `frame` holds for every grammar that leaves its frame open; one that decides it (PaliGemma's tokens) is read as what it
 * is. `grammar` allows only such ones: throws where another is met, because a guess would be silent and often wrong.
 */
export function placeBoxes(written: readonly WrittenBox[], frame: WrittenFrame | 'grammar', sizeOf: () => ImageSize): readonly PlacedBox[] {
  return written.map(box => {
    const own = frameOf(box.grammar, frame);
    if (box.fault !== undefined) return { written: box, bbox: null, fault: box.fault };
    const bbox = own === 'pixel' ? box.bbox : writtenToPixels(box.bbox, own, sizeOf());
    const fault = faultOfBox(bbox);
    return { written: box, bbox, ...(fault === undefined ? {} : { fault }) };
  });
}

/** Which grammars were read, and as what: `2 as {"bbox_2d": …} in thousandths`. */
export function placesInWords(written: readonly WrittenBox[], frame: WrittenFrame | 'grammar'): string {
  const counts = new Map<WrittenBox['grammar'], number>();
  for (const { grammar } of written) counts.set(grammar, (counts.get(grammar) ?? 0) + 1);
  return `read ${[...counts].map(([grammar, count]) => `${count} × ${grammar} in ${frameInWords(frameOf(grammar, frame))}`).join(', ')}`;
}

/** Why a box in pixels has no area; undefined where it has one. */
export function faultOfBox([x1, y1, x2, y2]: Bbox): string | undefined {
  if (x2 < x1 || y2 < y1) return `corners swapped: ${x2 < x1 ? 'x2 < x1' : 'y2 < y1'}`;
  return x2 === x1 || y2 === y1 ? 'no area' : undefined;
}

function frameOf(grammar: WrittenBox['grammar'], frame: WrittenFrame | 'grammar'): WrittenFrame {
  const { isDecided, usual } = boxGrammars[grammar];
  if (isDecided && usual !== null) return usual;
  if (frame !== 'grammar') return frame;
  const hint = usual === null ? 'pixel, norm1, norm1000 …' : `${typeof usual === 'string' ? usual : 'resized'} is usual, but not certain`;
  throw new Error(`The response writes boxes in the grammar "${grammar}", which does not say its frame. Name it: iou({ frame: … }) (${hint}).`);
}
