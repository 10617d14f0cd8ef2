import type { ProposalModel, SampleProposals } from './proposal';

/** What the chosen model proposed for a row; absent where it was not asked about this picture. */
export type ProposalView = Pick<SampleProposals, 'size' | 'proposals'>;

/** Who proposes in an editor, and how sure a proposal has to be unless the person says otherwise. */
export interface ProposalSource extends ProposalModel {
  readonly threshold: number;
}
