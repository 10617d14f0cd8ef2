import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { addDataset } from '../../core/project/addDataset';
import type { DatasetConfig } from '../../core/project/project';
import { defaultColumns } from '../../core/project/projectDefaults';
import { replaceFile } from '../dataset/replaceFile';
import type { RouteManifest } from './routeRows';

/** Names the routed files as datasets in `pebr.json`, each read as the dataset it comes from; every other byte of the file stays. Resolves to the new ids. */
export async function registerRoutes(folder: string, configs: readonly DatasetConfig[], { files }: RouteManifest): Promise<readonly string[]> {
  const file = path.join(folder, 'pebr.json');
  let text = await readFile(file, 'utf8');
  const added: string[] = [];
  for (const { dataset, to, path: routed } of files) {
    const config = configs.find(each => each.id === dataset);
    if (!config || to === 'warm-up') continue; // the warm-up trains on responses, which hard samples do not have yet
    const { imageRoot, boxFrame, columns } = config;
    const isDefault = JSON.stringify(columns) === JSON.stringify(defaultColumns);
    const entry = { id: `${dataset}.${to}`, stage: to, path: routed, imageRoot, boxFrame, ...(isDefault ? {} : { columns }) };
    const now = addDataset(text, entry);
    if (now === undefined) continue; // named before
    text = now;
    added.push(entry.id);
  }
  if (added.length > 0) await replaceFile(file, handle => handle.writeFile(text));
  return added;
}
