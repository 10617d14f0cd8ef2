import type { Bbox } from '../dataset/sample';
import type { ImageSize } from '../geometry/boxFrame';

/** A box that a model proposes. It is nothing of the row until a person accepts it. */
export interface Proposal {
  readonly label: string;
  /** How sure the model is, in [0, 1]; null where it does not say. */
  readonly score: number | null;
  /** Pixels of the upright original image, inside it. */
  readonly bbox: Bbox;
}

/** Who proposes. */
export interface ProposalModel {
  /** Names files, so it has letters, digits, `.`, `_` and `-` only. */
  readonly name: string;
  /** Of everything that decides what is proposed; what was rejected is not proposed again under the same one. */
  readonly hash: string;
}

/** What a model proposed for one sample; none is an answer too. */
export interface SampleProposals {
  readonly qid: string;
  /** The first image, as the row names it: for another picture the proposals mean nothing. */
  readonly image: string;
  readonly size: ImageSize;
  readonly date: string;
  readonly proposals: readonly Proposal[];
}

/** Proposals kept of one picture: the surest. */
export const mostProposals = 300;

/** A name that can be part of a file's. */
export function modelName(text: string): string {
  return text.replace(/[^\w.-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '').slice(0, 60) || 'model';
}
