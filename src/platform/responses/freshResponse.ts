import type { DatasetConfig, Project } from '../../core/project/project';
import type { PlacedSample } from '../dataset/readSample';

/** One new completion of a policy. */
export interface FreshResponse {
  readonly qid: string;
  /** Place among the responses to its sample, from 0. */
  readonly index: number;
  readonly response: string;
  /** Left out where nobody counted them: an endpoint asked for several at once tells only their sum. */
  readonly tokens?: number;
  /** `length`: cut at the limit. Endpoints may say other words. */
  readonly finish: string;
}

export interface FreshRequest {
  /** Folder of pebr.json. */
  readonly folder: string;
  readonly project: Project;
  readonly dataset: DatasetConfig;
  readonly samples: readonly PlacedSample[];
  /** Responses to each sample. */
  readonly responses: number;
  readonly temperature: number;
  /** 1 by default. */
  readonly topP?: number;
  /** The policy's `maxResponseTokens` by default. */
  readonly maxTokens?: number;
  readonly signal: AbortSignal;
  /** Each response as soon as it is there; samples may come in any order. */
  readonly onResponse: (response: FreshResponse) => void;
  /** Samples done; `what` says what is going on. */
  readonly onProgress?: (progress: FreshProgress) => void;
}

export interface FreshProgress {
  readonly done: number;
  readonly total: number;
  readonly what: string;
}

/** Everything that went through `onResponse`, in the order of the samples, and what has no response. */
export interface FreshOutcome {
  readonly responses: readonly FreshResponse[];
  readonly left: readonly LeftSample[];
  /** The model's name or the checkpoint's folder. */
  readonly policy: string;
}

/** A sample with no, or too few, responses. */
export interface LeftSample {
  readonly qid: string;
  readonly reason: string;
}

/** The responses in the order of the samples. */
export function inSampleOrder(samples: readonly PlacedSample[], responses: readonly FreshResponse[]): readonly FreshResponse[] {
  const placeOf = new Map(samples.map(({ sample }, index) => [sample.qid, index]));
  return [...responses].sort((a, b) => (placeOf.get(a.qid) ?? 0) - (placeOf.get(b.qid) ?? 0) || a.index - b.index);
}
