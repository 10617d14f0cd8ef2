import { open, readdir, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { parseRollout } from '../../core/rollouts/parseRollout';
import type { Rollout } from '../../core/rollouts/rollout';

const firstBytes = 256 * 1024;
/** A group of long responses; beyond it what was read is shown. */
const mostBytes = 8 * 1024 * 1024;

/** Finds the group that a run wrote last, from the end of its newest file: what it costs does not grow with the run. */
export class LatestGroupReader {
  private seen = '';

  constructor(private readonly runFolder: string) {}

  /** The last whole group, in order of index; undefined when there is none, or nothing was written since the last call. */
  async read(): Promise<readonly [Rollout, ...Rollout[]] | undefined> {
    const newest = await this.newestFile();
    if (!newest || newest.mark === this.seen) return undefined;
    this.seen = newest.mark;
    const handle = await open(newest.file, 'r');
    try {
      for (let bytes = firstBytes; ; bytes *= 4) {
        const start = Math.max(0, newest.size - bytes);
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(newest.size - start), 0, undefined, start);
        const { rollouts, isWhole } = lastGroup(buffer.toString('utf8', 0, bytesRead), start === 0);
        const [first, ...others] = rollouts;
        if (isWhole || bytes >= mostBytes) return first && [first, ...others];
      }
    } finally {
      await handle.close();
    }
  }

  private async newestFile(): Promise<{ file: string; size: number; mark: string } | undefined> {
    const folder = path.join(this.runFolder, 'rollouts');
    const names = (await readdir(folder).catch(() => [])).filter(name => name.endsWith('.jsonl')); // no folder: no rollouts yet
    const files = await Promise.all(names.map(async name => {
      const { size, mtimeMs } = await stat(path.join(folder, name)).catch(() => ({ size: 0, mtimeMs: 0 })); // deleted since
      return { file: path.join(folder, name), size, mtimeMs, mark: `${name} ${size} ${mtimeMs}` };
    }));
    return files.filter(({ size }) => size > 0).sort((a, b) => b.mtimeMs - a.mtimeMs)[0];
  }
}

/** `isWhole`: the group began in this text. A line without its end, and lines that cannot be read, are left out. */
function lastGroup(text: string, isFromStart: boolean): { readonly rollouts: readonly Rollout[]; readonly isWhole: boolean } {
  const lines = text.split('\n').slice(isFromStart ? 0 : 1, -1);
  const rollouts: Rollout[] = [];
  for (const line of lines.reverse()) {
    const { value } = parseRollout(line);
    if (!value) continue;
    if (rollouts[0] && rollouts[0].group !== value.group) return { rollouts: inOrder(rollouts), isWhole: true };
    rollouts.push(value);
  }
  return { rollouts: inOrder(rollouts), isWhole: isFromStart };
}

function inOrder(rollouts: readonly Rollout[]): readonly Rollout[] {
  return [...rollouts].sort((a, b) => a.index - b.index);
}
