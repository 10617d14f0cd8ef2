import type { Project, StageConfig } from '../project/project';
import type { PolicyFacts } from './policyFacts';

/** An estimate in bytes, part by part, so that a person sees what to make smaller. */
export interface MemoryNeed {
  readonly weights: number;
  /** Gradients and the two moments of AdamW, of what is trained. */
  readonly training: number;
  /** The policy at the start of the stage, which the KL term compares with; an adapter needs no second copy. */
  readonly reference: number;
  /** Kept between forward and backward pass with gradient checkpointing, and the logits. */
  readonly activations: number;
  /** Keys and values while the responses of a step are made. */
  readonly cache: number;
  readonly total: number;
}

/** Share of the parameters that an adapter of rank 16 trains in a model of some billions. */
const loraShare = 0.01;
/** A model of which only the size is known has about the shape of Qwen2.5-VL-3B: layers, width, words, cached numbers a token and layer. */
const usual = { layers: 36, hidden: 2048, vocabulary: 151_936, cached: 512 };

/**
 * Memory of the GPU that trains one stage. Weights, gradients and moments have the precision of the policy (2 or 4 bytes); activations are one vector
 * a layer and token, and three copies of the logits in 4 bytes. Null where the size of the model is not known.
 */
export function memoryNeed({ policy }: Pick<Project, 'policy'>, stage: StageConfig, facts: PolicyFacts): MemoryNeed | null {
  if (facts.parameters === null) return null;
  const bytes = policy.dtype === 'float32' ? 4 : 2;
  const { layers, hidden, vocabulary, cached } = { layers: facts.layers ?? usual.layers, hidden: facts.hidden ?? usual.hidden, vocabulary: facts.vocabulary ?? usual.vocabulary, cached: facts.cached ?? usual.cached };
  const group = stage.samplesPerStep * stage.responses;
  const micro = Math.min(group, policy.microBatch ?? stage.responses);
  const tokens = policy.maxPromptTokens + policy.maxResponseTokens;
  const weights = facts.parameters * bytes;
  const training = facts.parameters * (policy.lora ? loraShare : 1) * bytes * 3;
  const reference = stage.beta > 0 && !policy.lora ? weights : 0;
  const activations = micro * tokens * layers * hidden * bytes + 3 * micro * policy.maxResponseTokens * vocabulary * 4;
  const cache = group * tokens * layers * cached * bytes;
  return { weights, training, reference, activations, cache, total: weights + training + reference + activations + cache };
}

/** The largest part, in words. */
export function largestPart(need: MemoryNeed): string {
  const parts: readonly (readonly [string, number])[] = [
    ['the weights', need.weights], ['gradients and optimizer', need.training], ['the reference policy', need.reference],
    ['activations and logits', need.activations], ['the cache of the responses being made', need.cache],
  ];
  return parts.reduce((best, part) => (part[1] > best[1] ? part : best))[0];
}

export function gigabytes(bytes: number): string {
  const size = bytes / 2 ** 30;
  return `${size >= 10 ? size.toFixed(0) : size.toFixed(1)} GB`;
}
