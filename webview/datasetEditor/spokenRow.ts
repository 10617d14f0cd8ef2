import { passRate } from '../../src/core/dataset/difficulty';
import type { RowView } from '../../src/protocol/datasetEditor';

/** What a screen reader is told about a sample in a list: what its card or line shows, in one sentence. */
export function spokenRow(view: RowView | undefined): string {
  if (!view) return '';
  const { row, curation, difficulty, problems } = view;
  if (!row) return `line ${view.line}, ${view.text ?? ''}`;
  const shown = curation.difficulty ?? difficulty?.difficulty;
  return [
    row.qid || `line ${view.line}`,
    row.problem.replaceAll('<image>', '').trim(),
    `answer ${row.answer || 'empty'}`,
    row.boxes.length === 1 ? '1 box' : `${row.boxes.length} boxes`,
    shown && `${shown}${difficulty ? ` ${passRate(difficulty)}` : ''}`,
    curation.review === 'todo' ? '' : curation.review,
    curation.tags.length > 0 && `tags ${curation.tags.join(', ')}`,
    problems.length > 0 && (problems.length === 1 ? '1 problem' : `${problems.length} problems`),
    view.isEdited && 'edited, not saved',
  ].filter(Boolean).join(', ');
}
