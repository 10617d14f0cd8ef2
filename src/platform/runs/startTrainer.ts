import { spawn } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import * as path from 'node:path';
import type { TrainerCommand } from '../../core/engines/trl';
import { AppError, messageOf } from '../../core/errors';
import { writeTrainerProcess } from './trainerProcess';

export interface StartedTrainer {
  readonly pid: number;
  /** Settles when the process ends while we are still here; the run does not need us for it. */
  readonly exit: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export interface StartOptions {
  /** The program: a Python, or Node for an engine that is driven by us. */
  readonly python: string;
  readonly command: TrainerCommand;
  /** Folder of the project. */
  readonly cwd: string;
  readonly runFolder: string;
}

/**
 * Starts the trainer in a process group of its own, with its output in the run's folder: nothing of it ends when we do.
 * Throws `python.unusable` when the program cannot be started and `file.unwritable` when the folder cannot be written.
 */
export async function startTrainer({ python, command, cwd, runFolder }: StartOptions): Promise<StartedTrainer> {
  await rm(path.join(runFolder, 'stop'), { force: true }); // of an earlier stop; a resumed run would end at once
  const [stdout, stderr] = await Promise.all([openLog(runFolder, 'stdout.log'), openLog(runFolder, 'stderr.log')]);
  try {
    const child = spawn(python, command.args, {
      cwd, env: trainerEnvironment(command.env), detached: true, windowsHide: true, stdio: ['ignore', stdout.fd, stderr.fd],
    });
    const exit = new Promise<Awaited<StartedTrainer['exit']>>(resolve => child.once('exit', (code, signal) => resolve({ code, signal })));
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', error => reject(new AppError('python.unusable', { python, reason: messageOf(error) }, { cause: error })));
    });
    child.unref();
    const pid = child.pid;
    if (pid === undefined) throw new AppError('python.unusable', { python, reason: 'It has no process id.' });
    await writeTrainerProcess(runFolder, pid);
    return { pid, exit };
  } finally {
    await Promise.all([stdout.close(), stderr.close()]); // the child has its own
  }
}

/** Our environment without what belongs to the editor's own Node. */
function trainerEnvironment(added: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|NODE_OPTIONS$|ELECTRON_)/.test(name));
  return { ...Object.fromEntries(inherited), ...added };
}

async function openLog(runFolder: string, name: string): Promise<Awaited<ReturnType<typeof open>>> {
  const file = path.join(runFolder, name);
  try {
    return await open(file, 'a');
  } catch (error) {
    throw new AppError('file.unwritable', { file, reason: messageOf(error) }, { cause: error });
  }
}
