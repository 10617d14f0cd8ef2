import { open } from 'node:fs/promises';
import * as path from 'node:path';
import { TextDecoder } from 'node:util';

export interface LogText {
  readonly source: 'stdout' | 'stderr';
  readonly text: string;
  /** Bytes before it that were passed over. */
  readonly skipped: number;
}

/** How much of an existing log is shown when it is opened. */
const openingBytes = 256 * 1024;
const chunkBytes = 256 * 1024;
/** Further behind than this it goes on near the end: a log is written faster than anybody reads. */
const mostBehind = 4 * 1024 * 1024;

interface Place {
  readonly position: number;
  readonly decoder: TextDecoder;
}

/** Follows `stdout.log` and `stderr.log` of a run from near their ends. A log that was cut begins again. */
export class LogTail {
  private readonly reached = new Map<LogText['source'], Place>();

  constructor(private readonly runFolder: string) {}

  /** What was written since the last call, at most 256 KB of each file a call. */
  async read(): Promise<readonly LogText[]> {
    const texts = await Promise.all((['stdout', 'stderr'] as const).map(source => this.readOne(source)));
    return texts.filter(({ text }) => text !== '');
  }

  private async readOne(source: LogText['source']): Promise<LogText> {
    const handle = await open(path.join(this.runFolder, `${source}.log`), 'r').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return undefined; // the trainer has not been started yet
      throw error;
    });
    if (!handle) return { source, text: '', skipped: 0 };
    try {
      const { size } = await handle.stat();
      const before = this.reached.get(source);
      const place = placeOf(before, size);
      const isInside = place.position > 0 && place !== before;
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(chunkBytes, size - place.position)), 0, undefined, place.position);
      this.reached.set(source, { position: place.position + bytesRead, decoder: place.decoder });
      const text = place.decoder.decode(buffer.subarray(0, bytesRead), { stream: true }); // a letter may be cut in two
      const start = isInside ? text.indexOf('\n') + 1 : 0; // not from the middle of a line
      return { source, text: text.slice(start), skipped: isInside ? place.position - (before?.position ?? 0) : 0 };
    } finally {
      await handle.close();
    }
  }
}

function placeOf(before: Place | undefined, size: number): Place {
  if (before && before.position <= size && size - before.position <= mostBehind) return before;
  const isCut = before !== undefined && before.position > size;
  return { position: isCut && size <= mostBehind ? 0 : Math.max(0, size - openingBytes), decoder: new TextDecoder() };
}
