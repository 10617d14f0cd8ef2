import * as vscode from 'vscode';
import { partialRemedies } from '../../core/proposals/proposalRemedies';
import type { ProposeOutcome } from '../../platform/proposals/proposeRows';
import { type FailedProposals, offerRemedies } from './mendProposals';

const samples = (count: number): string => (count === 1 ? '1 sample' : `${count.toLocaleString('en')} samples`);

/** What a model found, and what it could not be asked, with buttons that may mend it; of a single sample that went well the picture tells. */
export function tellProposed({ asked, known, proposals, left, notes }: ProposeOutcome, model: string, isOne: boolean, failed: FailedProposals): void {
  const warn = (message: string): void => void offerRemedies(failed, vscode.window.showWarningMessage, message, partialRemedies([...left, ...notes].map(({ reason }) => reason)));
  const [first] = left;
  const [note] = notes;
  if (isOne && first) return warn(`${model} cannot be asked about ${first.qid || `line ${first.line}`}: ${first.reason}`);
  if (isOne && note) return warn(`${model}, ${note.qid}: ${note.reason}`);
  if (isOne) return;
  const text = [
    `${model} looked at ${samples(asked)}${known > 0 ? ` (${samples(known)} had been looked at before)` : ''}: ${proposals.toLocaleString('en')} boxes. Nothing is in the rows before you accept it.`,
    left.length > 0 ? `${samples(left.length)} left out, first ${first?.qid || `line ${first?.line}`}: ${first?.reason}.` : '',
    notes.length > 0 ? `${samples(notes.length)} with something that could not be used, first ${note?.qid}: ${note?.reason}.` : '',
  ].filter(Boolean).join(' ');
  if (left.length + notes.length > 0) warn(text);
  else void vscode.window.showInformationMessage(text);
}
