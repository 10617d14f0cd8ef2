import type { Bbox } from '../dataset/sample';
import type { Row } from '../dataset/row';
import { type ImageSize, toPixels } from '../geometry/boxFrame';
import { boxIou } from '../geometry/iou';
import type { BoxFrame } from '../project/project';
import type { ProposalDecision } from './decision';
import type { Proposal } from './proposal';

/** A proposal that overlaps so with what was decided, or with a box of its label, is about the same thing. */
const sameThing = 0.7;

export interface OpenQuestion {
  readonly row: Row;
  readonly frame: BoxFrame;
  readonly size: ImageSize;
  readonly decisions: readonly ProposalDecision[];
  /** Whose proposals these are. */
  readonly hash: string;
  /** Below it nothing is shown; a proposal without a score always is. */
  readonly threshold: number;
}

/** The proposals that wait for a person: sure enough, not decided for this model, and not in the row already. */
export function openProposals(proposals: readonly Proposal[], { row, frame, size, decisions, hash, threshold }: OpenQuestion): readonly Proposal[] {
  const known: { readonly label: string; readonly bbox: Bbox }[] = [
    ...row.boxes.map(({ label, numbers }) => ({ label, bbox: toPixels(numbers, frame, size) })),
    ...decisions.filter(decision => decision.hash === hash).map(({ label, box }) => ({ label, bbox: toPixels(box, frame, size) })),
  ];
  return proposals.filter(({ label, score, bbox }) => (score ?? 1) >= threshold && !known.some(each => each.label === label && boxIou(each.bbox, bbox) >= sameThing));
}
