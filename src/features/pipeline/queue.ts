import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Ablation } from '../../core/pipeline/ablations';
import { AppError } from '../../core/errors';
import { findHostPython } from '../../host/hostPython';
import type { Services } from '../../host/services';
import { queueFileOf, queueStopFile, readQueue, writeQueue } from '../../platform/pipeline/queueFile';
import { startQueue } from '../../platform/pipeline/startQueue';
import { runsFolderOf } from '../../platform/runs/runFolders';
import { stopRun } from '../../platform/runs/stopRun';

/** Starts runs one after the other in a process of their own, in place of a queue that is done. Throws `argument.invalid` while one is worked on. */
export async function startAblations(services: Services, folder: string, ablations: readonly Ablation[]): Promise<void> {
  const file = queueFileOf(folder);
  if ((await readQueue(file))?.isWorked) throw new AppError('argument.invalid', { argument: 'Ablations', reason: 'Runs of an earlier choice are still going. Wait for them or stop them.' });
  const runs = ablations.map(({ id, title, order, overrides }) => ({ id, title, order, overrides, status: 'waiting' as const, run: null }));
  await writeQueue(file, { v: 1, runs }, null);
  await resumeQueue(services, folder);
}

export async function resumeQueue({ context, log }: Services, folder: string): Promise<void> {
  const { program } = await findHostPython(context, log);
  const pid = await startQueue({ cli: path.join(context.extensionPath, 'dist', 'cli.js'), queueFile: queueFileOf(folder), python: program });
  log.info(`Queue of runs in ${folder} (process ${pid})`);
}

/** Ends the queue with the run that it is at; what that run did can be resumed. */
export async function stopQueue(folder: string): Promise<void> {
  const file = queueFileOf(folder);
  await writeFile(queueStopFile(file), '');
  const run = (await readQueue(file))?.queue.runs.find(({ status }) => status === 'running')?.run;
  if (run) await stopRun(path.join(runsFolderOf(folder), run));
}
