import { closeSync, openSync, readSync } from 'node:fs';
import { imageSize } from 'image-size';
import type { Bbox } from '../../core/dataset/sample';
import type { ImageSize } from '../../core/geometry/boxFrame';

/** EXIF orientation 1 to 8 of an image whose header says that it is turned; 1 where it cannot be read. */
export function orientationOf(file: string): number {
  const handle = openSync(file, 'r');
  try {
    const head = new Uint8Array(512 << 10);
    return imageSize(head.subarray(0, readSync(handle, head, 0, head.length, 0))).orientation ?? 1;
  } finally {
    closeSync(handle);
  }
}

/** A box of the pixels as they are stored, in the image as EXIF turns it; `stored` is the size before the turn. */
export function turnedBox([x1, y1, x2, y2]: Bbox, orientation: number, { width, height }: ImageSize): Bbox {
  switch (orientation) {
    case 2: return [width - x2, y1, width - x1, y2];
    case 3: return [width - x2, height - y2, width - x1, height - y1];
    case 4: return [x1, height - y2, x2, height - y1];
    case 5: return [y1, x1, y2, x2];
    case 6: return [height - y2, x1, height - y1, x2];
    case 7: return [height - y2, width - x2, height - y1, width - x1];
    case 8: return [y1, width - x2, y2, width - x1];
    default: return [x1, y1, x2, y2];
  }
}
