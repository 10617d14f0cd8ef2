import * as path from 'node:path';
import { type LaunchCheck, passed } from '../../core/launch/launchCheck';
import { listRunFolders } from '../runs/runFolders';
import { livenessOf, readTrainerProcess } from '../runs/trainerProcess';

/** Runs looked at: an older one does not live any more. */
const newest = 20;

/** Whether another run of the project is going: two at a time slow each other down, or do not fit. */
export async function activeRun(folder: string): Promise<LaunchCheck> {
  const [id, title] = ['active-run', 'Other runs'];
  for (const run of (await listRunFolders(folder)).slice(0, newest)) {
    if ((await livenessOf(await readTrainerProcess(run))) !== 'alive') continue;
    const message = `${path.basename(run)} is still going.`;
    return { id, title, state: 'warning', message, remedy: 'Two at a time slow each other down, and may not fit together.', fix: { kind: 'openRun', title: 'Open', run } };
  }
  return passed(id, title, 'None of this project is going.');
}
