import type { ChildProcess } from 'node:child_process';
import type { LoadedReward, ScoreError } from '../../../core/rewards/score';
import type { FromHost, ToHost } from './hostMessages';
import { type HostProcesses, writeItems } from './hostProcesses';
import { WorkerFailure } from '../protocol';
import type { RawItems } from '../rawItems';
import { ProcessRuntime } from '../processRuntime';
import type { Outcome } from '../rewardRuntime';
import type { Scored, SimilarityPair, SimilarityResult } from '../thread/threadMessages';
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
const newline = 0x0a;

/** A TypeScript or JavaScript reward. */
export class HostRuntime extends ProcessRuntime {
  private child: ChildProcess | undefined;
  private take: ((message: FromHost | { readonly kind: 'closed'; readonly error: ScoreError }) => void) | undefined;
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
    const answer = await new Promise<FromHost | { kind: 'closed'; error: ScoreError }>(resolve => {
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
    const outcome = await new Promise<Outcome>(resolve => {
      let timer: NodeJS.Timeout | undefined;
      this.take = message => {
        clearTimeout(timer);
        const scored = message.kind === 'scored' ? message : message.kind === 'outcome' ? message.scored : undefined;
        if (scored) eachLine(scored, onScore);
        if (message.kind === 'scored') return;
        if (message.kind === 'ending') timer = setTimeout(() => resolve(message.outcome), Math.max(0, message.leftMs) + lineMs);
        else if (message.kind === 'outcome') resolve(message.outcome);
        else if (message.kind === 'gone') resolve({ kind: 'died', error: message.error, isInnocent: true });
        else if (message.kind === 'closed') resolve({ kind: 'died', error: message.error });
      };
      writeItems(child, items);
      post(child, { kind: 'score', jsonBytes: items.json.length, textBytes: items.texts.reduce((sum, { length }) => sum + length, 0), deadlineMs });
    });
    this.take = undefined;
    if (outcome.kind === 'done') return outcome;
    this.end(outcome.error);
    return { ...outcome, error: { file: this.setup.path, ...outcome.error } };
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

/** What has fewer lines than it names leaves scores out, which is noticed; the process is not trusted. */
function eachLine({ indexes, lines }: Scored, onScore: (index: number, json: Buffer) => void): void {
  const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
  let from = 0;
  for (const index of indexes) {
    const at = bytes.indexOf(newline, from);
    const end = at === -1 ? bytes.length : at;
    if (end > from) onScore(index, bytes.subarray(from, end));
    from = end + 1;
  }
}

function post(child: ChildProcess, message: ToHost): void {
  if (child.connected) child.send(message, () => undefined); // it is gone; `close` follows and tells
}
