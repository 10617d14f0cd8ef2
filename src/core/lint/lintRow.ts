import type { ParsedRow, Row, RowFault } from '../dataset/row';
import type { Columns, StageKind } from '../project/project';

/** Everything about one row that can be said without its images: what was found while reading it, and the rules of its fields. */
export function lintRow({ row, faults }: ParsedRow, stage: StageKind, columns: Columns): readonly RowFault[] {
  if (!row) return faults;
  return [...faults, ...textRules(row, stage, columns), ...imageCount(row, columns), ...keyWordRules(row, stage, columns), ...boxLabels(row)];
}

function textRules(row: Row, stage: StageKind, columns: Columns): RowFault[] {
  const found: RowFault[] = [];
  if (row.problem.replaceAll('<image>', '').trim() === '') {
    found.push({ severity: 'error', rule: 'dataset/empty-problem', field: 'problem', message: 'The problem is empty.', remedy: `Write the question into "${columns.problem}".` });
  }
  if (row.answer.trim() === '') {
    // Sampling splits by accuracy in both stages, but only the reasoning stage is rewarded by it.
    const severity = stage === 'reasoning' ? 'error' : 'warning';
    found.push({
      severity, rule: 'dataset/empty-answer', field: 'answer', message: 'The answer is empty: no response can be right.',
      remedy: `Write the answer into "${columns.answer}", or delete the row.`,
    });
  }
  return found;
}

function imageCount(row: Row, columns: Columns): RowFault[] {
  const marks = row.problem.split('<image>').length - 1;
  if (row.images.length === 0) {
    return [{ severity: 'error', rule: 'dataset/no-image', field: 'images', message: 'The row has no image.', remedy: `Name one in "${columns.images}"; both stages look at an image.` }];
  }
  if (marks === row.images.length) return [];
  return [{
    severity: 'error', rule: 'dataset/image-count', field: 'problem',
    message: `The problem has ${marks} <image> and the row ${row.images.length} ${row.images.length === 1 ? 'image' : 'images'}.`,
    remedy: `Put one <image> per entry of "${columns.images}" into the problem; trainers stop at a mismatch.`,
  }];
}

function keyWordRules(row: Row, stage: StageKind, columns: Columns): RowFault[] {
  if (stage !== 'perception') return [];
  if (row.key_words.length > 0 && row.key_words.every(word => word.trim() !== '')) return [];
  const isEmpty = row.key_words.length === 0;
  return [{
    severity: 'warning', rule: 'dataset/empty-key-words', field: 'key_words',
    message: isEmpty ? 'The row has no key words: the key word part of the perception reward says nothing about it.' : 'A key word is empty; it is found in every response.',
    remedy: isEmpty ? `List what a description must name in "${columns.key_words}".` : 'Remove the empty key word.',
  }];
}

function boxLabels(row: Row): RowFault[] {
  return row.boxes.filter(box => box.label.trim() === '').map(box => ({
    severity: 'warning', rule: 'dataset/unnamed-box', field: 'boxes', message: `Box ${box.index + 1} has no label.`, remedy: 'Name it, so that it can be matched with what a response names.',
  }));
}
