import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { totalmem } from 'node:os';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LoadedReward, RewardContract, RewardNumber, Score, ScoreError } from '../../core/rewards/score';
import { dumpedPlace } from './dumpedPlace';
import { killGroup } from './killGroup';
import { type WorkerError, WorkerFailure } from './protocol';
import type { RawItems } from './rawItems';
import { readLines } from './readLines';
import { residentMb } from './residentMb';
import { type Outcome, type RewardRuntime, scoreWithPatience } from './rewardRuntime';
import type { SimilarityPair, SimilarityResult } from './threadMessages';
import { tooMuch } from './tooMuch';

export interface PythonSetup {
  readonly path: string;
  /** Takes the place of the file's content. */
  readonly source?: string | undefined;
  /** Program and arguments. */
  readonly python: readonly string[];
  /** `trainer/pebr_trainer/reward_worker.py`. */
  readonly script: string;
  readonly memoryMb: number;
  readonly similarities: (pairs: readonly SimilarityPair[]) => Promise<readonly SimilarityResult[]>;
  readonly print: (text: string) => void;
}

interface Loaded {
  readonly hash: string;
  readonly contract: RewardContract;
  readonly components: readonly string[];
  readonly weights: Readonly<Record<string, number>>;
  readonly files: readonly string[];
  readonly numbers: readonly RewardNumber[];
  /** Resident memory at which the child is ended, where the system tells how much a process has. */
  readonly limitMb: number;
}

interface Question {
  readonly id: number;
  readonly pairs: readonly SimilarityPair[];
}

type Answer = { readonly result: unknown } | { readonly error: WorkerError } | { readonly stalled: ScoreError } | { readonly died: ScoreError };

const loadDeadlineMs = 60_000; // importing torch takes its time
/** After its deadline the child has this long to end itself; it tells the line. */
const killAfterMs = 90;
const lookMs = 25;
/** How long a child over its memory limit may take to say where it stands. */
const placeMs = 60;

/** A Python reward in a child process. The child ends itself at the deadline, naming the line; when it cannot, it is killed. */
export class PythonRuntime implements RewardRuntime {
  private child: ChildProcess | undefined;
  private loaded: Loaded | undefined;
  private settle: ((answer: Answer) => void) | undefined;
  private toldMs = loadDeadlineMs;
  /** Of the open request; not to be guessed by a reward that writes answers of its own. */
  private lastId = '';
  /** Asked of the image-text model and not answered, and how long that took so far. */
  private openQuestions = 0;
  private waitedMs = 0;
  private isDisposed = false;
  /** What the child printed last. */
  private heard = '';
  /** The child that was asked where it stands. */
  private asked: ChildProcess | undefined;

  constructor(private readonly setup: PythonSetup) {}

  async load(): Promise<Omit<LoadedReward, 'reward'>> {
    this.loaded ??= await this.start();
    return this.loaded;
  }

  async score(items: RawItems, deadlineMs: number, signal: AbortSignal): Promise<readonly string[]> {
    const { components } = await this.load();
    const onAbort = (): void => this.end({ message: 'It was cancelled.' });
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await scoreWithPatience(items, components, signal, (batch, onScore) => this.run(batch, deadlineMs, onScore));
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.end({ message: 'The reward was unloaded.' });
  }

