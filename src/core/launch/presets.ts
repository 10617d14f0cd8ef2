import { shortenedRun } from '../engines/trl';
import type { Project } from '../project/project';

export type PresetId = 'project' | 'short' | 'tiny-cpu' | 'gpu-24gb-lora' | 'gpu-80gb' | 'paper-8x80gb';

/** Values for one kind of machine, to start a form from. */
export interface Preset {
  readonly id: PresetId;
  readonly title: string;
  readonly detail: string;
  /** Values that differ from `pebr.json`: path into the file → value. */
  readonly overrides: (project: Project) => Readonly<Record<string, unknown>>;
}

/** Small steps on small pictures, as the sample project trains. */
const tiny = {
  policy: { lora: null, dtype: 'auto', vllm: false, maxPromptTokens: 128, maxResponseTokens: 80, microBatch: null },
  stage: { steps: 40, samplesPerStep: 16, responses: 8, temperature: 1, topP: 1, learningRate: 7e-5, beta: 0.04, saveEvery: 20 },
};

/** Group size, sampling, learning rate and KL weight of the released scripts; the rest sized for the machine. */
const released = { responses: 8, temperature: 1.2, topP: 0.99, learningRate: 1e-6, beta: 0.01, iterations: 1 };

export const presets: readonly Preset[] = [
  { id: 'project', title: 'As in pebr.json', detail: 'Nothing is changed', overrides: () => ({}) },
  { id: 'short', title: 'Shortened run', detail: 'A few steps of every stage, to see that all of it works', overrides: shortenedRun },
  { id: 'tiny-cpu', title: 'Tiny policy on processor cores', detail: 'Some million parameters, 40 steps a stage, minutes', overrides: project => ({ ...of('policy', tiny.policy), ...everyStage(project, tiny.stage) }) },
  {
    id: 'gpu-24gb-lora', title: 'One GPU of 24 GB', detail: 'Qwen2.5-VL-3B with an adapter, bfloat16, 8 samples × 8 responses a step',
    overrides: project => ({
      ...of('policy', { base: 'Qwen/Qwen2.5-VL-3B-Instruct', lora: { rank: 16, alpha: 32 }, dtype: 'bfloat16', vllm: false, maxPromptTokens: 1024, maxResponseTokens: 512, microBatch: 2 }),
      ...warmUp(project, { batch: 8, learningRate: 1e-5 }),
      ...everyStage(project, { ...released, learningRate: 1e-5, samplesPerStep: 8, steps: 200, saveEvery: 20 }),
    }),
  },
  {
    id: 'gpu-80gb', title: 'One GPU of 80 GB', detail: 'Qwen2.5-VL-7B with an adapter, vLLM, 32 samples × 8 responses a step',
    overrides: project => ({
      ...of('policy', { base: 'Qwen/Qwen2.5-VL-7B-Instruct', lora: { rank: 64, alpha: 128 }, dtype: 'bfloat16', vllm: true, maxPromptTokens: 2048, maxResponseTokens: 1024, microBatch: 4 }),
      ...warmUp(project, { batch: 16, learningRate: 1e-5 }),
      ...everyStage(project, { ...released, learningRate: 1e-5, samplesPerStep: 32, steps: 200, saveEvery: 20 }),
    }),
  },
  {
    id: 'paper-8x80gb', title: 'Eight GPUs of 80 GB, as in the paper', detail: 'Qwen2.5-VL-7B, all parameters, EasyR1 on Ray, 560 and 512 samples × 8 responses a step',
    overrides: project => ({
      engine: 'easyr1',
      ...of('policy', { base: 'Qwen/Qwen2.5-VL-7B-Instruct', lora: null, dtype: 'bfloat16', vllm: true, maxPromptTokens: 2048, maxResponseTokens: 2048, microBatch: 4 }),
      ...everyStage(project, { ...released, saveEvery: 5 }),
      ...Object.fromEntries(project.pipeline.stages.map((stage, index) => [`pipeline.stages.${index}.samplesPerStep`, datasetStage(project, stage.dataset) === 'perception' ? 560 : 512])),
    }),
  },
];

function of(part: string, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${part}.${key}`, value]));
}

function everyStage({ pipeline }: Project, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.assign({}, ...pipeline.stages.map((_, index) => of(`pipeline.stages.${index}`, values))) as Record<string, unknown>;
}

function warmUp({ pipeline }: Project, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return pipeline.warmUp ? of('pipeline.warmUp', values) : {};
}

function datasetStage(project: Project, id: string): string | undefined {
  return project.datasets.find(dataset => dataset.id === id)?.stage;
}
