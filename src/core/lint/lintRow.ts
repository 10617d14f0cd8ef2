import type { ParsedRow, Row, RowFault } from '../dataset/row';
import type { Columns, StageKind } from '../project/project';
import { lintAnswer } from './lintAnswer';
import { lintKeyWords } from './lintKeyWords';

/** How the rows of a dataset are judged. */
export interface RowRules {
  readonly stage: StageKind;
  readonly columns: Columns;
  /** Tokens that a prompt may have; null where nobody knows. */
  readonly maxPromptTokens: number | null;
}

/** Everything about one row that can be said without its images: what was found while reading it, and the rules of its fields. */
export function lintRow({ row, faults }: ParsedRow, rules: RowRules): readonly RowFault[] {
  if (!row) return faults;
  return joined([faults, problemRules(row, rules), lintAnswer(row, rules), imageRules(row, rules), lintKeyWords(row, rules), boxLabels(row)]);
}

/** The lists in one; where at most one of them holds anything, nothing is made: that is nearly every row. */
export function joined(lists: readonly (readonly RowFault[])[]): readonly RowFault[] {
  const full = lists.filter(list => list.length > 0);
  return full.length > 1 ? full.flat() : (full[0] ?? none);
}

const none: readonly RowFault[] = [];

function problemRules(row: Row, { columns, maxPromptTokens }: RowRules): readonly RowFault[] {
  const text = row.problem.replaceAll('<image>', '').trim();
  if (text === '') {
    return [{ severity: 'error', rule: 'dataset/empty-problem', field: 'problem', message: 'The problem is empty.', remedy: `Write the question into "${columns.problem}".` }];
  }
  const words = maxPromptTokens === null || text.length <= maxPromptTokens ? 0 : wordsOf(text);
  if (maxPromptTokens === null || words <= maxPromptTokens) return none;
  return [{
    severity: 'warning', rule: 'dataset/long-prompt', field: 'problem', message: `The problem has at least ${words} words, and a prompt may have ${maxPromptTokens} tokens.`,
    remedy: 'Shorten it, or raise "policy.maxPromptTokens" in pebr.json.',
  }];
}

/** Characters of writing without blanks between words; hardly a word of it is longer than four. */
const unspaced = /[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]/g;

/** A token is at most a word, so this counts too few: what is told is certain. */
function wordsOf(text: string): number {
  const characters = text.match(unspaced)?.length ?? 0;
  return Math.ceil(characters / 4) + (text.replace(unspaced, ' ').match(/\S+/g)?.length ?? 0);
}

function imageRules(row: Row, { columns }: RowRules): readonly RowFault[] {
  if (row.images.length === 0) {
    return [{ severity: 'error', rule: 'dataset/no-image', field: 'images', message: 'The row has no image.', remedy: `Name one in "${columns.images}"; both stages look at an image.` }];
  }
  const found: RowFault[] = [];
  const marks = countMarks(row.problem);
  if (marks !== row.images.length) {
    found.push({
      severity: 'error', rule: 'dataset/image-count', field: 'problem',
      message: `The problem has ${marks} <image> and the row ${row.images.length} ${row.images.length === 1 ? 'image' : 'images'}.`,
      remedy: `Put one <image> per entry of "${columns.images}" into the problem; trainers stop at a mismatch.`,
    });
  }
  const repeated = row.images.length < 2 ? undefined : row.images.find((name, index) => row.images.indexOf(name) < index);
  if (repeated !== undefined) {
    found.push({ severity: 'warning', rule: 'dataset/repeated-image', field: 'images', message: `The row names the image "${repeated}" twice.`, remedy: 'Remove one, and its <image> in the problem.' });
  }
  return found;
}

/** `<image>` placeholders of a problem. */
export function countMarks(problem: string): number {
  let count = 0;
  for (let at = problem.indexOf('<image>'); at !== -1; at = problem.indexOf('<image>', at + 1)) count++;
  return count;
}

function boxLabels(row: Row): readonly RowFault[] {
  if (row.boxes.every(box => box.label !== '' && box.label.trim() !== '')) return none;
  return row.boxes.filter(box => box.label.trim() === '').map(box => ({
    severity: 'warning', rule: 'dataset/unnamed-box', field: 'boxes', message: `Box ${box.index + 1} has no label.`, remedy: 'Name it, so that it can be matched with what a response names.',
  }));
}
