import { stat } from 'node:fs/promises';
import type { EmittedStage } from '../../core/engines/emission';
import { AppError, messageOf } from '../../core/errors';
import type { SampleMatcher } from '../../core/rollouts/readers/groupForeign';
import { ForeignSource } from '../rollouts/foreignSource';

/** What an engine dumps of its responses while a stage runs, kept as rollouts of ours under the name of the stage. */
export class EngineRollouts {
  private source: ForeignSource | undefined;
  private failure: string | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly target: { readonly folder: string; readonly run: string; readonly match: SampleMatcher },
    private readonly dumped: NonNullable<EmittedStage['rollouts']>,
  ) {}

  /** Takes up what is new. A dump that is not there yet, or holds nothing yet, is looked for again the next time; one that cannot be read is no reason to end a run. */
  look(): Promise<void> {
    return (this.looking = this.looking.then(() => this.readOn()).catch((error: unknown) => void (this.failure = messageOf(error))));
  }

  private async readOn(): Promise<void> {
    const { place, stage } = this.dumped;
    if (this.source) await this.source.refresh();
    else if (await stat(place).then(() => true, () => false)) this.source = await openUnlessEmpty(place, { ...this.target, isOwn: false, stage });
  }

  /** What could not be read, in a sentence; undefined where everything could. */
  get fault(): string | undefined {
    const [first, ...others] = this.source?.found.problems ?? [];
    return first === undefined ? this.failure : `${first.file}${first.line === undefined ? '' : `:${first.line}`}: ${first.message}${others.length === 0 ? '' : ` ${others.length} more places could not be read.`}`;
  }
}

async function openUnlessEmpty(place: string, target: Parameters<typeof ForeignSource.open>[1]): Promise<ForeignSource | undefined> {
  try {
    return await ForeignSource.open(place, target);
  } catch (error) {
    if (error instanceof AppError && error.code === 'argument.invalid') return undefined;
    throw error;
  }
}
