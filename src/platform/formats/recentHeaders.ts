import { existsSync } from 'node:fs';
import type { ImageHeader } from '../../core/lint/lintImage';
import { ImageHeaders } from './imageHeaders';

const kept = 8192;

/** Headers of the images of neighbouring rows, which often share them; memory stays small however many rows there are. */
export class RecentHeaders {
  private headers = new ImageHeaders();
  private looked = 0;

  /** The header, or why there is none. */
  of(file: string): ImageHeader | string {
    if (!existsSync(file)) return 'there is no such file'; // without the cost of an error for each of a million
    if (++this.looked % kept === 0) this.headers = new ImageHeaders();
    return this.headers.of(file);
  }
}
