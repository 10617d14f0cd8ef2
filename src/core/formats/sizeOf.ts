import type { ImageSize } from '../geometry/boxFrame';
import { isObject, type JsonObject, own } from './importedRow';

const names = [['width', 'height'], ['image_width', 'image_height'], ['img_width', 'img_height'], ['w', 'h']] as const;

/** The size of the image as a record says it, ready to be spread into a row; empty where it says none. */
export function sizeOf(record: JsonObject): { readonly size?: ImageSize } {
  for (const [w, h] of names) {
    const [width, height] = [own(record, w), own(record, h)];
    if (typeof width === 'number' && typeof height === 'number' && width > 0 && height > 0) return { size: { width, height } };
  }
  const nested = own(record, 'image_info') ?? own(record, 'image');
  return isObject(nested) && own(nested, 'bytes') === undefined ? sizeOf(nested) : {};
}
