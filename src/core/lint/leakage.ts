import type { Row, RowFault } from '../dataset/row';
import { textHash } from '../dataset/textHash';

/** What makes a row the same question: its images, and its problem but for blanks and letter case. */
export function questionHash({ images, problem }: Row): number {
  return textHash(`${images.join('\0')}\0${problem.replace(/\s+/g, ' ').trim().toLowerCase()}`);
}

/** What a held-out row shares with a training row; undefined where it is neither the question nor an image. */
export function leakFault(heldOut: Row, training: Row): RowFault | undefined {
  const shared = heldOut.images.find(image => training.images.includes(image));
  if (shared === undefined) return undefined;
  if (questionHash(heldOut) === questionHash(training)) {
    return { severity: 'error', rule: 'dataset/leaked-row', field: 'problem', message: `Image and problem are those of the training row ${training.qid}.`, remedy: 'Remove the row here or there.' };
  }
  return { severity: 'warning', rule: 'dataset/leaked-image', field: 'images', message: `The image "${shared}" is that of the training row ${training.qid}.`, remedy: 'Keep all rows of an image on one side.' };
}
