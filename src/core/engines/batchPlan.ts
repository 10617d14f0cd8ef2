import type { StageConfig } from '../project/project';
import type { EmitProblem } from './emission';

/** How a step is cut for an engine that shards over GPUs. */
export interface BatchPlan {
  /** Batches of responses; each is used for `iterations` passes. */
  readonly steps: number;
  /** Responses in one forward and backward pass of a GPU. */
  readonly updateBatch: number;
  /** Responses whose log-probabilities are computed at once. */
  readonly scoreBatch: number;
  /** GPUs that hold one copy of the policy while it generates. */
  readonly tensorParallel: number;
  readonly problems: readonly EmitProblem[];
}

const mostUpdate = 4;
const mostScore = 16;

/** Sizes that divide what they have to divide; a step that the GPUs cannot share is a problem. `largest`: what a person allows for one pass. */
export function batchPlan(stage: StageConfig, gpus: number, largest: number | null): BatchPlan {
  const responses = stage.samplesPerStep * stage.responses;
  const problems: EmitProblem[] = [];
  if (responses % gpus !== 0) {
    problems.push({
      severity: 'error', message: `Stage ${stage.name}: the ${responses} responses of a step (${stage.samplesPerStep} samples × ${stage.responses}) cannot be shared by ${gpus} GPUs.`,
      remedy: `Set samplesPerStep to ${nextFitting(stage, gpus)}, or choose a number of GPUs that divides ${responses}.`,
    });
  }
  if (stage.samplesPerStep % gpus !== 0 && responses % gpus === 0) {
    problems.push({
      severity: 'warning', message: `Stage ${stage.name}: ${stage.samplesPerStep} samples are no multiple of ${gpus} GPUs.`,
      remedy: `Some engines share samples, not responses, among the GPUs while generating: ${nextFitting({ ...stage, responses: 1 }, gpus)} would fit all of them.`,
    });
  }
  const own = Math.max(1, Math.floor(responses / gpus));
  return {
    steps: Math.ceil(stage.steps / stage.iterations), updateBatch: divisorUpTo(own, largest ?? mostUpdate), scoreBatch: divisorUpTo(own, Math.max(largest ?? 0, mostScore)),
    tensorParallel: 1, problems,
  };
}

function divisorUpTo(value: number, most: number): number {
  for (let divisor = Math.min(value, most); divisor > 1; divisor--) if (value % divisor === 0) return divisor;
  return 1;
}

function nextFitting({ samplesPerStep, responses }: Pick<StageConfig, 'samplesPerStep' | 'responses'>, gpus: number): number {
  let samples = samplesPerStep;
  while ((samples * responses) % gpus !== 0) samples++;
  return samples;
}
