import { readFileSync } from 'node:fs';
import { imageSize } from 'image-size';
import type { ImageSize } from '../../../core/geometry/boxFrame';

/** Width and height of a picture as it is looked at: one that lies (EXIF 5 to 8) is turned upright. */
export function pictureSize(file: string): ImageSize {
  const { width, height, orientation } = imageSize(readFileSync(file));
  return (orientation ?? 1) >= 5 ? { width: height, height: width } : { width, height };
}
