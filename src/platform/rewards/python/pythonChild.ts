import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import * as path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ScoreError } from '../../../core/rewards/score';
import type { WorkerError } from '../protocol';
import { readLines } from '../readLines';
import type { SimilarityPair, SimilarityResult } from '../thread/threadMessages';
import { dumpedPlace } from './dumpedPlace';
import { killGroup } from './killGroup';
import { residentMb } from './residentMb';

export interface PythonChildSetup {
  readonly path: string;
  /** Program and arguments. */
  readonly python: readonly string[];
  /** `trainer/pebr_trainer/reward_worker.py`. */
  readonly script: string;
  readonly similarities: (pairs: readonly SimilarityPair[]) => Promise<readonly SimilarityResult[]>;
  readonly print: (text: string) => void;
}

/** What the child may take before it is ended, and what is said then. */
export interface PythonLimits {
  /** As the user knows it; what the child is given may be longer. */
  readonly toldMs: number;
  readonly memoryMb: number;
  readonly tooMuch: WorkerError;
  /** In which its line is looked for. */
  readonly files: readonly string[];
}

export type Answer = { readonly result: unknown } | { readonly error: WorkerError } | { readonly stalled: ScoreError } | { readonly died: WorkerError };

interface Question {
  readonly id: number;
  readonly pairs: readonly SimilarityPair[];
}

/** After its deadline the child has this long to end itself; it tells the line. */
const killAfterMs = 90;
const lookMs = 25;
/** How long a child over its memory limit may take to say where it stands. */
const placeMs = 60;

/** A Python process that holds one reward and is asked one thing at a time. It ends itself at the deadline, naming the line; when it cannot, it is killed. */
export class PythonChild {
  private readonly child: ChildProcess;
  private settle: ((answer: Answer) => void) | undefined;
  private limits: PythonLimits;
  /** Of the open request; not to be guessed by a reward that writes answers of its own. */
  private lastId = '';
  /** Asked of the image-text model and not answered, and how long that took so far. */
  private openQuestions = 0;
  private waitedMs = 0;
  /** What it printed last. */
  private heard = '';
  private isAskedForPlace = false;
  private over: WorkerError | undefined;

  constructor(private readonly setup: PythonChildSetup, limits: PythonLimits) {
    this.limits = limits;
    const [program = 'python3', ...args] = setup.python;
    this.child = spawn(program, [...args, '-u', '-X', 'utf8', setup.script], {
      cwd: path.dirname(setup.path), stdio: ['pipe', 'pipe', 'pipe'], detached: process.platform !== 'win32', windowsHide: true,
    });
    this.child.on('error', error => this.lost({ message: `Python could not be started (${program}): ${error.message}`, remedy: needsPython }));
    this.child.on('close', (code, signal) => this.closed(code, signal));
    this.child.stdin?.on('error', () => undefined); // it closed its end; `close` follows and tells
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.heard = (this.heard + text).slice(-8000);
      setup.print(text);
    });
    if (this.child.stdout) readLines(this.child.stdout, line => this.receive(line.toString('utf8')));
  }

  get isOver(): boolean {
    return this.over !== undefined;
  }

  /** `items` is a list in JSON. The child counts its deadline from when it reads the request, which a new one does `startMs` after it was asked at most. */
  ask(request: Readonly<Record<string, unknown>> & { readonly deadlineMs: number }, limits: PythonLimits, { items = 'null', startMs = 0 } = {}): Promise<Answer> {
    this.limits = limits;
    return new Promise(resolve => {
      if (this.over) return resolve({ died: this.over });
      const end = Date.now() + startMs + request.deadlineMs + killAfterMs;
      this.waitedMs = 0;
      const check = (): void => {
        const left = end + this.waitedMs - Date.now();
        if (this.openQuestions > 0 || left > 0) {
          timer = setTimeout(check, Math.max(left, 20));
          return;
        }
        const stalled = { message: tooLate(limits.toldMs), file: this.setup.path };
        this.settle?.({ stalled });
        this.end(stalled);
      };
      let timer = setTimeout(check, end - Date.now());
      const looking = setInterval(() => void this.lookAtMemory(), lookMs);
      this.settle = answer => {
        clearTimeout(timer);
        clearInterval(looking);
        this.settle = undefined;
        resolve(answer);
      };
      this.child.stdin?.write(`{"items":${items},${JSON.stringify({ id: (this.lastId = randomUUID()), ...request }).slice(1)}\n`);
    });
  }

  /** Ends the process and what it started. */
  end(error: WorkerError): void {
    this.lost(error);
    const { pid, exitCode, signalCode } = this.child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    if (process.platform === 'win32') this.child.kill('SIGKILL');
    else killGroup(pid);
  }

  /** One answer a line. A line that is none was written by the reward itself, and nothing after it can be trusted. */
  private receive(line: string): void {
    if (this.over) return;
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
    const start = Date.now();
    this.openQuestions++;
    const results = await this.setup.similarities(pairs);
    this.openQuestions--;
    this.waitedMs += Date.now() - start;
    this.child.stdin?.write(`${JSON.stringify({ similarities: { id, results } })}\n`);
  }

  private lost(error: WorkerError): void {
    if (this.over) return;
    this.over = { file: this.setup.path, ...error };
    this.settle?.({ died: this.over });
  }

  private closed(code: number | null, signal: NodeJS.Signals | null): void {
    const at = this.heard.lastIndexOf('Timeout (');
    if (at !== -1) this.settle?.({ stalled: { message: tooLate(this.limits.toldMs), file: this.setup.path, ...dumpedPlace(this.heard.slice(at), this.limits.files) } });
    const message = signal === 'SIGKILL' ? 'The process of the reward was killed from outside (SIGKILL): most likely the machine had no memory left.' : `The reward ended its own process (${signal ?? `code ${code}`}).`;
    this.lost({ message, ...(signal ? {} : { remedy: needsPython }) });
  }

  /** From outside: a child that holds its interpreter cannot look itself. It is asked where it stands before it is ended. */
  private async lookAtMemory(): Promise<void> {
    const { memoryMb, tooMuch, files } = this.limits;
    if ((await residentMb(this.child.pid)) <= memoryMb || this.over || this.isAskedForPlace) return;
    this.heard = '';
    this.isAskedForPlace = true;
    const place = (): ReturnType<typeof dumpedPlace> => dumpedPlace(this.heard, files);
    this.child.kill('SIGUSR1'); // to Python's faulthandler (reward_guard.py)
    for (const end = Date.now() + placeMs; !this.over && Date.now() < end && !place();) await delay(5);
    this.end({ ...tooMuch, ...place() });
  }
}

const needsPython = 'Set "pebr.python.path" to a Python 3.11 or newer, or set Python up for training.';

function tooLate(deadlineMs: number): string {
  return `The reward did not finish within ${deadlineMs} ms and was ended.`;
}
