import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AppError, messageOf } from '../../core/errors';
import { livenessOf, readTrainerProcess, type TrainerProcess } from './trainerProcess';

export interface StopOptions {
  /** How long the current step may take before the process is told to end. */
  readonly graceMs: number;
  /** How long it may then take to end before it is killed. */
  readonly killMs: number;
}

/** `asked`: it ended by itself after the step; `terminated`, `killed`: it had to be told; `notRunning`: there was nothing to stop. */
export type Stopped = 'asked' | 'terminated' | 'killed' | 'notRunning';

/** Ends a run: asks by the `stop` file, then tells the whole process group, then kills it. Resolves when the process is gone. */
export async function stopRun(runFolder: string, { graceMs, killMs }: StopOptions = { graceMs: 60_000, killMs: 15_000 }): Promise<Stopped> {
  const trainer = await readTrainerProcess(runFolder);
  if (!trainer || (await livenessOf(trainer)) !== 'alive') return 'notRunning';
  const file = path.join(runFolder, 'stop');
  await writeFile(file, '').catch((error: unknown) => {
    throw new AppError('file.unwritable', { file, reason: messageOf(error) }, { cause: error });
  });
  if (await endsWithin(trainer, graceMs)) return 'asked';
  signalGroup(trainer.pid, 'SIGTERM');
  if (await endsWithin(trainer, killMs)) return 'terminated';
  signalGroup(trainer.pid, 'SIGKILL');
  await endsWithin(trainer, 10_000);
  return 'killed';
}

/** There is no event for the end of a process that is not our child. */
async function endsWithin(trainer: TrainerProcess, ms: number): Promise<boolean> {
  for (const end = Date.now() + ms; Date.now() < end; ) {
    if ((await livenessOf(trainer)) !== 'alive') return true;
    await delay(Math.min(200, Math.max(1, end - Date.now())));
  }
  return (await livenessOf(trainer)) !== 'alive';
}

/** The group holds the trainer, its reward workers and its data loaders. */
function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (process.platform === 'win32') {
    execFile('taskkill', ['/pid', String(pid), '/t', '/f']);
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // gone in the meantime
  }
}
