/** Side of the copy that stands for a picture which a page cannot show as it is, px. */
const sidePx = 4096;
/** A picture with more pixels than this is not opened at all: a small file can claim any size. */
const mostPixels = 1_000_000_000;

/**
 * A JPEG of an image at most 4096 px a side, turned as its EXIF data ask for: for pictures that would fill a page's memory, and for kinds that browsers do
 * not know, such as TIFF. Decoded line by line where its format allows. Throws where the file is damaged.
 */
export async function viewableImage(file: string): Promise<Buffer> {
  const { default: sharp } = await import('sharp'); // native and slow to load: only when such a picture is shown
  return sharp(file, { limitInputPixels: mostPixels, sequentialRead: true })
    .rotate()
    .resize({ width: sidePx, height: sidePx, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#808080' })
    .toColourspace('srgb')
    .jpeg({ quality: 90 })
    .toBuffer();
}
