import type { Columns, PolicyConfig, StageConfig } from './project';

/** The paper's column names (PeBR-R1, GRPO rows). */
export const defaultColumns: Columns = {
  qid: 'qid', problem: 'problem', answer: 'answer', images: 'images', key_words: 'key_words', boxes: 'boxes',
};

export const defaultPolicy: PolicyConfig = {
  base: 'models/base', lora: null, dtype: 'auto', vllm: false, maxPromptTokens: 2048, maxResponseTokens: 2048, microBatch: null,
};

/** Group size, temperature, top-p, learning rate and KL weight are those of the paper's released stages; the step is sized for one GPU. */
export const defaultStage: Omit<StageConfig, 'name' | 'dataset' | 'reward'> = {
  difficulty: ['easy', 'medium', 'hard'],
  steps: 100, samplesPerStep: 16, responses: 8, temperature: 1.2, topP: 0.99, learningRate: 1e-6, beta: 0.01, iterations: 1, saveEvery: 25, replay: null,
  dynamicSampling: null, resample: false, passRate: null, curriculum: 'none', // as the paper
};

/** The paper trains the language model and freezes the vision tower in warm-up. */
export const defaultWarmUp = { steps: 100, batch: 16, learningRate: 1e-5, freezeVision: true, saveEvery: 50 };
export const defaultReplay = { share: 0.25, difficulty: ['easy', 'medium', 'hard'] as const };
export const defaultSampling = { responses: 8, temperature: 1.2, topP: 0.99, samples: null, component: 'accuracy' };
export const defaultEvaluate = { samples: 128, responses: 4, temperature: 1 };
/** Generation batches a step at most, the first included. */
export const defaultDynamicSampling = { maxBatches: 4 };
export const defaultCheckpoints = { keep: 2, scoreSamples: 0 };
