import type { EngineId } from '../engines/engineId';
import type { SavedView } from '../query/savedView';

/** The resolved content of `pebr.json` (docs/FORMATS.md); `trainer/pebr_trainer/project.py` reads the same file. */
export interface Project {
  readonly v: 1;
  readonly name: string;
  readonly datasets: readonly DatasetConfig[];
  readonly prompt: string | null;
  readonly rewards: readonly string[];
  /** Values in place of numbers of a reward file, for runs that differ in one: path of the reward → name of the number (`weights.clip`) → value. */
  readonly rewardNumbers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly clip: string | null;
  /** Folder of the ONNX detector that proposes boxes. */
  readonly detector: string | null;
  readonly policy: PolicyConfig;
  readonly pipeline: PipelineConfig;
  readonly engine: EngineId;
  /** Queries under a name. */
  readonly views: readonly SavedView[];
}

export type StageKind = 'perception' | 'reasoning';
/** `qwen2.5-resized`: pixels of the image as Qwen2.5-VL's processor resizes it; other limits than its own stand in braces: factor, least and most pixels. */
export type BoxFrame = 'pixel' | 'norm1' | 'norm1000' | 'percent-xywh' | 'coco-xywh' | 'yolo-cxcywh' | 'qwen2.5-resized' | `qwen2.5-resized{${number},${number},${number}}`;

/** Names of the row's fields for what we call `qid`, `problem`, … */
export interface Columns {
  readonly qid: string;
  readonly problem: string;
  readonly answer: string;
  readonly images: string;
  readonly key_words: string;
  readonly boxes: string;
}

/** Paths are relative to the project's folder. */
export interface DatasetConfig {
  readonly id: string;
  readonly stage: StageKind;
  readonly path: string;
  readonly heldOut: string | null;
  readonly imageRoot: string;
  readonly columns: Columns;
  readonly boxFrame: BoxFrame;
}

export interface PolicyConfig {
  readonly base: string;
  readonly lora: { readonly rank: number; readonly alpha: number } | null;
  readonly dtype: 'auto' | 'float32' | 'bfloat16' | 'float16';
  readonly vllm: boolean;
  readonly maxPromptTokens: number;
  readonly maxResponseTokens: number;
  /** Responses in one forward and backward pass; null lets the trainer choose. */
  readonly microBatch: number | null;
}

export interface StageConfig {
  readonly name: string;
  readonly dataset: string;
  readonly difficulty: readonly ('easy' | 'medium' | 'hard')[];
  readonly reward: string;
  readonly steps: number;
  readonly samplesPerStep: number;
  readonly responses: number;
  readonly temperature: number;
  readonly topP: number;
  readonly learningRate: number;
  /** Weight of the KL term towards the policy at the start of the stage. */
  readonly beta: number;
  readonly iterations: number;
  readonly saveEvery: number;
  readonly replay: {
    readonly dataset: string;
    readonly difficulty: readonly ('easy' | 'medium' | 'hard')[];
    readonly share: number;
    readonly reward: string;
  } | null;
  /** Zero-std groups are dropped and others drawn in their place, in at most `maxBatches` generation batches a step; null trains on what was drawn. */
  readonly dynamicSampling: { readonly maxBatches: number } | null;
  /** Repeats the dataset-level sampling with the policy that this stage starts from. */
  readonly resample: boolean;
  /** Of the samples of `difficulty` only those whose sampled pass rate lies from the first number to the second; null takes all. */
  readonly passRate: readonly [low: number, high: number] | null;
  /** `easy-first`: samples in order of their pass rate. */
  readonly curriculum: 'none' | 'easy-first';
}

export interface WarmUpConfig {
  /** JSONL file of SFT rows. */
  readonly data: string;
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly freezeVision: boolean;
  readonly saveEvery: number;
}

export interface PipelineConfig {
  readonly seed: number;
  readonly warmUp: WarmUpConfig | null;
  readonly sampling: {
    readonly responses: number;
    readonly temperature: number;
    readonly topP: number;
    /** Samples of each dataset; null samples all. */
    readonly samples: number | null;
    readonly reward: string;
    readonly component: string;
  } | null;
  readonly stages: readonly StageConfig[];
  readonly evaluate: { readonly samples: number | null; readonly responses: number; readonly temperature: number } | null;
  /** Which checkpoints of a stage are kept: the last `keep`, and the best of those scored on `scoreSamples` held-out samples (0: none is scored). */
  readonly checkpoints: { readonly keep: number; readonly scoreSamples: number };
}
