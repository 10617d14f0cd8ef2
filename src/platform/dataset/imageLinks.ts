import { lstatSync, realpathSync } from 'node:fs';
import * as path from 'node:path';

/** Tells images that a link leads out of the image root. Folders are followed once; a file costs one look. */
export class ImageLinks {
  private readonly folders = new Map<string, string | undefined>();
  private realRoot: string | undefined;

  constructor(private readonly imageRoot: string) {}

  /** Where the file really is, when that is outside; undefined where it is inside, or cannot be found out: opening it then tells why. */
  leadsTo(file: string): string | undefined {
    try {
      this.realRoot ??= realpathSync.native(this.imageRoot);
      const folder = this.realFolder(path.dirname(file));
      if (folder === undefined) return undefined;
      const real = lstatSync(file).isSymbolicLink() ? realpathSync.native(file) : path.join(folder, path.basename(file));
      return real.startsWith(this.realRoot + path.sep) || this.realRoot === path.parse(real).root ? undefined : real;
    } catch {
      return undefined; // missing, a circle of links, or not permitted
    }
  }

  private realFolder(folder: string): string | undefined {
    if (this.folders.has(folder)) return this.folders.get(folder);
    let real: string | undefined;
    try {
      real = realpathSync.native(folder);
    } catch {
      real = undefined;
    }
    this.folders.set(folder, real);
    return real;
  }
}
