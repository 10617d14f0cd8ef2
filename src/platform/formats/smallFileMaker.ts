import { appendFileSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { messageOf } from '../../core/errors';

/** A file that is made at once: a text, more of one, or an image under another name. */
export type SmallFile =
  | { readonly kind: 'write' | 'append'; readonly file: string; readonly text: string }
  | { readonly kind: 'link'; readonly file: string; readonly image: string };

/** Files as one text, which goes to another thread many times quicker than objects do. No path can hold the sign between them; texts must not. */
export function packFiles(files: readonly SmallFile[]): string {
  return files.map(each => `${each.kind}\0${each.file}\0${each.kind === 'link' ? each.image : each.text}`).join('\0');
}

export function unpackFiles(packed: string): readonly SmallFile[] {
  const parts = packed.split('\0');
  const files: SmallFile[] = [];
  for (let at = 0; at + 2 < parts.length; at += 3) {
    const [kind, file = '', content = ''] = parts.slice(at, at + 3);
    files.push(kind === 'link' ? { kind, file, image: content } : { kind: kind === 'append' ? kind : 'write', file, text: content });
  }
  return files;
}

/** Which file could not be made, and why. */
export interface NotMade {
  readonly file: string;
  readonly reason: string;
}

/** Makes files in the order given, without waiting: for files this small a promise costs more than the file. */
export class SmallFileMaker {
  private readonly folders = new Set<string>();

  /** Stops at the first that cannot be made, and returns it; null where all were made. */
  make(files: readonly SmallFile[]): NotMade | null {
    for (const each of files) {
      try {
        this.makeOne(each);
      } catch (error) {
        return { file: each.file, reason: messageOf(error) };
      }
    }
    return null;
  }

  private makeOne(each: SmallFile): void {
    const folder = path.dirname(each.file);
    if (!this.folders.has(folder)) mkdirSync(folder, { recursive: true });
    this.folders.add(folder);
    if (each.kind === 'link') linkOrSymlink(each.image, each.file);
    else if (each.kind === 'write') writeFileSync(each.file, each.text);
    else appendFileSync(each.file, each.text);
  }
}

/** Another disk has no hard links to a file. */
function linkOrSymlink(image: string, file: string): void {
  try {
    linkSync(image, file);
  } catch {
    symlinkSync(image, file);
  }
}
