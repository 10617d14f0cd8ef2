import { boxIou } from '../geometry/iou';
import { mostProposals, type Proposal } from './proposal';

/** Two of one label that overlap so are one thing. */
const sameLabel = 0.5;
/** Two of different labels that overlap so are one thing under two names. */
const anyLabel = 0.8;

/** Non-maximum suppression: the surest first, without those that show what a surer one shows. Proposals without a score keep their order. */
export function suppress(proposals: readonly Proposal[], most = mostProposals): readonly Proposal[] {
  const kept: Proposal[] = [];
  for (const proposal of [...proposals].sort((a, b) => (b.score ?? 1) - (a.score ?? 1))) {
    if (kept.length >= most) break;
    const isShown = kept.some(other => boxIou(other.bbox, proposal.bbox) > (other.label === proposal.label ? sameLabel : anyLabel));
    if (!isShown) kept.push(proposal);
  }
  return kept;
}
