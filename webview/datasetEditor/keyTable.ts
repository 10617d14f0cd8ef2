import type { KeyGroup, KeyRow } from '../shared/keys';

const command = (name: string, what: string, ...keys: readonly string[]): KeyRow => ({ keys, what, command: `pebr.editor.${name}` });

const eachWay = (name: string): readonly string[] => ['Left', 'Right', 'Up', 'Down'].map(direction => `pebr.editor.${name}${direction}`);

/** Every key of the dataset editor, as the help shows it. */
export const keyTable: readonly KeyGroup[] = [
  {
    title: 'Samples',
    rows: [
      command('previousSample', 'Previous sample', 'a'),
      command('nextSample', 'Next sample', 'd'),
      command('goToSample', 'Go to a sample', 'ctrl+g'),
      command('find', 'Search rows', '/'),
      command('showLabel', 'One sample', 'shift+l'),
      command('showGrid', 'Rows as a grid', 'shift+g'),
      command('showTable', 'Rows as a table', 'shift+t'),
    ],
  },
  {
    title: 'Drawing',
    rows: [
      command('drawBox', 'Draw boxes, or stop', 'b'),
      command('nextDrawMode', 'By drag, two corners or four extreme points', 'shift+b'),
      command('setLabel', 'Name the selected boxes, or ready a label for the next ones', '1', '2', '3', '4', '5', '6', '7', '8', '9'),
      command('renameBox', 'Name by letters', 'e'),
      { keys: ['ctrl'], what: 'Held while drawing or moving: do not snap to edges' },
      { keys: ['escape'], what: 'Drop the gesture, then stop drawing, then unselect' },
    ],
  },
  {
    title: 'Boxes',
    rows: [
      { keys: ['click again'], what: 'Select the box under the selected one' },
      command('nextBoxHere', 'Next box under the pointer', 's'),
      { keys: ['tab', 'shift+tab'], what: 'Next box, box before' },
      { keys: ['shift+click', 'shift+drag'], what: 'Select more boxes, all in a region' },
      command('selectAllBoxes', 'Select all boxes', 'ctrl+a'),
      { keys: ['arrows'], what: 'Move by one pixel', alsoBy: eachWay('moveBox') },
      { keys: ['shift+arrows'], what: 'Move by ten', alsoBy: eachWay('moveBoxFar') },
      { keys: ['alt+arrows'], what: 'Resize', alsoBy: eachWay('resizeBox') },
      command('deleteBox', 'Delete', 'delete'),
      command('copyBoxes', 'Copy', 'ctrl+c'),
      command('pasteBoxes', 'Paste', 'ctrl+v'),
      command('duplicateBoxes', 'Duplicate', 'shift+d'),
      command('copyPreviousBoxes', 'Copy the boxes of the sample before', 'c'),
    ],
  },
  {
    title: 'Proposed boxes',
    rows: [
      command('proposeBoxes', 'Propose boxes for the sample, or the selected rows', 'p'),
      command('acceptProposal', 'Accept the marked one', 'g'),
      command('rejectProposal', 'Reject the marked one', 'x'),
      command('acceptProposals', 'Accept all', 'shift+a'),
      command('rejectProposals', 'Reject all', 'shift+x'),
      command('nextProposal', 'Mark the next one', 'w'),
      command('nextWithProposals', 'Next sample with proposed boxes', 'shift+n'),
      command('chooseProposalModel', 'Choose who proposes boxes'),
    ],
  },
  {
    title: 'View',
    rows: [
      { keys: ['wheel'], what: 'Zoom at the pointer' },
      { keys: ['space+drag'], what: 'Move the picture; so does dragging beside boxes' },
      command('zoomToBox', 'Zoom to the selected boxes', 'z'),
      command('fitImage', 'The whole picture', 'f'),
      command('hideBoxes', 'Hide names, then boxes, then show all', 'h'),
    ],
  },
  {
    title: 'Answer and review',
    rows: [
      command('focusAnswer', 'Edit the answer; a letter then chooses an option, Enter or Esc goes back to the picture', 'q'),
      command('chooseOption', 'Choose an option', ...[...'abcdefgh'].map(letter => `alt+${letter}`)),
      command('takeMajority', 'Take the answer of most responses', 'm'),
      command('showDoubts', 'Samples whose responses deny the answer', 'shift+m'),
      command('focusKeyWords', 'Edit the key words', 'k'),
      command('takeKeyWord', 'Take a suggested key word', ...['1', '2', '3', '4', '5', '6', '7', '8', '9'].map(digit => `shift+${digit}`)),
      command('nextToReview', 'Next sample to review', 'n'),
      command('accept', 'Accept the sample', 'y'),
      command('reject', 'Reject the sample', 'u'),
      command('secondPass', 'Label blindly a second time, or stop', 'shift+s'),
      { keys: ['ctrl+z'], what: 'Undo', command: 'undo' },
      { keys: ['ctrl+y'], what: 'Redo', command: 'redo' },
      { keys: ['ctrl+s'], what: 'Save', command: 'workbench.action.files.save' },
      command('help', 'This help', 'shift+/'),
    ],
  },
];
