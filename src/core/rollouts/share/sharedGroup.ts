import type { Sample } from '../../dataset/sample';
import type { ImageSize } from '../../geometry/boxFrame';
import type { PredictedBoxes } from '../predictedBoxes';
import type { Rollout } from '../rollout';

/** A picture as an exported page names it. */
export interface SharedImage {
  /** A `data:` address, or a path relative to the page. */
  readonly src: string;
  /** Of the original image, pixels: what boxes are in. */
  readonly size: ImageSize;
}

/** A group with all that a reader without the project needs. */
export interface SharedGroup {
  /** In order of their index. */
  readonly rollouts: readonly [Rollout, ...Rollout[]];
  /** Boxes in original-image pixels; absent where the dataset does not have the sample any more, which `missing` then says. */
  readonly sample?: Sample;
  readonly missing?: string;
  /** Null where there is none, or where it cannot be shown: `missing` then says why. */
  readonly image: SharedImage | null;
  /** Boxes of each response, in original-image pixels. */
  readonly predicted: readonly PredictedBoxes[];
}

/** What an export is of. */
export interface SharedHead {
  /** Name of the run. */
  readonly run: string;
  /** What was asked, or '' for all. */
  readonly query: string;
  /** Groups that answer, and those that are in the export. */
  readonly found: number;
  readonly shown: number;
  /** `YYYY-MM-DD`. */
  readonly date: string;
}

/** `perception · step 12 · p-0001 · cards-perception`. */
export function placeInWords({ stage, step, sampleId, dataset, policyStage, mode }: Rollout): readonly string[] {
  return [stage, ...(step > 0 ? [`step ${step}`] : []), sampleId, ...(dataset === '' ? [] : [dataset]), ...(policyStage === undefined ? [] : [`after ${policyStage}`]), ...(mode === undefined ? [] : [mode])];
}

/** `12 groups that answer right:no`, and how many of them are in the export where that is not all. */
export function selectionInWords({ query, found, shown }: SharedHead): string {
  const groups = `${shown < found ? `the first ${shown} of ${found}` : shown} ${found === 1 ? 'group' : 'groups'}`;
  return query === '' ? groups : `${groups} that answer ${query}`;
}
