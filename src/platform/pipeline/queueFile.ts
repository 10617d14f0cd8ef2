import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError, messageOf } from '../../core/errors';
import { parseRunQueue, type RunQueue } from '../../core/pipeline/runQueue';
import { describeProcess, livenessOf, type TrainerProcess } from '../runs/trainerProcess';

/** The queue of a project, and whether a process works on it. */
export interface QueueState {
  readonly queue: RunQueue;
  readonly isWorked: boolean;
}

export function queueFileOf(projectFolder: string): string {
  return path.join(projectFolder, '.pebr', 'queue.json');
}

/** Its presence asks the queue to end after the run that is stopped with it. */
export function queueStopFile(queueFile: string): string {
  return `${queueFile}.stop`;
}

/** Undefined where there is none, or the file is no queue. */
export async function readQueue(file: string): Promise<QueueState | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const queue = text === undefined ? undefined : parseRunQueue(text);
  if (!queue || text === undefined) return undefined;
  const { process: worker } = JSON.parse(text) as { process?: TrainerProcess };
  const isProcess = worker !== undefined && worker !== null && Number.isInteger(worker.pid) && worker.pid > 1;
  return { queue, isWorked: isProcess && (await livenessOf(worker)) === 'alive' };
}

/** Replaces the queue in one move; `pid` works on it. */
export async function writeQueue(file: string, queue: RunQueue, pid: number | null): Promise<void> {
  const text = JSON.stringify({ ...queue, process: pid === null ? null : await describeProcess(pid) }, null, 1);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(`${file}.new`, `${text}\n`);
    await rename(`${file}.new`, file);
  } catch (error) {
    throw new AppError('file.unwritable', { file, reason: messageOf(error) }, { cause: error });
  }
}

export async function clearStop(file: string): Promise<void> {
  await rm(queueStopFile(file), { force: true });
}
