import type { ImageSize } from '../geometry/boxFrame';
import { isObject, type JsonObject, own } from './importedRow';

const names = [['width', 'height'], ['image_width', 'image_height'], ['img_width', 'img_height'], ['w', 'h']] as const;

/** The size of the image as a record says it, ready to be spread into a row; empty where it says none. */
export function sizeOf(record: JsonObject): { readonly size?: ImageSize } {
  for (const [w, h] of names) {
    const [width, height] = [sideOf(own(record, w)), sideOf(own(record, h))];
    if (width > 0 && height > 0) return { size: { width, height } };
  }
  const nested = own(record, 'image_info') ?? own(record, 'image');
  return isObject(nested) && own(nested, 'bytes') === undefined ? sizeOf(nested) : {};
}

/** A number, also as the text of a CSV cell; NaN for everything else. */
function sideOf(value: unknown): number {
  return typeof value === 'number' ? value : typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : NaN;
}
