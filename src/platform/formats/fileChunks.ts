import { isUtf8 } from 'node:buffer';
import { open, stat } from 'node:fs/promises';
import { AppError, messageOf } from '../../core/errors';
import type { ImportFault } from '../../core/formats/importedRow';
import type { ReadProgress } from './foreignRecord';

const chunkBytes = 1 << 20;

/** The bytes of a file up to the size that it has when it is opened, without a byte order mark. Throws `dataset.unreadable`. */
export async function* fileChunks(file: string, progress: ReadProgress, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  const handle = await open(file, 'r').catch((error: unknown) => Promise.reject(unreadable(file, error)));
  try {
    const { size } = await handle.stat();
    let position = 0;
    while (position < size) {
      signal?.throwIfAborted();
      const buffer = Buffer.allocUnsafe(Math.min(chunkBytes, size - position));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) return; // it was cut short while it was read: `changeOf` tells
      const chunk = buffer.subarray(0, bytesRead);
      if (position === 0 && ((chunk[0] === 0xff && chunk[1] === 0xfe) || (chunk[0] === 0xfe && chunk[1] === 0xff))) throw new Error('it is UTF-16; save it as UTF-8');
      yield position === 0 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? chunk.subarray(3) : chunk;
      position += bytesRead;
      progress.done += bytesRead;
    }
  } catch (error) {
    if (error instanceof AppError || signal?.aborted) throw error;
    throw unreadable(file, error);
  } finally {
    await handle.close();
  }
}

/** Follows whether a file changes while it is read. */
export async function watchSize(file: string): Promise<() => Promise<readonly ImportFault[]>> {
  const before = await stat(file).catch((error: unknown) => Promise.reject(unreadable(file, error)));
  return async () => {
    const now = await stat(file).catch(() => undefined);
    if (now && now.size === before.size && now.mtimeMs === before.mtimeMs) return [];
    const what = !now ? 'was deleted' : now.size > before.size ? `grew from ${before.size} to ${now.size} bytes` : 'changed';
    return [{ severity: 'warning', rule: 'import/file-changed', message: `The file ${what} while it was read.`, remedy: 'What was there at the start is imported; import again for the rest.' }];
  };
}

/** Bytes as text; where they are no UTF-8, what can be read with `�` for the rest, and a fault. */
export function textOfBytes(bytes: Uint8Array): { readonly text: string; readonly faults: readonly ImportFault[] } {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (!text.includes('\ufffd') || isUtf8(bytes)) return { text, faults: [] };
  return { text, faults: [{ severity: 'warning', rule: 'import/invalid-utf8', message: 'It holds bytes that are no UTF-8.', remedy: 'They are read as “�”. Save the source as UTF-8 and import again to keep the letters.' }] };
}

export function unreadable(file: string, error: unknown): AppError {
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return new AppError('dataset.unreadable', { file, reason: isMissing ? 'there is no such file' : messageOf(error) }, { cause: error });
}
