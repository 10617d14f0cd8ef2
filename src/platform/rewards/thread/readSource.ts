import { readFileSync } from 'node:fs';
import { WorkerFailure } from '../protocol';

const remedy = 'Save it as UTF-8: in VS Code click the encoding in the status bar and choose Save with Encoding.';

/** The text of a source file, without a byte order mark, as in the editor. Throws a `WorkerFailure` where it is no UTF-8. */
export function readSource(file: string): string {
  const bytes = readFileSync(file);
  if (isWide(bytes)) throw new WorkerFailure({ message: 'The file is UTF-16, and a reward is read as UTF-8.', file, line: 1, remedy });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new WorkerFailure({ message: 'The file is no UTF-8 text.', file, line: lineOfBadByte(bytes), remedy });
  }
}

/** By its mark, or by the empty half of its first letters. */
function isWide(bytes: Buffer): boolean {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return true;
  return (a === 0 && c === 0 && !!b && !!d) || (b === 0 && d === 0 && !!a && !!c);
}

/** The first line that does not decode. */
function lineOfBadByte(bytes: Buffer): number {
  const text = bytes.toString('utf8');
  const at = text.indexOf('\ufffd');
  return text.slice(0, Math.max(0, at)).split('\n').length;
}
