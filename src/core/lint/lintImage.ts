import type { RowFault } from '../dataset/row';
import type { ImageSize } from '../geometry/boxFrame';

/** An image as its header tells it: the size as it is seen, and whether EXIF data turn it. */
export interface ImageHeader extends ImageSize {
  readonly isTurned: boolean;
}

/** Smallest side that Qwen's processors take, and that the paper keeps. */
const smallestSide = 28;
/** Longest ratio of the sides that Qwen's smart resize takes. */
const longestRatio = 200;
const mostPixels = 50_000_000;
/** Pixels from which Pillow takes an image for a decompression bomb and stops. */
const bombPixels = 178_956_970;

/** What the header of an image tells. `name` as the row has it. */
export function lintImage(name: string, { width, height, isTurned }: ImageHeader): RowFault[] {
  const found: RowFault[] = [];
  const add = (severity: RowFault['severity'], rule: RowFault['rule'], message: string, remedy: string): void => void found.push({ severity, rule, field: 'images', message, remedy });
  const size = `${width} × ${height} px`;
  if (Math.max(width, height) / Math.min(width, height) > longestRatio) add('error', 'dataset/narrow-image', `The image "${name}" is ${size}: more than ${longestRatio} times as long as wide.`, 'Crop it, or delete the row.');
  else if (Math.min(width, height) < smallestSide) add('warning', 'dataset/tiny-image', `The image "${name}" is ${size}; a side below ${smallestSide} px is refused by Qwen processors.`, 'Replace it by a larger one, or delete the row.');
  if (width * height > bombPixels) add('error', 'dataset/oversized-image', `The image "${name}" is ${size}, ${Math.round((width * height) / 1e6)} million pixels: Pillow stops at it as at a decompression bomb.`, 'Store it smaller, or delete the row.');
  else if (width * height > mostPixels) add('warning', 'dataset/oversized-image', `The image "${name}" is ${size}, ${Math.round((width * height) / 1e6)} million pixels.`, 'Store it smaller; the processor shrinks it anyway.');
  if (isTurned) add('info', 'dataset/rotated-image', `The image "${name}" is turned by its EXIF data; loaders that ignore them see it otherwise, and the boxes beside it.`, 'Store it turned and without the EXIF orientation.');
  return found;
}
