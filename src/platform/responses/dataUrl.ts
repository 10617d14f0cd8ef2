import { readFile, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { imageSize } from 'image-size';
import { UnusableSample } from './promptParts';

const largestImage = 20 << 20;
const mediaTypes: Readonly<Record<string, string>> = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp', gif: 'image/gif', bmp: 'image/bmp' };

/** An image as an endpoint takes it. Throws `UnusableSample` where it is too large or no image that endpoints know. */
export async function dataUrl(image: string): Promise<string> {
  const name = path.basename(image);
  const { size } = await stat(image);
  if (size > largestImage) throw new UnusableSample(`its image ${name} is ${(size / (1 << 20)).toFixed(0)} MB, more than ${largestImage >> 20} MB`);
  const bytes = await readFile(image);
  let type: string | undefined;
  try {
    type = imageSize(bytes).type;
  } catch {
    type = undefined; // told below
  }
  const mediaType = type === undefined ? undefined : mediaTypes[type];
  if (mediaType === undefined) throw new UnusableSample(`its image ${name} is no PNG, JPEG, WebP, GIF or BMP`);
  return `data:${mediaType};base64,${bytes.toString('base64')}`;
}
