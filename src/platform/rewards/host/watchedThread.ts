import { Worker } from 'node:worker_threads';
import type { ScoreError } from '../../../core/rewards/score';
import { placeOfThread } from './placeOfThread';
import type { Blame, Outcome } from '../rewardRuntime';
import { type FromThread, nobody, notBegun, type ThreadData, type ToThread } from '../thread/threadMessages';
import { tooMuch } from '../tooMuch';

type Look = ReturnType<Worker['performance']['eventLoopUtilization']>;

export interface WatchedThreadSetup {
  /** `dist/rewardThread.js` and `dist/rewardApi.js`. */
  readonly script: string;
  readonly api: string;
  readonly memoryMb: number;
  /** What the thread says between runs and beside them. */
  readonly onMessage: (message: FromThread) => void;
  /** How the run will end when nothing moves for the time that is left, before its line is known. */
  readonly onEnding: (outcome: Outcome, leftMs: number) => void;
  /** The thread ended while no run was watched. */
  readonly onGone: (error: ScoreError, blame: Blame) => void;
  readonly print: (text: string) => void;
}

/** What the process may grow beyond the thread's own limit before it counts as memory outside of JavaScript's heap: young objects and garbage. */
const slackMb = 160;
const lookMs = 20;
const idleLookMs = 500;
/** How long the line of an ending may be looked for beyond its time. */
const placeMs = 40;
/** How many looks between two runs may find the thread at work all the time: a timer that a response left behind may loop without end. */
const mostBusyLooks = 4;

/** The thread that runs a reward, watched from the process's main thread, which does nothing else: by the clock and by the memory of the process. */
export class WatchedThread {
  private readonly worker: Worker;
  private readonly marker = new Int32Array(new SharedArrayBuffer(16));
  private readonly baseMb = residentMb();
  private receive: ((message: FromThread) => void) | undefined;
  private end: ((outcome: Outcome) => void) | undefined;
  private progress = 0;
  private busyLooks = 0;
  private isOver = false;
  private lastLook: Look | undefined;
  private doneAtLook = 0;
  private atProgress: Look | undefined;
  /** Requests to the image-text model that are not answered. */
  private waitingFor = 0;
  files: readonly string[] = [];

