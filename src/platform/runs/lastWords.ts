import { open } from 'node:fs/promises';
import * as path from 'node:path';

/** The last lines that the trainer wrote to stderr, at most `count`; none when it wrote nothing. What it wrote over (progress bars) is left out. */
export async function lastWords(runFolder: string, count = 3): Promise<readonly string[]> {
  const handle = await open(path.join(runFolder, 'stderr.log'), 'r').catch(() => undefined); // no log: it was never started
  if (!handle) return [];
  try {
    const { size } = await handle.stat();
    const length = Math.min(size, 4096);
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
    const lines = buffer.toString('utf8').split('\n').map(line => (line.trimEnd().split('\r').at(-1) ?? '').trim());
    return lines.filter(line => line !== '').slice(-count);
  } finally {
    await handle.close();
  }
}
