import { open } from 'node:fs/promises';
import * as path from 'node:path';
import { TextDecoder } from 'node:util';

export interface LogText {
  readonly source: 'stdout' | 'stderr';
  readonly text: string;
}

/** How much of an existing log is shown when it is opened. */
const openingBytes = 64 * 1024;
const chunkBytes = 256 * 1024;

/** Follows `stdout.log` and `stderr.log` of a run from near their ends. A log that was cut begins again. */
export class LogTail {
  private readonly reached = new Map<LogText['source'], { position: number; decoder: TextDecoder }>();

  constructor(private readonly runFolder: string) {}

  /** What was written since the last call, at most 256 KB of each file a call. */
  async read(): Promise<readonly LogText[]> {
    const texts = await Promise.all((['stdout', 'stderr'] as const).map(async source => ({ source, text: await this.readOne(source) })));
    return texts.filter(({ text }) => text !== '');
  }

  private async readOne(source: LogText['source']): Promise<string> {
    const handle = await open(path.join(this.runFolder, `${source}.log`), 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined; // the trainer has not been started yet
      throw error;
    });
    if (!handle) return '';
    try {
      const { size } = await handle.stat();
      const before = this.reached.get(source);
      const place = before && before.position <= size ? before : { position: before ? 0 : Math.max(0, size - openingBytes), decoder: new TextDecoder() };
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(chunkBytes, size - place.position)), 0, undefined, place.position);
      this.reached.set(source, { position: place.position + bytesRead, decoder: place.decoder });
      const text = place.decoder.decode(buffer.subarray(0, bytesRead), { stream: true }); // a letter may be cut in two
      return before || place.position === 0 ? text : text.slice(text.indexOf('\n') + 1); // not from the middle of a line
    } finally {
      await handle.close();
    }
  }
}
