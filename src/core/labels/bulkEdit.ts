import type { CurationChange } from '../curation/curation';
import type { Columns } from '../project/project';
import { asBefore } from './labelChange';
import { JsonLine } from './jsonLine';

/** A change of the rows themselves, the same for many. */
export type RowBulkEdit =
  | { readonly type: 'setAnswer'; readonly value: string }
  | { readonly type: 'replaceInAnswer'; readonly find: string; readonly replace: string }
  | { readonly type: 'setKeyWords'; readonly value: readonly string[] }
  | { readonly type: 'addKeyWord'; readonly word: string }
  | { readonly type: 'removeKeyWord'; readonly word: string }
  | { readonly type: 'renameLabel'; readonly from: string; readonly to: string }
  | { readonly type: 'deleteBoxes'; readonly label: string }
  | { readonly type: 'deleteRows' };

/** What a person does to many samples at once; one step of undo. */
export type BulkEdit = CurationChange | RowBulkEdit;

/** The row's line afterwards (null: the row goes), or why this row cannot be changed so. */
export type BulkResult = { readonly text: string | null; readonly refused?: undefined } | { readonly refused: string; readonly text?: undefined };

const curationTypes: readonly BulkEdit['type'][] = ['addTag', 'removeTag', 'setReview', 'setNote', 'setStage', 'setDifficulty', 'setSecond', 'setProposals'] satisfies readonly CurationChange['type'][];

/** Whether only the curation file is touched, and no row. */
export function isCurationEdit(edit: BulkEdit): edit is CurationChange {
  return curationTypes.includes(edit.type);
}

/** Words for the undo menu and the preview. */
export function describeBulk(edit: BulkEdit): string {
  switch (edit.type) {
    case 'addTag': return `Add tag ${edit.tag}`;
    case 'removeTag': return `Remove tag ${edit.tag}`;
    case 'setReview': return edit.review === 'todo' ? 'Mark as to review' : `Mark as ${edit.review}`;
    case 'setNote': return edit.note === '' ? 'Delete note' : 'Write note';
    case 'setStage': return edit.stage === null ? 'Send where the difficulty says' : edit.stage === 'excluded' ? 'Exclude from training' : `Send to ${edit.stage}`;
    case 'setDifficulty': return edit.difficulty === null ? 'Take the difficulty that sampling found' : `Set difficulty to ${edit.difficulty}`;
    case 'setSecond': return edit.second === null ? 'Delete the second labels' : edit.second.settled ? 'Settle the second labels' : 'Second labels';
    case 'setProposals': return 'Decide about proposed boxes';
    case 'setAnswer': return `Set answer to ${edit.value}`;
    case 'replaceInAnswer': return `Replace ${edit.find} in answers by ${edit.replace || 'nothing'}`;
    case 'setKeyWords': return `Set key words to ${edit.value.join(', ') || 'none'}`;
    case 'addKeyWord': return `Add key word ${edit.word}`;
    case 'removeKeyWord': return `Remove key word ${edit.word}`;
    case 'renameLabel': return `Rename label ${edit.from} to ${edit.to}`;
    case 'deleteBoxes': return `Delete boxes of ${edit.label}`;
    case 'deleteRows': return 'Delete rows';
  }
}

/** One row of a bulk edit. Everything that the edit does not name stays to the letter; a row that already is so comes back as it is. */
export function applyBulk(text: string, edit: RowBulkEdit, columns: Columns): BulkResult {
  if (edit.type === 'deleteRows') return { text: null };
  const word = searched(edit);
  if (word !== undefined && !mayHold(text, word)) return { text };
  try {
    return applyTo(new JsonLine(text), edit, columns);
  } catch {
    return { refused: 'It is no row that can be edited here; correct the line in the text editor.' };
  }
}

function applyTo(line: JsonLine, edit: Exclude<RowBulkEdit, { type: 'deleteRows' }>, columns: Columns): BulkResult {
  const { text } = line;
  switch (edit.type) {
    case 'setAnswer':
    case 'replaceInAnswer': {
      const type = line.typeOf([columns.answer]);
      if (type === 'array' || type === 'object') return { refused: `Its answer is ${type === 'array' ? 'a list' : 'an object'}.` };
      const now = line.scalarAt([columns.answer]);
      const old = now === undefined || now === null ? '' : String(now as string | number | boolean);
      const value = edit.type === 'setAnswer' ? edit.value : edit.find === '' ? old : old.replaceAll(edit.find, () => edit.replace);
      return { text: value === old && (edit.type === 'replaceInAnswer' || typeof now === 'string' || typeof now === 'number') ? text : line.set([columns.answer], asBefore(line, columns.answer, value)) };
    }
    case 'setKeyWords':
    case 'addKeyWord':
    case 'removeKeyWord': return withKeyWords(line, edit, columns.key_words);
    case 'renameLabel': return { text: eachBox(line, edit.from, columns, (now, index) => now.set([columns.boxes, index, 'label'], edit.to)) };
    case 'deleteBoxes': return { text: eachBox(line, edit.label, columns, (now, index) => now.remove([columns.boxes], index)) };
  }
}

function withKeyWords(line: JsonLine, edit: Extract<RowBulkEdit, { type: 'setKeyWords' | 'addKeyWord' | 'removeKeyWord' }>, field: string): BulkResult {
  const words = line.textsAt([field]);
  if (!words) return { refused: 'Its key words are no list of texts.' };
  if (edit.type === 'setKeyWords') {
    const isSame = line.typeOf([field]) === 'array' && words.length === edit.value.length && words.every((word, index) => word === edit.value[index]);
    return { text: isSame ? line.text : line.set([field], edit.value) };
  }
  if (edit.type === 'addKeyWord') {
    if (words.includes(edit.word)) return { text: line.text };
    return { text: line.typeOf([field]) === 'string' ? line.set([field], [...words, edit.word]) : line.append([field], edit.word) };
  }
  if (line.typeOf([field]) === 'string') return { text: words[0] === edit.word ? line.set([field], []) : line.text };
  const places = words.flatMap((word, index) => (word === edit.word ? [index] : []));
  return { text: places.reduceRight((now, index) => new JsonLine(now).remove([field], index), line.text) };
}

/** Changes the boxes of a label, the last first, so that the numbers of those before stay. */
function eachBox(line: JsonLine, label: string, columns: Columns, change: (line: JsonLine, index: number) => string): string {
  const places = line.placesOf([columns.boxes], 'label', label);
  return places.reduceRight((now, index) => change(now === line.text ? line : new JsonLine(now), index), line.text);
}

/** A text without which the row stays as it is. */
function searched(edit: RowBulkEdit): string | undefined {
  if (edit.type === 'renameLabel') return edit.from;
  if (edit.type === 'deleteBoxes') return edit.label;
  if (edit.type === 'removeKeyWord') return edit.word;
  return edit.type === 'replaceInAnswer' ? edit.find : undefined;
}

/** Without a backslash every text stands in JSON as it is; a number may be written in many ways. Saves parsing most rows of a million. */
function mayHold(text: string, word: string): boolean {
  return text.includes(word) || text.includes('\\') || /["\\\d]|^(?:true|false)$/.test(word);
}
