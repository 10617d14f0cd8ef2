import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { EmittedStage, Emission, EngineCommand } from '../../core/engines/emission';
import { endLog, type LogState, readLogLine, startLog } from '../../core/engines/readLog';
import { messageOf } from '../../core/errors';
import { parseRunEvent } from '../../core/runs/parseRunEvent';
import type { RunEvent } from '../../core/runs/runEvent';
import { LineTail } from './lineTail';

type Event = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'time'> : never) : never;
const lookMs = 500;

/**
 * Runs the stages of an engine of its own, one after the other, and writes the run's events: the engine's console and metrics under our names, its
 * checkpoints, the merging of shards. It is a process of its own (`pebr engine-run`), so that it outlives the editor. Returns how the run ended.
 */
export class EngineRun {
  private stopping = false;
  private child: ChildProcess | undefined;
  private lastCause: { readonly message: string; readonly remedy: string } | undefined;
  private readonly began = Date.now();

  constructor(private readonly runFolder: string, private readonly emission: Pick<Emission, 'stages'>) {}

  /** The engine is asked to end; what it saved last is kept. */
  stop(): void {
    this.stopping = true;
    if (this.child?.pid !== undefined) signal(this.child.pid, 'SIGTERM');
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
    const look = setInterval(() => void log.look(), lookMs);
    try {
      await this.start(stage.train, (text, stream) => log.take(text, stream));
    } finally {
      clearInterval(look);
      await log.finish();
    }
    if (this.stopping) return;
    if (stage.merge && !existsSync(path.join(stage.policy, 'config.json'))) await this.start(stage.merge, (text, stream) => log.take(text, stream));
    this.event({ type: 'stage-finished', stage: stage.stage, seconds: (Date.now() - began) / 1000, reused: false });
  }

  /** Resolves when the command ended well; its output goes to ours (which is the run's logs) and to `onText`. */
  private start({ argv, cwd, env }: EngineCommand, onText: (text: string, stream: 'out' | 'err') => void): Promise<void> {
    const [program = '', ...args] = argv;
    return new Promise((resolve, reject) => {
      const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      this.child = child;
      for (const [stream, name] of [[child.stdout, 'out'], [child.stderr, 'err']] as const) {
        stream.setEncoding('utf8');
        stream.on('data', (text: string) => {
          (name === 'out' ? process.stdout : process.stderr).write(text);
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

/** What one stage says: its console, and the file of metrics where it writes one (then only that gives steps). */
class StageLog {
  private state: LogState;
  private file: LogState;
  private readonly tail: LineTail | undefined;
  private readonly rest = { out: '', err: '' };
  private readonly told = new Set<string>();
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly stage: EmittedStage, private readonly tell: (event: RunEvent) => void) {
    this.state = startLog(stage);
    this.file = startLog(stage);
    this.tail = stage.metrics === null ? undefined : new LineTail(stage.metrics);
  }

  take(text: string, stream: 'out' | 'err'): void {
    const lines = (this.rest[stream] + text).split('\n');
    this.rest[stream] = (lines.pop() ?? '').slice(-1_000_000);
    for (const line of lines) this.console(line);
  }

  look(): Promise<void> {
    return (this.looking = this.looking.then(async () => {
      if (!this.tail) return;
      for await (const { lines } of this.tail.read()) {
        for (const { text } of lines) {
          const { state, events } = readLogLine(this.file, text, Date.now() / 1000);
          this.file = state;
          for (const event of events) this.pass(event);
        }
      }
    }));
  }

  async finish(): Promise<void> {
    for (const stream of ['out', 'err'] as const) if (this.rest[stream] !== '') this.take('\n', stream);
    for (const event of endLog(this.state, Date.now() / 1000).events) this.fromConsole(event);
    await this.look();
  }

  private console(line: string): void {
    const { state, events } = readLogLine(this.state, line, Date.now() / 1000);
    this.state = state;
    for (const event of events) this.fromConsole(event);
  }

  private fromConsole(event: RunEvent): void {
    if (event.type !== 'step' || !this.tail) this.pass(event);
  }

  private pass(event: RunEvent): void {
    this.tell(event);
    if (event.type !== 'step') return;
    for (let step = event.step; step > 0 && step > event.step - 2; step--) {
      const folder = `${this.stage.checkpoints}/global_step_${step}`;
      if (this.told.has(folder) || !existsSync(folder)) continue;
      this.told.add(folder);
      this.tell({ type: 'checkpoint', time: event.time, stage: event.stage, step, path: folder, best: false, removed: [] });
    }
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
