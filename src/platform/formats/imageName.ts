import * as path from 'node:path';

/** The path of an image with the separators of this machine; a name that only has backslashes was written on Windows. */
export function normalName(name: string): string {
  return name.includes('\\') && !name.includes('/') && path.sep === '/' ? name.replaceAll('\\', '/') : name;
}

export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
}

/** Where image paths start from. */
export interface NameStart {
  /** Absolute; images may not leave it. */
  readonly folder: string;
  /** Where relative names start from. */
  readonly base: string;
  /** Begins the names and is no folder here: they were written on another machine, or above the folder. Ends with `/`. */
  readonly prefix?: string;
}

/** An image's path as the row is to have it: relative to the image root with `/`. Undefined where it would leave the root. */
export function nameBelow({ folder, base, prefix }: NameStart, name: string): string | undefined {
  const whole = normalName(name);
  const written = prefix !== undefined && whole.startsWith(prefix) ? whole.slice(prefix.length) : whole;
  const file = path.resolve(base, written);
  if (!isInside(folder, file)) return undefined;
  const isAsWritten = base === folder && !path.isAbsolute(written) && !written.split('/').includes('..');
  const relative = isAsWritten ? written : path.relative(folder, file);
  return path.sep === '/' ? relative : relative.split(path.sep).join('/');
}
