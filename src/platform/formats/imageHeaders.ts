import { AppError, messageOf } from '../../core/errors';
import type { ImageHeader } from '../../core/lint/lintImage';
import { readImageHeaderSync } from '../dataset/imageInfo';

/** Sides from here on would make two sizes one number. */
const longestShared = 2 ** 24;

/** Headers of images, each file read once. Reading without waiting is many times faster; the caller lets others run every few files. */
export class ImageHeaders {
  private readonly known = new Map<string, ImageHeader | string>();
  /** Most images of a dataset are of a few sizes. */
  private readonly shared = new Map<number, ImageHeader>();

  has(file: string): boolean {
    return this.known.has(file);
  }

  /** The header, or why there is none. */
  of(file: string): ImageHeader | string {
    const known = this.known.get(file);
    if (known !== undefined) return known;
    const header = headerOrReason(file);
    this.take(file, header);
    return header;
  }

  /** What somebody else read. */
  take(file: string, header: ImageHeader | string): void {
    this.known.set(file, typeof header === 'string' ? header : this.sharedOf(header));
  }

  private sharedOf(header: ImageHeader): ImageHeader {
    const { width, height, isTurned } = header;
    if (Math.max(width, height) >= longestShared) return header;
    const key = (width * longestShared + height) * (isTurned ? -1 : 1);
    const shared = this.shared.get(key) ?? header;
    this.shared.set(key, shared);
    return shared;
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
