import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { resumeCommand, trainCommand, type TrainerCommand } from '../core/engines/trl';
import { AppError, messageOf } from '../core/errors';
import { errorInWords } from '../core/errorWords';
import type { QueuedRun, RunQueue } from '../core/pipeline/runQueue';
import { FileHasher } from '../platform/pipeline/hashFiles';
import { PastRuns } from '../platform/pipeline/pastRuns';
import { planRun } from '../platform/pipeline/planRun';
import { clearStop, queueStopFile, readQueue, writeQueue } from '../platform/pipeline/queueFile';
import { makeRunFolder, runsFolderOf } from '../platform/runs/runFolders';
import { readRun } from '../platform/runs/runReader';
import { startTrainer } from '../platform/runs/startTrainer';
import { stopRun } from '../platform/runs/stopRun';
import { followRun } from './followRun';
import { livenessOf, readTrainerProcess } from '../platform/runs/trainerProcess';

export interface QueueHands {
  readonly python: string;
  readonly trainerFolder: string;
  readonly rewardWorker: { readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> };
}

const lookMs = 1000;

/** `pebr train --queue FILE`: the runs of a queue one after the other, each taking over what the ones before it have in common with it. 1 where one failed. */
export async function trainQueue(queueFile: string, hands: QueueHands): Promise<number> {
  const found = await readQueue(queueFile);
  if (!found) throw new AppError('argument.invalid', { argument: '--queue', reason: `${queueFile} is no queue of runs.` });
  if (found.isWorked) throw new AppError('argument.invalid', { argument: '--queue', reason: 'Another process works on this queue.' });
  const folder = path.dirname(path.dirname(path.resolve(queueFile)));
  const worker = new QueueWorker(queueFile, folder, found.queue, hands);
  await clearStop(queueFile);
  process.on('SIGINT', () => void worker.stop());
  process.on('SIGTERM', () => void worker.stop());
  return worker.work();
}

class QueueWorker {
  private isStopping = false;
  private readonly hasher = new FileHasher();
  private readonly past: PastRuns;

  constructor(private readonly file: string, private readonly folder: string, private queue: RunQueue, private readonly hands: QueueHands) {
    this.past = new PastRuns(folder);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    const run = this.queue.runs.find(({ status }) => status === 'running')?.run;
    if (run) await stopRun(path.join(runsFolderOf(this.folder), run));
  }

  async work(): Promise<number> {
    for (const { id } of this.queue.runs) {
      const item = this.queue.runs.find(run => run.id === id);
      if (this.isStopping || existsSync(queueStopFile(this.file))) break;
      if (!item || (item.status !== 'waiting' && item.status !== 'running')) continue;
      console.log(`\n${item.title}`);
      try {
        await this.change(item, await this.done(item));
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        const message = error instanceof AppError ? errorInWords(error) : messageOf(error);
        console.error(`error: ${message}`);
        await this.change(item, { status: 'failed', message }); // the others of the queue do not depend on it
      }
    }
    await writeQueue(this.file, this.queue, null);
    return this.queue.runs.some(({ status }) => status === 'failed') ? 1 : 0;
  }

  private async done(item: QueuedRun): Promise<Pick<QueuedRun, 'status'>> {
    const runFolder = item.run === null ? null : path.join(runsFolderOf(this.folder), item.run);
    if (runFolder && existsSync(path.join(runFolder, 'run.json'))) return this.goOn(item, runFolder);
    const { plan, nodes } = await planRun(this.folder, this.hasher, this.past, item.order, item.overrides);
    const { reuse } = plan;
    if (reuse && [...plan.nodes.values()].every(node => node.state === 'reusable')) {
      console.log(`  ${reuse.run.id} is this run already`);
      await this.change(item, { run: reuse.run.id });
      return { status: 'completed' };
    }
    const made = runFolder ?? (await makeRunFolder(this.folder, item.id, new Date()));
    await this.change(item, { status: 'running', run: path.basename(made) });
    const stages = nodes.filter(node => node.kind !== 'split');
    console.log(`  ${path.basename(made)}: ${stages.length} stages${reuse ? `, those up to ${reuse.until} from ${reuse.run.id}` : ''}`);
    return this.train(made, trainCommand({
      ...this.hands, projectFolder: this.folder, runFolder: made, order: item.order, overrides: item.overrides, ...(reuse ? { reuse: { run: reuse.run.folder, until: reuse.until } } : {}),
    }));
  }

  /** A run that was under way when this queue was left: it may live, have ended, or have to be resumed. */
  private async goOn(item: QueuedRun, runFolder: string): Promise<Pick<QueuedRun, 'status'>> {
    while ((await livenessOf(await readTrainerProcess(runFolder))) === 'alive') await new Promise(resolve => setTimeout(resolve, lookMs));
    const status = await statusOf(runFolder);
    if (status !== 'failed' || item.status !== 'running') return { status };
    return this.train(runFolder, resumeCommand({ ...this.hands, runFolder }));
  }

  private async train(runFolder: string, command: TrainerCommand): Promise<Pick<QueuedRun, 'status'>> {
    const trainer = await startTrainer({ python: this.hands.python, command, cwd: this.folder, runFolder });
    const status = await followRun(runFolder, trainer.exit, true); // it also keeps this process alive: nothing else holds it to a detached one
    return { status: status === 'completed' || status === 'stopped' ? status : 'failed' };
  }

  private async change(item: QueuedRun, change: Partial<QueuedRun>): Promise<void> {
    this.queue = { ...this.queue, runs: this.queue.runs.map(run => (run.id === item.id ? { ...run, ...change } : run)) };
    await writeQueue(this.file, this.queue, process.pid);
  }
}

/** A process that ended without a word has failed. */
async function statusOf(runFolder: string): Promise<QueuedRun['status']> {
  const { state } = await readRun(runFolder);
  return state.status === 'completed' || state.status === 'stopped' ? state.status : 'failed';
}
