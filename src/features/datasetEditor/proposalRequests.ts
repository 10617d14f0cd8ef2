import { AppError } from '../../core/errors';
import type { LabelChange } from '../../core/labels/labelChange';
import type { ProposalDecision } from '../../core/proposals/decision';
import type { DatasetEditorContract, DecideParams } from '../../protocol/datasetEditor';
import type { Handlers } from '../../protocol/rpc';
import type { DatasetDocument } from './document';
import type { Edit } from './panelRequests';
import type { PanelRows } from './panelRows';
import type { Proposals } from './proposals';
import { nextWaiting } from './waitingProposals';

interface ProposalParts {
  readonly document: DatasetDocument;
  readonly rows: PanelRows;
  readonly proposals: Proposals;
  readonly labels: () => Promise<readonly string[]>;
  readonly edit: Edit;
}

export type ProposalRequestName = 'propose' | 'chooseProposalModel' | 'decide' | 'nextWithProposals';

/** What the page asks about proposed boxes. Only `decide` changes something: a person's word, one step of undo with the boxes that it adds. */
export function proposalRequests({ document, rows, proposals, labels, edit }: ProposalParts): Pick<Handlers<DatasetEditorContract>, ProposalRequestName> {
  return {
    propose: async ({ rows: chosen }) => {
      await proposals.propose(chosen, await labels());
      return null;
    },
    chooseProposalModel: async () => ({ isChosen: await proposals.choose() }),
    decide: async params => {
      const source = await proposals.source();
      if (!source) throw new AppError('argument.invalid', { argument: 'proposals', reason: 'the model that proposed them is not there any more. Choose one.' });
      const decided = decisionsOf(params, source.name, source.hash, new Date().toISOString());
      await edit(() => document.change(params.index, changeOf(params), decided, params.seen));
      return rows.changed(params.index);
    },
    nextWithProposals: async ({ rows: order, threshold }) => ({ index: await nextWaiting(document, proposals, order, threshold) }),
  };
}

function decisionsOf({ verdict, boxes }: DecideParams, model: string, hash: string, date: string): readonly ProposalDecision[] {
  return boxes.map(({ label, score, numbers }) => ({ verdict, model, hash, label, score, box: numbers, date, isEdited: false }));
}

function changeOf({ verdict, boxes }: DecideParams): LabelChange | undefined {
  if (verdict === 'rejected') return undefined;
  const [first] = boxes;
  return { type: 'addBoxes', boxes: boxes.map(({ label, numbers }) => ({ label, numbers })), title: boxes.length === 1 && first ? `Accept ${first.label}` : `Accept ${boxes.length} proposed boxes` };
}
