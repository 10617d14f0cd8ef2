import * as path from 'node:path';
import { runName } from '../../core/runs/runName';
import type { RunEntry } from './followedRun';

/** What a run is called wherever it is shown. */
export function nameOfRun({ folder, info }: Pick<RunEntry, 'folder' | 'info'>): string {
  return runName(path.basename(folder), info?.name);
}
