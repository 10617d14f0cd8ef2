import type { Curation } from '../curation/curation';
import { parseRow } from '../dataset/parseRow';
import type { Columns } from '../project/project';
import type { BulkEdit } from './bulkEdit';
import type { LineText } from './rowEdit';

const longest = 200;

/** What of a row or its curation a bulk edit is about, in a few words; shown before and after. */
export function bulkExample(edit: BulkEdit, text: LineText, curation: Curation, columns: Columns): string {
  const row = text === null ? undefined : parseRow(text, columns).row;
  const words = ((): string => {
    switch (edit.type) {
      case 'addTag':
      case 'removeTag': return curation.tags.join(', ');
      case 'setReview': return curation.review;
      case 'setNote': return curation.note;
      case 'setStage': return curation.stage ?? '';
      case 'setDifficulty': return curation.difficulty ?? '';
      case 'setSecond': return curation.second?.answer ?? '';
      case 'setProposals': return `${(curation.proposals ?? []).length} decided`;
      case 'setAnswer':
      case 'replaceInAnswer': return row?.answer ?? '';
      case 'setKeyWords':
      case 'addKeyWord':
      case 'removeKeyWord': return row?.key_words.join(', ') ?? '';
      case 'renameLabel':
      case 'deleteBoxes': return row?.boxes.map(({ label }) => label).join(', ') ?? '';
      case 'deleteRows': return text === null ? '' : (row?.problem ?? text);
    }
  })();
  return words.length > longest ? `${words.slice(0, longest)}…` : words;
}
