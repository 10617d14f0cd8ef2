import type { Proposal } from '../../src/core/proposals/proposal';
import type { CanvasBox } from '../shared/canvasPaint';
import { scoreText } from './proposalPanel';

/** Proposed boxes as the canvas shows them: dashed, with how sure the model is; the marked one fuller. */
export function proposalGhosts(open: readonly Proposal[], marked: Proposal | undefined, isNamed: boolean): readonly CanvasBox[] {
  return open.map(proposal => ({
    bbox: proposal.bbox,
    label: isNamed || proposal === marked ? `${proposal.label}? ${scoreText(proposal)}` : '',
    look: 'prediction',
    isDashed: true,
    isSelected: proposal === marked,
  }));
}
