import { mkdir, readdir, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError, messageOf } from '../../core/errors';
import { parseRunInfo } from '../../core/runs/runInfo';
import { runSlug } from '../../core/runs/runName';

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

/** Stages whose rollouts a run has on disk, in the order of the run. */
export async function listRolloutStages(runFolder: string): Promise<readonly string[]> {
  const files = await namesIn(path.join(runFolder, 'rollouts'));
  const names = files.filter(name => name.endsWith('.jsonl')).map(name => name.slice(0, -'.jsonl'.length));
  const order = names.length < 2 ? [] : await plannedStages(runFolder);
  const placeOf = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return names.sort((a, b) => placeOf(a) - placeOf(b) || a.localeCompare(b));
}

/** Empty where run.json is not there or cannot be used; the reader of the run tells that. */
async function plannedStages(runFolder: string): Promise<readonly string[]> {
  const text = await readFile(path.join(runFolder, 'run.json'), 'utf8').catch(() => '');
  return parseRunInfo(text, path.basename(runFolder)).value?.stages ?? [];
}

export function rolloutFile(runFolder: string, stage: string): string {
  return path.join(runFolder, 'rollouts', `${stage}.jsonl`);
}

/** Makes `.pebr/runs/<YYYYMMDD-HHMMSS>-<name>`; a second run in the same second gets `-2`. */
export async function makeRunFolder(projectFolder: string, name: string, now: Date): Promise<string> {
  const two = (value: number): string => String(value).padStart(2, '0');
  const stamp = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  const runs = runsFolderOf(projectFolder);
  try {
    await mkdir(runs, { recursive: true });
    for (let attempt = 1; ; attempt++) {
      const folder = path.join(runs, `${stamp}-${runSlug(name)}${attempt === 1 ? '' : `-${attempt}`}`);
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
    throw new AppError('file.unwritable', { file: folder, reason: messageOf(error) }, { cause: error });
  }
}
