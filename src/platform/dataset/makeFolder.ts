import { mkdir, stat } from 'node:fs/promises';
import * as path from 'node:path';

/**
 * Makes a folder and those above it that are missing, from the top. Node's own recursive way never ends where a file system that has the folder above
 * says that there is none (`/proc/x`). Throws what the file system says.
 */
export async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  await mkdir(folder).catch(async (error: unknown) => {
    if (!(await isFolder(folder))) throw error; // somebody else made it meanwhile
  });
}

function isFolder(place: string): Promise<boolean> {
  return stat(place).then(found => found.isDirectory(), () => false);
}
