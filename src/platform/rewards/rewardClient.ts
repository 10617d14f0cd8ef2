import { type ChildProcess, spawn } from 'node:child_process';
import { AppError } from '../../core/errors';
import type { LoadedReward } from '../../core/rewards/score';
import type { LoadParams, Methods, Reply, ScoreParams, ScoreResult, WorkerError } from './protocol';
import { readLines } from './readLines';
import { workerCommand, type WorkerCommandOptions } from './workerCommand';

interface Open {
  resolve(result: unknown): void;
  reject(error: Error): void;
  /** File that is named when the answer names none. */
  readonly file: string;
  /** The request as it was sent. */
  readonly line: string;
}

/** How Node ends when it does not know an option. */
const badOption = 9;

/** The asking end of the reward worker protocol. Starts the process when first asked and again after it was lost. */
export class RewardClient {
  private child: ChildProcess | undefined;
  private readonly open = new Map<number, Open>();
  private readonly pathOf = new Map<string, string>();
  private nextId = 1;
  private isSandboxed: boolean;

  /** `print` gets what rewards print. `onLost` is told that every handle is void. */
  constructor(
    private readonly options: WorkerCommandOptions,
    private readonly print: (text: string) => void,
    private readonly onLost: () => void = () => undefined,
  ) {
    this.isSandboxed = options.sandbox ?? true;
  }

  /** Throws `reward.failed` with the line, or `reward.workerLost`. An aborted signal ends a file that hangs, and rejects. */
  async load(params: LoadParams, signal?: AbortSignal): Promise<LoadedReward> {
    const loaded = await this.request('load', params, params.path, signal);
    this.pathOf.set(loaded.reward, params.path);
    return loaded;
  }

  /** As many scores as items. An aborted signal ends the reward and rejects. */
  score(params: ScoreParams, signal?: AbortSignal): Promise<ScoreResult> {
    return this.request('score', params, this.pathOf.get(params.reward) ?? params.reward, signal);
  }

  async unload(reward: string): Promise<void> {
    this.pathOf.delete(reward);
    await this.request('unload', { reward }, reward);
  }

  /** Of the worker process, while there is one. */
  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Ends the process; open requests are rejected. */
  dispose(): void {
    const { child } = this;
    this.lost(child, 'it was closed');
    child?.kill();
  }

  private request<M extends keyof Methods>(method: M, params: Methods[M]['params'], file: string, signal?: AbortSignal): Promise<Methods[M]['result']> {
    const id = this.nextId++;
    const cancel = (): void => void this.request('cancel', { request: id }, file).catch(() => undefined); // lost with its process: then it is cancelled too
    const answer = new Promise<Methods[M]['result']>((resolve, reject) => {
      if (signal?.aborted) return reject(new AppError('reward.failed', { file, reason: 'It was cancelled.' }));
      const line = `${JSON.stringify({ id, method, params })}\n`;
      this.open.set(id, { resolve: resolve as (result: unknown) => void, reject, file, line });
      this.child ??= this.start();
      this.child.stdin?.write(line);
      signal?.addEventListener('abort', cancel, { once: true });
    });
    return answer.finally(() => signal?.removeEventListener('abort', cancel));
  }

  private start(): ChildProcess {
    const { file, args, env } = workerCommand({ ...this.options, sandbox: this.isSandboxed });
    const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'], windowsHide: true });
    let last = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      last = text.trim() || last;
      this.print(text);
    });
    child.stdin?.on('error', () => undefined); // it is gone; `close` follows and tells
    child.on('error', error => this.lost(child, error.message));
    child.on('close', (code, signal) => code === badOption && this.isSandboxed ? this.startWithoutSandbox(child) : this.lost(child, `${signal ?? `code ${code}`}${last ? `: ${last.slice(-300)}` : ''}`));
    if (child.stdout) readLines(child.stdout, line => this.receive(line.toString('utf8')));
    return child;
  }

  private receive(line: string): void {
    const reply = JSON.parse(line) as Reply;
    const waiting = this.open.get(reply.id ?? -1);
    this.open.delete(reply.id ?? -1);
    if ('error' in reply) waiting?.reject(failureOf(reply.error, waiting.file));
    else waiting?.resolve(reply.result);
  }

  /** A Node whose permission model has other flags: what was asked is asked again. */
  private startWithoutSandbox(child: ChildProcess): void {
    if (child !== this.child) return;
    this.print('This Node has no permission model that is known here: rewards may write files.\n');
    this.isSandboxed = false;
    this.child = this.start();
    for (const { line } of this.open.values()) this.child.stdin?.write(line);
  }

  private lost(child: ChildProcess | undefined, reason: string): void {
    if (!child || child !== this.child) return;
    this.child = undefined;
    this.pathOf.clear();
    for (const { reject } of this.open.values()) reject(new AppError('reward.workerLost', { reason }));
    this.open.clear();
    this.onLost();
  }
}

function failureOf(error: WorkerError, file: string): AppError<'reward.failed'> {
  return new AppError(
    'reward.failed',
    { file: error.file ?? file, ...(error.line !== undefined ? { line: error.line } : {}), reason: error.message, ...(error.remedy ? { remedy: error.remedy } : {}) },
    { cause: error },
  );
}
