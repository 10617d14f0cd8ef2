import type { SampleRef } from '../../dataset/sample';
import type { JsonObject } from '../../parsedLine';

/** What a value must be: this number (within the tolerance), inside these bounds, null where the component does not apply, or a failure. */
export type Expectation = number | null | 'error' | { readonly min?: number; readonly max?: number };

export interface CaseExpectations {
  readonly overall?: Expectation;
  readonly components: Readonly<Record<string, Expectation>>;
}

/** One line of a cases file: a response, the sample it answers, and the score that it must keep. */
export interface RewardCase {
  readonly name: string;
  /** A row of one of the project's datasets, or a row of its own under the default column names. */
  readonly sample: SampleRef | { readonly row: JsonObject };
  readonly response: string;
  readonly tokens?: number;
  readonly expect: CaseExpectations;
  /** How far a number may be off. */
  readonly tolerance: number;
}

/** A case and where it stands. */
export interface PlacedCase extends RewardCase {
  /** Absolute path of the cases file. */
  readonly file: string;
  /** One-based. */
  readonly line: number;
}

/** Far above the noise of floating-point sums, far below anything a reward means. */
export const defaultTolerance = 1e-6;
