import type { ImageSize } from '../../core/geometry/boxFrame';
import type { Proposal, ProposalModel } from '../../core/proposals/proposal';

/** One picture to propose boxes for. */
export interface ProposalRequest {
  /** Absolute path of an image that is inside the image root. */
  readonly image: string;
  /** Labels and key words: what a model that takes words looks for, and what classes of others are named by. */
  readonly labels: readonly string[];
}

export interface ProposalReply {
  /** Of the upright image. */
  readonly size: ImageSize;
  readonly proposals: readonly Proposal[];
  /** What of the model's answer could not be used. */
  readonly note?: string;
}

/** A model that is ready to propose: a detector in a process of its own, or an endpoint. */
export interface Proposer {
  readonly model: ProposalModel;
  /** Pictures that are worth asking about at a time. */
  readonly concurrency: number;
  /** Throws `detector.failed` and `RefusedRequest` for a picture that alone is at fault, anything else where no picture would do better. */
  propose(request: ProposalRequest, signal: AbortSignal): Promise<ProposalReply>;
  dispose(): void;
}
