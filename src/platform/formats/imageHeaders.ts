import { AppError, messageOf } from '../../core/errors';
import type { ImageHeader } from '../../core/lint/lintImage';
import { readImageHeaderSync } from '../dataset/imageInfo';

/** Headers of images, each file read once. Reading without waiting is many times faster; the caller lets others run every few files. */
export class ImageHeaders {
  private readonly known = new Map<string, ImageHeader | string>();

  has(file: string): boolean {
    return this.known.has(file);
  }

  /** The header, or why there is none. */
  of(file: string): ImageHeader | string {
    const header = this.known.get(file) ?? headerOrReason(file);
    this.known.set(file, header);
    return header;
  }

  /** What somebody else read. */
  take(file: string, header: ImageHeader | string): void {
    this.known.set(file, header);
  }
}

/** The header of an image, or why there is none. */
export function headerOrReason(file: string): ImageHeader | string {
  try {
    return readImageHeaderSync(file);
  } catch (error) {
    return AppError.is(error, 'dataset.unreadable') ? error.details.reason : messageOf(error);
  }
}
