import type { Box } from '../../core/dataset/sample';

/** A JPEG of an image (a path, or its bytes), at most `side` pixels, with boxes drawn on it; turned as its EXIF data ask for. */
export async function thumbnail(file: string | Uint8Array, boxes: readonly Box[], side: number): Promise<Buffer> {
  const { default: sharp } = await import('sharp'); // native and slow to load: only when a picture is first asked for
  const { data, info } = await sharp(file, { limitInputPixels: 1_000_000_000, sequentialRead: true })
    .rotate()
    .resize({ width: side, height: side, fit: 'inside', kernel: 'cubic' })
    .flatten({ background: '#808080' })
    .toBuffer({ resolveWithObject: true });
  const { width = info.width, height = info.height, orientation = 1 } = await sharp(file).metadata();
  const original = orientation >= 5 ? { width: height, height: width } : { width, height };
  return sharp(data).composite([{ input: Buffer.from(boxesAsSvg(boxes, info.width / original.width, info.height / original.height, info)) }]).jpeg({ quality: 82 }).toBuffer();
}

function boxesAsSvg(boxes: readonly Box[], scaleX: number, scaleY: number, size: { readonly width: number; readonly height: number }): string {
  const rectangles = boxes.map(({ bbox: [x1, y1, x2, y2] }) => {
    const place = `x="${x1 * scaleX}" y="${y1 * scaleY}" width="${Math.max(0, x2 - x1) * scaleX}" height="${Math.max(0, y2 - y1) * scaleY}"`;
    return `<rect ${place} stroke="#000" stroke-opacity="0.6" stroke-width="4"/><rect ${place} stroke="#ffd02e" stroke-width="2"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}" fill="none">${rectangles.join('')}</svg>`;
}
