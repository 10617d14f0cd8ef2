import type { FrameBox, RowBox } from '../dataset/row';
import { type JsonObject, numberOf, textOf } from '../parsedLine';

/** What a person decided about a proposal, and whose it was; kept in the curation of the sample. */
export interface ProposalDecision {
  readonly verdict: 'accepted' | 'rejected';
  /** Name and hash of the model. */
  readonly model: string;
  readonly hash: string;
  readonly label: string;
  readonly score: number | null;
  /** In the frame of the dataset: as an accepted one came into the row. */
  readonly box: FrameBox;
  readonly date: string;
  /** An accepted box was moved, renamed or deleted by hand afterwards. */
  readonly isEdited: boolean;
}

/** Reads what a curation line says of proposals; entries that are none are left out. */
export function parseDecisions(value: unknown): readonly ProposalDecision[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return [];
    const { verdict, model, hash, label, score, box, date, edited } = entry as JsonObject;
    if ((verdict !== 'accepted' && verdict !== 'rejected') || !isFrameBox(box)) return [];
    return [{
      verdict, model: textOf(model) ?? '', hash: textOf(hash) ?? '', label: textOf(label) ?? '', score: numberOf(score) ?? null,
      box, date: textOf(date) ?? '', isEdited: edited === true,
    }];
  });
}

export function printDecision({ isEdited, ...decision }: ProposalDecision): object {
  return { ...decision, edited: isEdited };
}

/** Whether each accepted box is still in the row as it was accepted. Returns `decisions` itself where nothing changes. */
export function followEdits(decisions: readonly ProposalDecision[], boxes: readonly RowBox[]): readonly ProposalDecision[] {
  const followed = decisions.map(decision => {
    const isEdited = decision.verdict === 'accepted' && !boxes.some(({ label, numbers }) => label === decision.label && numbers.every((number, at) => number === decision.box[at]));
    return isEdited === decision.isEdited ? decision : { ...decision, isEdited };
  });
  return followed.some((decision, at) => decision !== decisions[at]) ? followed : decisions;
}

export function decisionKey(decision: ProposalDecision): string {
  return JSON.stringify(printDecision(decision));
}

function isFrameBox(value: unknown): value is FrameBox {
  return Array.isArray(value) && value.length === 4 && value.every(entry => typeof entry === 'number' && Number.isFinite(entry));
}
