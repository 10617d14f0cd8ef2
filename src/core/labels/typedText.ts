import type { CurationChange } from '../curation/curation';
import type { FrameBox } from '../dataset/row';
import type { LabelChange } from './labelChange';

const boxText = (label: string, numbers: FrameBox): string => `${label === '' ? 'a box' : label} at ${numbers.join(', ')}`;

/** What a person typed or drew by a change that cannot be made: told with the reason, so that it can be done again. Empty for what only names what is there. */
export function typedText(change: LabelChange | undefined, decided?: CurationChange): string {
  return [change && ofLabel(change), decided && ofCuration(decided)].filter(Boolean).join('; ');
}

function ofLabel(change: LabelChange): string {
  switch (change.type) {
    case 'setText': return change.value;
    case 'setKeyWords': return `key words ${change.value.join(', ')}`;
    case 'addBox': return boxText(change.label, change.numbers);
    case 'addBoxes': return change.boxes.map(({ label, numbers }) => boxText(label, numbers)).join('; ');
    case 'setBox': return boxText('', change.numbers);
    case 'setBoxes': return change.boxes.map(({ numbers }) => boxText('', numbers)).join('; ');
    case 'renameBox':
    case 'renameBoxes': return `label ${change.label}`;
    case 'several': return change.changes.map(ofLabel).filter(Boolean).join('; ');
    case 'removeBox':
    case 'removeBoxes':
    case 'replaceLine': return '';
  }
}

function ofCuration(change: CurationChange): string {
  switch (change.type) {
    case 'addTag': return `tag ${change.tag}`;
    case 'setNote': return `note ${change.note}`;
    case 'setSecond': return change.second ? [`answer ${change.second.answer}`, ...change.second.boxes.map(({ label, bbox }) => boxText(label, bbox))].join('; ') : '';
    default: return '';
  }
}
