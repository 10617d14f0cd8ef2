import * as path from 'node:path';
import type { StageKind } from '../../core/project/project';

/** The text of a new `pebr.json`. Ids come from the file names and are made unique. */
export function newProjectText(name: string, datasets: readonly { readonly path: string; readonly stage: StageKind }[]): string {
  const ids = new Set<string>();
  const entries = datasets.map(dataset => {
    const base = path.posix.basename(dataset.path).replace(/\.jsonl$/, '').replace(/[^\w.-]/g, '-');
    let id = base;
    for (let n = 2; ids.has(id); n++) id = `${base}-${n}`;
    ids.add(id);
    return { id, stage: dataset.stage, path: dataset.path, imageRoot: path.posix.dirname(dataset.path), boxFrame: 'pixel' };
  });
  return `${JSON.stringify({ v: 1, name, datasets: entries, rewards: [], policy: { base: 'Qwen/Qwen2.5-VL-3B-Instruct' } }, null, 2)}\n`;
}
