import type { LoadedReward, ScoreError } from '../../core/rewards/score';
import { WorkerFailure } from './protocol';
import type { RawItems } from './rawItems';
import { type Outcome, type RewardRuntime, scoreWithPatience } from './rewardRuntime';

type Known = Omit<LoadedReward, 'reward'>;

/** A reward in a process of its own, which is ended with whatever goes wrong in it and started again when next needed. */
export abstract class ProcessRuntime<Loaded extends Known = Known> implements RewardRuntime {
  protected loaded: Loaded | undefined;
  private isDisposed = false;

  protected constructor(protected readonly path: string) {}

  async load(): Promise<Known> {
    this.loaded ??= await this.start();
    return this.loaded;
  }

  async score(items: RawItems, deadlineMs: number, signal: AbortSignal): Promise<readonly Buffer[]> {
    const { components } = await this.load();
    const onAbort = (): void => this.end({ message: 'It was cancelled.' });
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await scoreWithPatience(items, components, signal, async (batch, onScore) => {
        if (this.isDisposed) throw new WorkerFailure({ message: 'The reward was unloaded while it scored.', file: this.path });
        if (!this.isRunning) await this.start();
        return signal.aborted || !this.isRunning ? { kind: 'done', count: -1 } : this.run(batch, deadlineMs, onScore);
      });
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  dispose(): void {
    this.isDisposed = true;
    this.end({ message: 'The reward was unloaded.' });
  }

  /** What was loaded; throws where it is another reward than at first. */
  protected unchanged(loaded: Loaded): Loaded {
    if (this.loaded && this.loaded.hash !== loaded.hash) throw new WorkerFailure({ message: 'The reward file changed while it was in use.', file: this.path, remedy: 'Load it again.' });
    return loaded;
  }

  protected abstract get isRunning(): boolean;
  /** Starts a process and loads the file in it; throws a `WorkerFailure` with its line. */
  protected abstract start(): Promise<Loaded>;
  protected abstract run(items: RawItems, deadlineMs: number, onScore: (index: number, json: Buffer) => void): Promise<Outcome>;
  /** Ends the process; whatever waits for it is told the error. */
  protected abstract end(error: ScoreError): void;
}
