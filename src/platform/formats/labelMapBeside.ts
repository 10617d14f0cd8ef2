import { readdir, readFile, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { isObject } from '../../core/formats/importedRow';

/** Class names of a `*label_map*.json` (`{"0": "person"}`) beside an ODVG file; empty where there is none. */
export async function labelMapBeside(file: string): Promise<readonly string[]> {
  const folder = path.dirname(file);
  const name = (await readdir(folder).catch(() => [])).find(each => /label_?map.*\.json$/i.test(each)); // no folder to list: no names
  if (name === undefined) return [];
  try {
    const found = path.join(folder, name);
    if ((await stat(found)).size > 10 << 20) return [];
    const map: unknown = JSON.parse(await readFile(found, 'utf8'));
    const names: string[] = [];
    for (const [key, label] of isObject(map) ? Object.entries(map) : []) {
      const index = Number(key);
      if (Number.isInteger(index) && index >= 0 && index < 100_000 && typeof label === 'string') names[index] = label;
    }
    return Array.from(names, (label, index) => label ?? String(index));
  } catch {
    return []; // another file of that name; labels are then what the rows say
  }
}
