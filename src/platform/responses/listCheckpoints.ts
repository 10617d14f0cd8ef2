import { readdir } from 'node:fs/promises';
import * as path from 'node:path';
import { listRunFolders } from '../runs/runFolders';

/** A whole model that a run has kept. */
export interface CheckpointPlace {
  readonly folder: string;
  /** Name of the run's folder. */
  readonly run: string;
  readonly stage: string;
  /** `final` or `checkpoint-20`. */
  readonly name: string;
}

/** The models of a project's runs that can be loaded alone: the newest run first; in a stage `final`, then the latest step. An adapter is none. */
export async function listCheckpoints(projectFolder: string): Promise<readonly CheckpointPlace[]> {
  const places: CheckpointPlace[] = [];
  for (const runFolder of await listRunFolders(projectFolder)) {
    const stages = await namesIn(path.join(runFolder, 'checkpoints'));
    for (const stage of stages) {
      const names = (await namesIn(path.join(runFolder, 'checkpoints', stage))).filter(name => /^(?:final|checkpoint-\d+)$/.test(name));
      for (const name of names.sort((a, b) => stepOf(b) - stepOf(a))) {
        const folder = path.join(runFolder, 'checkpoints', stage, name);
        const files = await namesIn(folder);
        const isWhole = files.includes('config.json') && files.some(file => /^(?:pre)?processor_config\.json$/.test(file)) && !files.includes('adapter_config.json');
        if (isWhole) places.push({ folder, run: path.basename(runFolder), stage, name });
      }
    }
  }
  return places;
}

function stepOf(name: string): number {
  return name === 'final' ? Infinity : Number(name.slice('checkpoint-'.length));
}

/** Empty where there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
