import type { Box } from '../../core/dataset/sample';
import type { ImageSize } from '../../core/geometry/boxFrame';
import { boxesSvg, type DrawnBoxes } from '../../core/rollouts/share/boxesSvg';

/** A JPEG of an image, at most `side` pixels, turned as its EXIF data ask for; with boxes drawn on it where there are any. `size` is that of the original. */
export async function sharedPicture(file: string, size: ImageSize, side: number, gold: readonly Box[] = [], drawn: readonly DrawnBoxes[] = []): Promise<Buffer> {
  const { default: sharp } = await import('sharp'); // native and slow to load: only when a picture is first asked for
  const { data, info } = await sharp(file, { limitInputPixels: 100_000_000 })
    .rotate()
    .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#808080' })
    .toBuffer({ resolveWithObject: true });
  const boxes = gold.length + drawn.length === 0 ? [] : [{ input: Buffer.from(boxesSvg(size, gold, drawn, ` width="${info.width}" height="${info.height}" preserveAspectRatio="none"`)) }];
  return sharp(data).composite(boxes).jpeg({ quality: 85 }).toBuffer();
}
