import type { Review, StageOverride } from '../../src/core/curation/curation';
import type { Difficulty } from '../../src/core/dataset/sample';
import type { BulkEdit } from '../../src/core/labels/bulkEdit';

interface BulkField {
  readonly name: string;
  readonly title: string;
  readonly isNeeded?: boolean;
  /** Labels of boxes are offered. */
  readonly isLabel?: boolean;
  readonly options?: readonly { readonly value: string; readonly title: string }[];
}

interface BulkAction {
  readonly name: string;
  readonly fields: readonly BulkField[];
  /** The edit for what stands in the fields, in their order. */
  readonly edit: (texts: readonly string[]) => BulkEdit;
}

const needed = (name: string, title: string): BulkField => ({ name, title, isNeeded: true });
const label = (name: string, title: string): BulkField => ({ name, title, isNeeded: true, isLabel: true });
const choice = (name: string, ...options: readonly (readonly [value: string, title: string])[]): BulkField => ({ name, title: name, options: options.map(([value, title]) => ({ value, title })) });
const text = (texts: readonly string[], at = 0): string => (texts[at] ?? '').trim();

/** What can be done to many rows at once, in the order of the menu. */
export const bulkActions: readonly BulkAction[] = [
  { name: 'Add tag', fields: [needed('tag', 'Tag')], edit: texts => ({ type: 'addTag', tag: text(texts) }) },
  { name: 'Remove tag', fields: [needed('tag', 'Tag')], edit: texts => ({ type: 'removeTag', tag: text(texts) }) },
  { name: 'Review', fields: [choice('review', ['accepted', 'accepted'], ['rejected', 'rejected'], ['todo', 'to do'])], edit: texts => ({ type: 'setReview', review: text(texts) as Review }) },
  {
    name: 'Move to stage', fields: [choice('stage', ['perception', 'perception'], ['reasoning', 'reasoning'], ['warm-up', 'warm-up'], ['excluded', 'excluded from training'], ['', 'by difficulty'])],
    edit: texts => ({ type: 'setStage', stage: text(texts) === '' ? null : (text(texts) as StageOverride) }),
  },
  {
    name: 'Set difficulty', fields: [choice('difficulty', ['easy', 'easy'], ['medium', 'medium'], ['hard', 'hard'], ['', 'as sampled'])],
    edit: texts => ({ type: 'setDifficulty', difficulty: text(texts) === '' ? null : (text(texts) as Difficulty) }),
  },
  { name: 'Set answer', fields: [{ name: 'answer', title: 'Answer' }], edit: texts => ({ type: 'setAnswer', value: texts[0] ?? '' }) },
  { name: 'Replace in answer', fields: [needed('find', 'Find'), { name: 'replace', title: 'Replace by' }], edit: texts => ({ type: 'replaceInAnswer', find: texts[0] ?? '', replace: texts[1] ?? '' }) },
  { name: 'Add key word', fields: [needed('word', 'Key word')], edit: texts => ({ type: 'addKeyWord', word: text(texts) }) },
  { name: 'Remove key word', fields: [needed('word', 'Key word')], edit: texts => ({ type: 'removeKeyWord', word: text(texts) }) },
  { name: 'Rename label', fields: [label('from', 'Label'), label('to', 'New label')], edit: texts => ({ type: 'renameLabel', from: text(texts), to: text(texts, 1) }) },
  { name: 'Delete boxes of label', fields: [label('label', 'Label')], edit: texts => ({ type: 'deleteBoxes', label: text(texts) }) },
  { name: 'Delete rows', fields: [], edit: () => ({ type: 'deleteRows' }) },
];
