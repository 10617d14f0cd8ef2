import { totalmem } from 'node:os';
import type { LoadedReward, Score, ScoreError } from '../../../core/rewards/score';
import { ProcessRuntime } from '../processRuntime';
import { type WorkerError, WorkerFailure } from '../protocol';
import type { RawItems } from '../rawItems';
import type { Outcome } from '../rewardRuntime';
import { tooMuch } from '../tooMuch';
import { type Answer, PythonChild, type PythonChildSetup, type PythonLimits } from './pythonChild';

export interface PythonSetup extends PythonChildSetup {
  /** Takes the place of the file's content. */
  readonly source?: string | undefined;
  /** What scoring may add to the memory that loading took. */
  readonly memoryMb: number;
  /** Importing torch takes its time: 60 s by default. */
  readonly loadDeadlineMs?: number;
  /** What importing takes is not known, models are large: half of the machine's memory by default. */
  readonly loadMemoryMb?: number;
}

interface Loaded extends Omit<LoadedReward, 'reward'> {
  /** Resident memory at which the child is ended, where the system tells how much a process has. */
  readonly limitMb: number;
}

/** In which Python itself has started, on a busy machine. */
const startMs = 5000;

const tooMuchToLoad: WorkerError = {
  message: 'Loading the reward used more than half of the memory of this machine and was ended.',
  remedy: 'Load less at the top of the file: a smaller model, or one in half precision.',
};

/** A Python reward. */
export class PythonRuntime extends ProcessRuntime<Loaded> {
  private child: PythonChild | undefined;

  constructor(private readonly setup: PythonSetup) {
    super(setup.path);
  }

  protected get isRunning(): boolean {
    return this.child !== undefined && !this.child.isOver;
  }

  protected async start(): Promise<Loaded> {
    const { path, source, memoryMb, loadDeadlineMs = 60_000, loadMemoryMb = totalmem() / 2 ** 21 } = this.setup;
    const limits: PythonLimits = { toldMs: loadDeadlineMs, memoryMb: loadMemoryMb, tooMuch: tooMuchToLoad, files: [path] };
    const child = (this.child = new PythonChild(this.setup, limits));
    const answer = await child.ask({ method: 'load', path, source, memoryMb, deadlineMs: loadDeadlineMs }, limits, { startMs });
    if ('result' in answer) return this.unchanged(answer.result as Loaded);
    child.end({ message: 'It did not load.' });
    throw new WorkerFailure({ file: path, ...whyNotLoaded(answer, loadDeadlineMs) });
  }

  protected async run({ items, text }: RawItems, deadlineMs: number, onScore: (index: number, json: Buffer) => void): Promise<Outcome> {
    const { child, loaded, setup } = this;
    if (!child || !loaded) return { kind: 'done', count: -1 };
    // These contracts score a batch in one call, so the deadline cannot be kept response by response: further ones add a twentieth each.
    const budget = Math.round(deadlineMs * (1 + (items.length - 1) / 20));
    const limits: PythonLimits = { toldMs: deadlineMs, memoryMb: loaded.limitMb, tooMuch: { message: tooMuch(setup.memoryMb) }, files: loaded.files };
    const answer = await child.ask({ method: 'score', deadlineMs: budget, toldMs: deadlineMs }, limits, { items: text });
    if ('stalled' in answer) {
      child.end(answer.stalled);
      return { kind: 'stalled', error: answer.stalled };
    }
    if ('died' in answer) return { kind: 'died', error: scoreErrorOf(answer.died) };
    const scores = 'result' in answer ? (answer.result as { scores: readonly Score[] }).scores : items.map(() => ({ overall: null, components: {}, evidence: [], error: answer.error }));
    scores.forEach((score, index) => onScore(index, Buffer.from(JSON.stringify(score))));
    return { kind: 'done', count: items.length };
  }

  protected end(error: ScoreError): void {
    this.child?.end(error);
  }
}

/** A score has no remedy: what helped would be another Python, and this one has loaded the file. */
function scoreErrorOf({ remedy: _, ...error }: WorkerError): ScoreError {
  return error;
}

function whyNotLoaded(answer: Exclude<Answer, { result: unknown }>, deadlineMs: number): WorkerError {
  if ('error' in answer) return answer.error;
  if ('died' in answer) return answer.died;
  const remedy = 'What it imports or runs at its top takes too long, or waits for something that does not come.';
  return { ...answer.stalled, message: `The file did not load within ${deadlineMs / 1000} s and was ended.`, remedy };
}