  constructor(private readonly setup: WatchedThreadSetup) {
    const { script, api, memoryMb } = setup;
    Atomics.store(this.marker, 0, notBegun);
    Atomics.store(this.marker, 1, nobody);
    const data: ThreadData = { api, marker: this.marker.buffer as SharedArrayBuffer };
    this.worker = new Worker(script, {
      workerData: data, stdin: false, stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 64 },
    });
    for (const stream of [this.worker.stdout, this.worker.stderr]) stream.setEncoding('utf8').on('data', setup.print);
    this.worker.on('message', (message: FromThread) => this.take(message));
    this.worker.on('error', error => this.died(causeOfDeath(error, memoryMb)));
    this.worker.on('exit', code => this.died(`The reward ended its own thread (code ${code}).`));
    setInterval(() => this.lookBetweenRuns(), idleLookMs).unref();
  }

  /** Sends a message, where there is one, and waits until an answer satisfies `isLast`, the thread makes no progress for the deadline, or it dies. */
  run(message: ToThread | undefined, deadlineMs: number, toldMs: number, isLast: (answer: FromThread) => boolean): Promise<Outcome> {
    return new Promise(resolve => {
      const settle = (outcome: Outcome): void => {
        clearTimeout(clock);
        clearInterval(memory);
        this.receive = this.end = undefined;
        resolve(outcome);
      };
      // Finding the line takes a moment, so it is looked for shortly before the time is up.
      const aheadMs = Math.min(100, deadlineMs / 5);
      let found: { readonly at: number; readonly outcome: Outcome } | undefined;
      const check = (): void => {
        const left = this.progress + deadlineMs - Date.now();
        if (this.waitingFor > 0) clock = setTimeout(check, deadlineMs - aheadMs);
        else if (left > aheadMs) clock = setTimeout(check, left - aheadMs);
        else if (found?.at !== this.progress) {
          found = { at: this.progress, outcome: this.stopped('stalled', `The reward did not finish within ${toldMs} ms and was ended.`, left) };
          clock = setTimeout(check, Math.max(0, this.progress + deadlineMs - Date.now()));
        } else if (left > 0) clock = setTimeout(check, left);
        else settle(found.outcome);
      };
      this.progress = Date.now();
      let clock = setTimeout(check, deadlineMs - aheadMs);
      const memory = setInterval(() => {
        if (this.isOverLimit()) settle(this.stopped('died', tooMuch(this.setup.memoryMb)));
      }, lookMs);
      this.end = settle;
      this.atProgress = this.worker.performance.eventLoopUtilization();
      this.receive = answer => {
        this.progress = Date.now();
        this.atProgress = this.worker.performance.eventLoopUtilization();
        if (isLast(answer)) settle({ kind: 'done', count: 0 });
      };
      if (message) this.worker.postMessage(message);
    });
  }

  /** Waits like `run` until a run is done whose items the thread takes itself; it may be done by now. */
  watch(run: number, deadlineMs: number): Promise<Outcome> {
    Atomics.store(this.marker, 2, run); // first: the thread says so first, and looks for this then
    if (this.lastDone >= run) return Promise.resolve({ kind: 'done', count: 0 });
    return this.run(undefined, deadlineMs, deadlineMs, message => message.kind === 'done' && message.run === run);
  }

  /** The number of the last run that is done. */
  get lastDone(): number {
    return Atomics.load(this.marker, 3);
  }

  tell(message: ToThread): void {
    this.worker.postMessage(message);
  }

  answer(message: ToThread): void {
    this.waitingFor--;
    this.progress = Date.now();
    this.worker.postMessage(message);
  }

  /** How the run ends whose time or memory is used up: told at once without the line, which takes a moment to be found. */
  private stopped(kind: 'stalled' | 'died', message: string, leftMs = 0): Outcome {
    const blamed = this.blamed();
    this.setup.onEnding({ kind, error: { message }, ...blamed }, leftMs);
    const place = this.place(Math.max(0, leftMs) + placeMs);
    const waits = place || kind === 'died' || this.isAtWork() ? '' : ' It waits for something that does not come.';
    return { kind, error: { message: message + waits, ...(this.files[0] !== undefined ? { file: this.files[0] } : {}), ...place }, ...blamed };
  }

  /** Where it is at work in the user's files: now and then it is seen between two pieces of the user's code, so that a second look helps. */
  private place(withinMs: number): ReturnType<typeof placeOfThread> {
    const end = Date.now() + withinMs;
    for (;;) {
      const place = placeOfThread(this.worker.threadId, this.files);
      if (place || Date.now() > end || !this.isAtWork()) return place;
    }
  }

  private lookBetweenRuns(): void {
    const utilization = this.utilization(this.lastLook);
    const hasScored = this.lastDone !== this.doneAtLook;
    this.lastLook = this.worker.performance.eventLoopUtilization();
    this.doneAtLook = this.lastDone;
    this.busyLooks = this.end || hasScored || utilization < 0.95 ? 0 : this.busyLooks + 1;
    if (this.end || this.files.length === 0) return; // nothing of a reward runs yet
    if (this.isOverLimit()) this.died(tooMuch(this.setup.memoryMb));
    else if (this.busyLooks > mostBusyLooks) this.setup.onGone({ message: 'The reward ran on without end and was ended.', ...placeOfThread(this.worker.threadId, this.files) }, this.blamed());
  }

  /** The share of the time since a look that the thread was at work. */
  private utilization(since: Look | undefined): number {
    return this.worker.performance.eventLoopUtilization(this.worker.performance.eventLoopUtilization(), since).utilization;
  }

  /** Since its last message; else it waits for something. */
  private isAtWork(): boolean {
    return this.utilization(this.atProgress) > 0.5;
  }

  private take(message: FromThread): void {
    if (message.kind === 'similarities') this.waitingFor++;
    if (message.kind === 'similarities' || message.kind === 'stray') this.setup.onMessage(message);
    else this.receive?.(message);
  }

  private died(message: string): void {
    if (this.isOver) return; // an error is followed by the exit
    this.isOver = true;
    const error: ScoreError = { message, ...(this.files[0] !== undefined ? { file: this.files[0] } : {}) };
    if (this.end) this.end({ kind: 'died', error, ...this.blamed() });
    else this.setup.onGone(error, this.blamed());
  }

  private isOverLimit(): boolean {
    return residentMb() > this.baseMb + this.setup.memoryMb + slackMb;
  }

  /** The item at work; or that none of this run has begun, so that something before it is to blame. */
  private blamed(): Blame {
    const started = Atomics.load(this.marker, 0);
    const index = started === nobody && this.isAtWork() ? Atomics.load(this.marker, 1) : started;
    return index >= 0 ? { culprit: index } : index === notBegun ? { isInnocent: true } : {};
  }
}

function residentMb(): number {
  return process.memoryUsage.rss() / 2 ** 20;
}

function causeOfDeath(error: unknown, memoryMb: number): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuch(memoryMb) : error.message;
}
