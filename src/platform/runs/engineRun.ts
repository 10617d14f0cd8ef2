import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EmittedStage, Emission, EngineCommand } from '../../core/engines/emission';
import { type JobState, jobState, type RayJob } from '../../core/engines/rayJob';
import { messageOf } from '../../core/errors';
import { parseRunEvent } from '../../core/runs/parseRunEvent';
import type { RunEvent } from '../../core/runs/runEvent';
import type { SampleMatcher } from '../../core/rollouts/readers/groupForeign';
import { EngineRollouts } from './engineRollouts';
import { StageLog } from './stageLog';

type Event = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'time'> : never) : never;
const lookMs = 500;
/** Before a cluster is asked again whose connection broke off. */
const againMs = 5000;

type OnText = (text: string, stream: 'out' | 'err') => void;

/**
 * Runs the stages of an engine of its own, one after the other, and writes the run's events: the engine's console and metrics under our names, its
 * checkpoints, the merging of shards. It is a process of its own (`pebr engine-run`), so that it outlives the editor. Returns how the run ended.
 */
export class EngineRun {
  private stopping = false;
  private child: ChildProcess | undefined;
  private job: RayJob | undefined;
  private lastCause: { readonly message: string; readonly remedy: string } | undefined;
  private readonly began = Date.now();

  constructor(private readonly runFolder: string, private readonly emission: Pick<Emission, 'stages'>, private readonly match: SampleMatcher = () => undefined) {}

  /** The engine is asked to end, here or on its cluster; what it saved last is kept. */
  stop(): void {
    const isFirst = !this.stopping;
    this.stopping = true;
    const following = this.child;
    const end = (): void => {
      if (following?.pid !== undefined) signal(following.pid, 'SIGTERM');
    };
    if (this.job && isFirst) void this.start(this.job.stop, () => undefined).catch((error: unknown) => process.stderr.write(`The job could not be stopped: ${messageOf(error)}\n`)).then(end);
    else end();
  }

  async run(): Promise<'completed' | 'stopped' | 'failed'> {
    const done = await finishedStages(this.runFolder);
    this.event({ type: 'run-started', stages: this.emission.stages.map(({ stage }) => stage), resumed: existsSync(path.join(this.runFolder, 'events.jsonl')) });
    const look = setInterval(() => {
      if (!this.stopping && existsSync(path.join(this.runFolder, 'stop'))) this.stop();
    }, lookMs);
    try {
      for (const stage of this.emission.stages) {
        if (done.has(stage.stage)) this.event({ type: 'stage-finished', stage: stage.stage, seconds: 0, reused: true });
        else await this.runStage(stage);
        if (this.stopping) return this.end('stopped');
      }
      return this.end('completed');
    } catch (error) {
      if (this.stopping) return this.end('stopped');
      return this.end('failed', this.lastCause ?? { message: messageOf(error), remedy: 'stdout.log and stderr.log of the run hold the engine’s own words.' });
    } finally {
      clearInterval(look);
    }
  }

  private async runStage(stage: EmittedStage): Promise<void> {
    const began = Date.now();
    this.event({ type: 'stage-started', stage: stage.stage, total: stage.total });
    const log = new StageLog(stage, event => this.tell(event));
    const rollouts = new EngineRollouts({ folder: this.runFolder, run: path.basename(this.runFolder), match: this.match }, stage.rollouts);
    const look = setInterval(() => void Promise.all([log.look(), rollouts.look()]), lookMs);
    try {
      const onText: OnText = (text, stream) => log.take(text, stream);
      await (stage.job ? this.runJob(stage.job, stage.train, onText) : this.start(stage.train, onText));
    } finally {
      clearInterval(look);
      await log.finish();
      await rollouts.look();
      if (rollouts.fault !== undefined) this.event({ type: 'problem', severity: 'warning', message: `Some responses of ${stage.stage} are not among its rollouts: ${rollouts.fault}`, remedy: 'The others are shown. Nothing has to be done if the engine was stopped at that moment.', stage: stage.stage, offers: [] });
    }
    if (this.stopping) return;
    if (stage.merge && !existsSync(path.join(stage.policy, 'config.json'))) await this.start(stage.merge, (text, stream) => log.take(text, stream));
    this.event({ type: 'stage-finished', stage: stage.stage, seconds: (Date.now() - began) / 1000, reused: false });
  }

  /** A job outlives us and the connection to it: one that still runs is followed on, and how it ended is asked of the cluster. */
  private async runJob(job: RayJob, submit: EngineCommand, onText: OnText): Promise<void> {
    this.job = job;
    try {
      let state = await this.stateOf(job);
      if (state === 'ended') await this.start(job.remove, onText);
      // A job that ended well while nobody followed it has its whole log told, too.
      for (let next = state === 'active' || state === 'succeeded' ? job.follow : submit; !this.stopping; next = job.follow) {
        const broken = await this.start(next, onText).then(() => undefined, (error: unknown) => error);
        state = await this.stateOf(job);
        if (state === 'ended') throw new Error(`Job ${job.id} failed on the cluster.`);
        if (state === 'succeeded') return;
        if (state !== 'active') throw broken ?? new Error(`The cluster does not say how job ${job.id} ended.`);
        await delay(againMs);
      }
    } finally {
      this.job = undefined;
    }
  }

  private async stateOf({ status }: RayJob): Promise<JobState> {
    let output = '';
    await this.start(status, text => void (output += text), false).catch(() => undefined); // a job that is not there is an error to Ray
    return jobState(output);
  }

  /** Resolves when the command ended well; its output goes to ours (which is the run's logs) and to `onText`. */
  private start({ argv, cwd, env }: EngineCommand, onText: OnText, isShown = true): Promise<void> {
    const [program = '', ...args] = argv;
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      this.child = child;
      for (const [stream, name] of [[child.stdout, 'out'], [child.stderr, 'err']] as const) {
        stream.setEncoding('utf8');
        stream.on('data', (text: string) => {
          if (isShown) (name === 'out' ? process.stdout : process.stderr).write(text);
          onText(text, name);
        });
      }
      child.once('error', error => reject(new Error(`${program} cannot be started: ${messageOf(error)}`)));
      child.once('close', (code, killedBy) => (code === 0 ? resolve() : reject(new Error(`${path.basename(program)} ended with ${killedBy ?? `code ${code ?? 'none'}`}.`))));
    });
  }

  private tell(event: RunEvent): void {
    if (event.type === 'problem' && event.severity === 'error') this.lastCause ??= { message: event.message, remedy: event.remedy };
    this.event(event);
  }

  private end<S extends 'completed' | 'stopped' | 'failed'>(status: S, error?: { readonly message: string; readonly remedy: string }): S {
    this.event({ type: 'run-finished', status, seconds: (Date.now() - this.began) / 1000, ...(error ? { error: { ...error, offers: [] } } : {}) });
    return status;
  }

  private event(event: Event): void {
    appendFileSync(path.join(this.runFolder, 'events.jsonl'), `${JSON.stringify({ v: 1, time: Date.now() / 1000, ...event })}\n`);
  }
}

/** The group holds the engine and its workers. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // gone in the meantime
  }
}

async function finishedStages(runFolder: string): Promise<ReadonlySet<string>> {
  const text = await readFile(path.join(runFolder, 'events.jsonl'), 'utf8').catch(() => '');
  const events = text.split('\n').map(line => parseRunEvent(line).value);
  return new Set(events.flatMap(event => (event?.type === 'stage-finished' ? [event.stage] : [])));
}
