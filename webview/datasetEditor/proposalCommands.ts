import type { ProposalCommand } from '../../src/protocol/editorCommand';
import type { EditorStore } from './editorStore';

/** What the keys of proposed boxes do; over a list of rows only proposing and going to a sample mean something. */
export function proposalCommands(store: EditorStore): Readonly<Record<ProposalCommand, () => void>> {
  const { proposals } = store;
  const labeling = (action: () => void) => () => {
    if (store.mode.value === 'label') action();
  };
  return {
    proposeBoxes: () => void proposals.proposeHere(),
    acceptProposal: labeling(() => void proposals.decide('accepted')),
    rejectProposal: labeling(() => void proposals.decide('rejected')),
    acceptProposals: labeling(() => void proposals.decideAll('accepted')),
    rejectProposals: labeling(() => void proposals.decideAll('rejected')),
    nextProposal: labeling(() => proposals.next()),
    nextWithProposals: () => void proposals.nextSample(),
    chooseProposalModel: () => void proposals.choose(),
  };
}
