import * as path from 'node:path';
import { errorInWords } from '../../core/errorWords';
import { type LaunchCheck, passed } from '../../core/launch/launchCheck';
import { listRunFolders, runsFolderOf } from '../runs/runFolders';
import { livenessOf, readTrainerProcess } from '../runs/trainerProcess';

/** Runs looked at: an older one does not live any more. */
const newest = 20;

/** Whether another run of the project is going (two at a time slow each other down, or do not fit), and whether there is a place for this one. */
export async function activeRun(folder: string): Promise<LaunchCheck> {
  const [id, title] = ['active-run', 'Other runs'];
  const runs = await listRunFolders(folder).catch((error: unknown) => errorInWords(error));
  if (typeof runs === 'string') return { id, title, state: 'error', message: `${runsFolderOf(folder)} cannot be used: ${runs}`, remedy: 'Runs are written there: move away what stands in its place.' };
  for (const run of runs.slice(0, newest)) {
    if ((await livenessOf(await readTrainerProcess(run))) !== 'alive') continue;
    const message = `${path.basename(run)} is still going.`;
    return { id, title, state: 'warning', message, remedy: 'Two at a time slow each other down, and may not fit together.', fix: { kind: 'openRun', title: 'Open', run } };
  }
  return passed(id, title, 'None of this project is going.');
}
