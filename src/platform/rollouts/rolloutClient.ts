import { type ChildProcess, fork } from 'node:child_process';
import * as path from 'node:path';
import type { Disposable } from '../../core/lifecycle';
import { errorOfWorker, type FromWorker, type RolloutState, type StoreArgs, type StoreMethod, type StoreResult } from './workerMessages';

export interface RolloutClientOptions {
  /** Folder of the bundles. */
  readonly dist: string;
  /** Folder of the rollout files: `<run>/rollouts`. */
  readonly folder: string;
  /** Stages in their order. */
  readonly stages?: readonly string[];
  /** Called whenever a part of the files was read. */
  readonly onPart?: (state: RolloutState) => void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
}

/** The rollouts of a folder, asked in a process of their own (`rolloutWorker.js`). One that ended is started again by the next call. */
export class RolloutClient implements Disposable {
  private worker: ChildProcess | undefined;
  private readonly waiting = new Map<number, Waiting>();
  private nextId = 1;
  private isDisposed = false;
  private stateNow: RolloutState = { progress: { rollouts: 0, groups: 0, bytes: 0, size: 0 }, columns: [], problems: [] };

  constructor(private readonly options: RolloutClientOptions) {}

  /** As it was told last. */
  get state(): RolloutState {
    return this.stateNow;
  }

  /** A method of `RolloutStore`. Throws what that throws; the signal's reason when that is aborted. */
  async call<M extends StoreMethod>(method: M, ...given: StoreArgs<M>): Promise<StoreResult<M>> {
    const signal = given.find(arg => arg instanceof AbortSignal);
    signal?.throwIfAborted();
    const worker = this.start();
    const id = this.nextId++;
    const answer = new Promise<unknown>((resolve, reject) => this.waiting.set(id, { resolve, reject }));
    const cancel = (): void => void worker.send({ cancel: id });
    signal?.addEventListener('abort', cancel);
    worker.send({ id, method, args: given.filter(arg => !(arg instanceof AbortSignal)) });
    try {
      return (await answer) as StoreResult<M>;
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.worker?.disconnect();
    this.worker = undefined;
    this.fail(new Error('The rollouts were closed.'));
  }

  private start(): ChildProcess {
    if (this.isDisposed) throw new Error('The rollouts were closed.');
    if (this.worker) return this.worker;
    const { dist, folder, stages = [] } = this.options;
    const worker = fork(path.join(dist, 'rolloutWorker.js'), [folder, ...stages], {
      serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'], execArgv: [], env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    });
    this.worker = worker;
    const ended = (reason: string): void => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      this.fail(new Error(`The process that reads the rollouts ended (${reason}). Ask again to start it anew.`));
    };
    worker.on('message', (message: FromWorker) => this.take(message));
    worker.on('error', error => ended(error.message));
    worker.on('exit', (code, signal) => ended(signal ?? `code ${code ?? '?'}`));
    return worker;
  }

  private take(message: FromWorker): void {
    if ('state' in message) {
      this.stateNow = message.state;
      this.options.onPart?.(message.state);
      return;
    }
    if (message.id === 0 && 'error' in message) return this.fail(errorOfWorker(message.error)); // it could not begin
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if ('error' in message) waiting?.reject(errorOfWorker(message.error));
    else waiting?.resolve(message.result);
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
