import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import * as path from 'node:path';

/** Whether the local cache of Hugging Face has something of a model of the hub. */
export async function isDownloaded(name: string): Promise<boolean> {
  const { HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME } = process.env;
  const home = HF_HOME ?? path.join(XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'huggingface');
  const folder = path.join(HF_HUB_CACHE ?? path.join(home, 'hub'), `models--${name.replaceAll('/', '--')}`, 'snapshots');
  return stat(folder).then(found => found.isDirectory(), () => false);
}
