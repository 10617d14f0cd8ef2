/** Where a key moves a box, or its lower right corner. */
export type Direction = 'Left' | 'Right' | 'Up' | 'Down';

/** A box by one step, by ten, or its corner alone. */
export type NudgeKind = 'move' | 'moveFar' | 'resize';

export type NudgeCommand = `${NudgeKind}${Direction}`;

/** One sample with its picture, or many: as cards, or as lines. */
export type EditorMode = 'label' | 'grid' | 'table';

/** What happens to boxes by key. */
export type BoxCommand =
  | 'drawBox' | 'nextDrawMode' | 'deleteBox' | 'renameBox' | 'setLabel' | 'selectAllBoxes' | 'nextBoxHere'
  | 'copyBoxes' | 'pasteBoxes' | 'duplicateBoxes' | 'copyPreviousBoxes' | 'hideBoxes' | 'zoomToBox' | NudgeCommand;

export type ProposalCommand = 'proposeBoxes' | 'acceptProposal' | 'rejectProposal' | 'acceptProposals' | 'rejectProposals' | 'nextProposal' | 'nextWithProposals' | 'chooseProposalModel';

/** What happens to answers, key words and second labels by key. */
export type AnswerCommand = 'chooseOption' | 'takeKeyWord' | 'takeMajority' | 'showDoubts' | 'secondPass';

export type EditorCommand = BoxCommand | ProposalCommand | AnswerCommand | 'help' | 'previous' | 'nextToReview' | 'accept' | 'reject' | 'next' | 'fit' | 'focusAnswer' | 'focusKeyWords' | 'find' | 'selectAll' | EditorMode;

/** What VS Code does with the steps of a document. */
export type WorkbenchCommand = 'undo' | 'redo' | 'workbench.action.files.save';