  private async start(): Promise<Loaded> {
    const [program = 'python3', ...args] = this.setup.python;
    const child = spawn(program, [...args, '-u', '-X', 'utf8', this.setup.script], {
      cwd: path.dirname(this.setup.path), stdio: ['pipe', 'pipe', 'pipe'], detached: process.platform !== 'win32', windowsHide: true,
    });
    this.child = child;
    this.heard = '';
    child.on('error', error => this.lost(child, { message: `Python could not be started (${program}): ${error.message}` }));
    child.on('close', (code, signal) => this.lost(child, this.causeOfDeath(code, signal)));
    child.stdin?.on('error', () => undefined); // it closed its end; `close` follows and tells
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (child === this.child) this.heard = (this.heard + text).slice(-8000);
      this.setup.print(text);
    });
    if (child.stdout) readLines(child.stdout, line => {
      if (child === this.child) this.receive(line.toString('utf8'));
    });
    const answer = await this.ask({ method: 'load', path: this.setup.path, source: this.setup.source, memoryMb: this.setup.memoryMb, deadlineMs: loadDeadlineMs }, loadDeadlineMs + killAfterMs);
    if (!('result' in answer)) {
      this.end({ message: 'It did not load.' });
      const tooSlow = 'stalled' in answer ? { message: `The file did not load within ${loadDeadlineMs / 1000} s and was ended.`, remedy: 'What it imports or runs at its top takes too long, or waits for something that does not come.' } : {};
      throw new WorkerFailure({ file: this.setup.path, ...reason(answer), ...tooSlow, ...('died' in answer ? { remedy: 'Set "pebr.python.path" to a Python 3.11 or newer, or set Python up for training.' } : {}) });
    }
    const loaded = answer.result as Loaded;
    if (this.loaded && this.loaded.hash !== loaded.hash) throw new WorkerFailure({ message: 'The reward file changed while it was in use.', file: this.setup.path, remedy: 'Load it again.' });
    return loaded;
  }

  private async run({ items, text }: RawItems, deadlineMs: number, onScore: (index: number, json: string) => void): Promise<Outcome> {
    if (this.isDisposed) throw new WorkerFailure({ message: 'The reward was unloaded while it scored.', file: this.setup.path });
    if (!this.child) await this.start();
    // These contracts score a batch in one call, so the deadline cannot be kept response by response: further ones add a twentieth each.
    const budget = Math.round(deadlineMs * (1 + (items.length - 1) / 20));
    this.toldMs = deadlineMs;
    const answer = await this.ask({ method: 'score', deadlineMs: budget, toldMs: deadlineMs }, budget + killAfterMs, text);
    if ('stalled' in answer) {
      this.end(answer.stalled);
      return { kind: 'stalled', error: answer.stalled };
    }
    if ('died' in answer) return { kind: 'died', error: answer.died };
    const scores = 'result' in answer ? (answer.result as { scores: readonly Score[] }).scores : items.map(() => ({ overall: null, components: {}, evidence: [], error: answer.error }));
    scores.forEach((score, index) => onScore(index, JSON.stringify(score)));
    return { kind: 'done', count: items.length };
  }

  private ask(request: object, deadlineMs: number, items = 'null'): Promise<Answer> {
    return new Promise(resolve => {
      const start = Date.now();
      this.waitedMs = 0;
      const check = (): void => {
        const left = start + deadlineMs + this.waitedMs - Date.now();
        if (this.openQuestions > 0 || left > 0) {
          timer = setTimeout(check, Math.max(left, 20));
          return;
        }
        const stalled = { message: tooLate(this.toldMs), file: this.setup.path };
        this.settle?.({ stalled });
        this.end(stalled);
      };
      let timer = setTimeout(check, deadlineMs);
      const { child } = this;
      const looking = setInterval(() => void (child && this.lookAtMemory(child)), lookMs);
      this.settle = answer => {
        clearTimeout(timer);
        clearInterval(looking);
        this.settle = undefined;
        resolve(answer);
      };
      if (this.child) this.child.stdin?.write(`{"items":${items},${JSON.stringify({ id: (this.lastId = randomUUID()), ...request }).slice(1)}\n`);
      else this.settle({ died: { message: 'Python could not be started.' } });
    });
  }

  /** One answer a line. A line that is none was written by the reward itself, and nothing after it can be trusted. */
  private receive(line: string): void {
    let answer: (Answer & { readonly id?: string }) | { readonly similarities: Question } | undefined;
    try {
      answer = JSON.parse(line) as Answer & { readonly id?: string };
    } catch {
      answer = undefined;
    }
    if (answer && 'similarities' in answer) void this.answerSimilarities(answer.similarities as Question);
    else if (answer && ('stalled' in answer || answer.id === this.lastId)) this.settle?.(answer);
    else this.end({ message: 'The reward wrote into the answers of its worker and was ended.', file: this.setup.path });
  }

  /** The model's time is not the reward's: the clock of the child stands, and this one is set forward. */
  private async answerSimilarities({ id, pairs }: Question): Promise<void> {
    const { child } = this;
    const start = Date.now();
    this.openQuestions++;
    const results = await this.setup.similarities(pairs);
    this.openQuestions--;
    this.waitedMs += Date.now() - start;
    child?.stdin?.write(`${JSON.stringify({ similarities: { id, results } })}\n`);
  }

  private lost(child: ChildProcess, error: ScoreError): void {
    if (child !== this.child) return;
    this.child = undefined;
    this.settle?.({ died: { file: this.setup.path, ...error } });
  }

  private get files(): readonly string[] {
    return this.loaded?.files ?? [this.setup.path];
  }

  private causeOfDeath(code: number | null, signal: NodeJS.Signals | null): ScoreError {
    const at = this.heard.lastIndexOf('Timeout (');
    if (at !== -1) return { message: tooLate(this.toldMs), ...dumpedPlace(this.heard.slice(at), this.files) };
    if (signal === 'SIGKILL') return { message: 'The process of the reward was killed from outside (SIGKILL): most likely the machine had no memory left.' };
    return { message: `The reward ended its own process (${signal ?? `code ${code}`}).` };
  }

  /** From outside: a child that holds its interpreter cannot look itself. It is asked where it stands before it is ended. */
  private async lookAtMemory(child: ChildProcess): Promise<void> {
    const limitMb = this.loaded?.limitMb ?? totalmem() / 2 ** 21; // what importing takes is not known: models are large
    if ((await residentMb(child.pid)) <= limitMb || child !== this.child || child === this.asked) return;
    const message = this.loaded ? tooMuch(this.setup.memoryMb) : 'Loading the reward used more than half of the memory of this machine and was ended.';
    this.heard = '';
    const place = (): ReturnType<typeof dumpedPlace> => dumpedPlace(this.heard, this.files);
    this.asked = child;
    child.kill('SIGUSR1'); // to Python's faulthandler (reward_guard.py)
    for (const end = Date.now() + placeMs; child === this.child && Date.now() < end && !place();) await delay(5);
    if (child === this.child) this.end({ message, file: this.setup.path, ...place() });
  }

  /** Ends the child and what it started. */
  private end(error: ScoreError): void {
    const { child } = this;
    this.child = undefined;
    this.settle?.({ died: error });
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    if (process.platform === 'win32') child.kill('SIGKILL');
    else killGroup(child.pid);
  }
}

function tooLate(deadlineMs: number): string {
  return `The reward did not finish within ${deadlineMs} ms and was ended.`;
}

function reason(answer: Exclude<Answer, { result: unknown }>): WorkerError {
  return 'error' in answer ? answer.error : 'stalled' in answer ? answer.stalled : answer.died;
}
