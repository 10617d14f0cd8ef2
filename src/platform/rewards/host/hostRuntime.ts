import type { ChildProcess } from 'node:child_process';
import type { LoadedReward, ScoreError } from '../../../core/rewards/score';
import type { FromHost, ToHost } from './hostMessages';
import { type HostProcesses, pipesOf, writeItems } from './hostProcesses';
import type { ScoresHead } from './pipes';
import { WorkerFailure } from '../protocol';
import type { RawItems } from '../rawItems';
import { ProcessRuntime } from '../processRuntime';
import { readLines } from '../readLines';
import type { Outcome } from '../rewardRuntime';
import type { SimilarityPair, SimilarityResult } from '../thread/threadMessages';
import { tooMuch } from '../tooMuch';

export interface HostSetup {
  readonly path: string;
  /** Takes the place of the file's content. */
  readonly source?: string | undefined;
  readonly processes: HostProcesses;
  readonly deadlineMs: number;
  readonly memoryMb: number;
  readonly similarities: (pairs: readonly SimilarityPair[]) => Promise<readonly SimilarityResult[]>;
  /** What the reward prints, and errors that belong to no response. */
  readonly print: (text: string) => void;
}

type LoadedHere = Omit<LoadedReward, 'reward'>;

/** How long the line of an ending may be looked for before the process is ended without it. */
const lineMs = 80;
/** A run that takes longer is watched by the main thread of its process, which short ones need not wake. */
const watchAfterMs = 5;
/** How long a process whose thread is gone, with its pipes, may take to say why. */
const closedMs = 1000;

/** What ends a wait for the process. */
type Told = FromHost | { readonly kind: 'closed'; readonly error: ScoreError } | { readonly kind: 'done'; readonly count: number } | { readonly kind: 'moved' };

/** A TypeScript or JavaScript reward. */
export class HostRuntime extends ProcessRuntime {
  private child: ChildProcess | undefined;
  private take: ((message: Told) => void) | undefined;
  private onScore: ((index: number, json: Buffer) => void) | undefined;
  private runs = 0;
  private lastWords = '';

  constructor(private readonly setup: HostSetup) {
    super(setup.path);
  }

  protected get isRunning(): boolean {
    return this.child !== undefined;
  }

  protected async start(): Promise<LoadedHere> {
    const { path: file, source, deadlineMs, processes, memoryMb } = this.setup;
    const child = processes.take(memoryMb);
    this.child = child;
    this.lastWords = '';
    child.on('message', message => this.receive(child, message as FromHost));
    child.on('error', error => this.lost(child, error.message));
    child.on('close', (code, signal) => this.lost(child, this.isOutOfMemory() ? tooMuch(memoryMb) : `The reward ended its own process (${signal ?? `code ${code}`}).`));
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => this.hear(text));
    this.listen(child);
    const answer = await new Promise<Told>(resolve => {
      this.take = message => {
        if (['loaded', 'notLoaded', 'closed', 'gone'].includes(message.kind)) resolve(message);
      };
      post(child, { kind: 'load', path: file, source, deadlineMs });
    });
    this.take = undefined;
    if (answer.kind !== 'loaded') {
      this.end({ message: 'It did not load.' });
      throw new WorkerFailure({ file, ...('error' in answer ? answer.error : { message: 'The reward file did not load.' }) });
    }
    const { hash, components, weights, files, numbers } = answer;
    return this.unchanged({ hash, contract: 'pebr', components, weights, files, numbers });
  }

  protected async run(items: RawItems, deadlineMs: number, onScore: (index: number, json: Buffer) => void): Promise<Outcome> {
    const { child } = this;
    if (!child) return { kind: 'done', count: -1 };
    const run = ++this.runs;
    this.onScore = onScore;
    const watching = setTimeout(() => post(child, { kind: 'watch', run, deadlineMs }), watchAfterMs);
    let ending: NodeJS.Timeout | undefined;
    const outcome = await new Promise<Outcome>(resolve => {
      this.take = message => {
        clearTimeout(ending);
        if (message.kind === 'done') resolve(message);
        else if (message.kind === 'ending' && message.run === run) ending = setTimeout(() => resolve(message.outcome), Math.max(0, message.leftMs) + lineMs);
        else if (message.kind === 'outcome' && message.run === run) resolve(message.outcome);
        else if (message.kind === 'gone') resolve({ ...message, kind: 'died' });
        else if (message.kind === 'closed') resolve({ kind: 'died', error: message.error });
      };
      writeItems(child, run, items);
    });
    clearTimeout(watching);
    this.onScore = undefined;
    this.take = undefined;
    if (outcome.kind === 'done') return outcome;
    this.end(outcome.error);
    return { ...outcome, error: { file: this.setup.path, ...outcome.error } };
  }

  /** The scores of the thread: a line that says whose they are, and a line for each. What the reward itself writes there ends its process. */
  private listen(child: ChildProcess): void {
    let head: ScoresHead | undefined;
    let next = 0;
    const [items, scores] = pipesOf(child);
    items.resume(); // nothing comes there but its end
    readLines(scores, line => {
      if (child !== this.child) return;
      if (head) this.onScore?.(head.indexes[next++] ?? -1, line);
      else {
        [head, next] = [headIn(line), 0];
        if (!head) return this.end({ message: 'The reward wrote into the answers of its process and was ended.', file: this.setup.path });
        this.take?.({ kind: 'moved' });
      }
      if (next < head.indexes.length) return;
      const { run, count } = head;
      head = undefined;
      if (count !== undefined && run === this.runs) this.take?.({ kind: 'done', count });
    });
    for (const pipe of [items, scores]) {
      pipe.once('close', () => setTimeout(() => {
        if (child === this.child) this.end({ message: 'The reward closed the pipes of its process and was ended.', file: this.setup.path });
      }, closedMs));
    }
  }

  private receive(child: ChildProcess, message: FromHost): void {
    if (child !== this.child) return;
    if (message.kind === 'similarities') this.take?.(message); // it moves
    if (message.kind === 'similarities') void this.setup.similarities(message.pairs).then(results => post(child, { kind: 'similarities', id: message.id, results }));
    else if (message.kind === 'print') this.setup.print(message.text);
    else if (this.take) this.take(message);
    else if (message.kind === 'gone') {
      const { message: what, file, line } = message.error;
      this.setup.print(`After its last response: ${what}${file !== undefined ? ` ${file}:${line ?? 1}` : ''}\n`);
      this.end(message.error);
    }
  }

  /** The process itself prints only when it breaks: the engine's last words. */
  private hear(text: string): void {
    if (this.lastWords.length < 4000) this.lastWords += text;
  }

  private isOutOfMemory(): boolean {
    return /heap out of memory|Allocation failed/.test(this.lastWords);
  }

  private lost(child: ChildProcess, message: string): void {
    if (child !== this.child) return;
    this.child = undefined;
    this.take?.({ kind: 'closed', error: { message, file: this.setup.path } });
  }

  protected end(error: ScoreError): void {
    const { child } = this;
    this.child = undefined;
    this.take?.({ kind: 'closed', error });
    child?.kill('SIGKILL');
  }
}

/** Undefined where the line is none: the process is not trusted. */
function headIn(line: Buffer): ScoresHead | undefined {
  try {
    const head = JSON.parse(line.toString('utf8')) as Partial<ScoresHead> | null;
    return Array.isArray(head?.indexes) && typeof head.run === 'number' ? (head as ScoresHead) : undefined;
  } catch {
    return undefined;
  }
}

function post(child: ChildProcess, message: ToHost): void {
  if (child.connected) child.send(message, () => undefined); // it is gone; `close` follows and tells
}
