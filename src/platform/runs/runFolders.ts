import { mkdir, readdir } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError, messageOf } from '../../core/errors';

/** Folder that holds the runs of a project. */
export function runsFolderOf(projectFolder: string): string {
  return path.join(projectFolder, '.pebr', 'runs');
}

/** Absolute folders of a project's runs, the newest first (their names begin with the time). */
export async function listRunFolders(projectFolder: string): Promise<readonly string[]> {
  const runs = runsFolderOf(projectFolder);
  const entries = await foldersIn(runs);
  return entries.sort((a, b) => b.localeCompare(a)).map(name => path.join(runs, name));
}

/** Stages whose rollouts a run has on disk, such as `sampling` and `perception`. */
export async function listRolloutStages(runFolder: string): Promise<readonly string[]> {
  const names = await namesIn(path.join(runFolder, 'rollouts'));
  return names.filter(name => name.endsWith('.jsonl')).map(name => name.slice(0, -'.jsonl'.length));
}

export function rolloutFile(runFolder: string, stage: string): string {
  return path.join(runFolder, 'rollouts', `${stage}.jsonl`);
}

/** Makes `.pebr/runs/<YYYYMMDD-HHMMSS>-<name>`; a second run in the same second gets `-2`. */
export async function makeRunFolder(projectFolder: string, name: string, now: Date): Promise<string> {
  const two = (value: number): string => String(value).padStart(2, '0');
  const stamp = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const slug = name.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 40) || 'run';
  const runs = runsFolderOf(projectFolder);
  try {
    await mkdir(runs, { recursive: true });
    for (let attempt = 1; ; attempt++) {
      const folder = path.join(runs, `${stamp}-${slug}${attempt === 1 ? '' : `-${attempt}`}`);
      if ((await mkdir(folder, { recursive: true })) !== undefined) return folder; // undefined: it was there already
    }
  } catch (error) {
    throw new AppError('file.unwritable', { file: runs, reason: messageOf(error) }, { cause: error });
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []; // nothing was written yet
    throw error;
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter(entry => entry.isDirectory()).map(entry => entry.name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []; // no run yet
    throw error;
  }
}
