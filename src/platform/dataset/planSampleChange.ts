import type { CurationEdit } from '../../core/curation/curatedSamples';
import type { CurationChange } from '../../core/curation/curation';
import { originEdit, withOrigins } from '../../core/curation/fromRollout';
import { parseRow } from '../../core/dataset/parseRow';
import type { Row } from '../../core/dataset/row';
import { AppError } from '../../core/errors';
import { describeBulk } from '../../core/labels/bulkEdit';
import type { DatasetEdits } from '../../core/labels/datasetEdits';
import type { EditStep } from '../../core/labels/editHistory';
import { applyChange, describeChange, type LabelChange } from '../../core/labels/labelChange';
import type { Columns } from '../../core/project/project';
import { followEdits, type ProposalDecision } from '../../core/proposals/decision';
import type { RowText } from './datasetFile';
import { typedInWords } from './placeOfSeen';

/** What a person does to one sample. */
export interface SampleChange {
  /** Absent where something is only decided. */
  readonly change: LabelChange | undefined;
  /** What is decided about proposed boxes, or about the sample. */
  readonly decided: readonly ProposalDecision[] | CurationChange;
  /** The words of it, told where it cannot be done. */
  readonly typed: string;
  /** The rollouts that led to samples, by qid. */
  readonly origins: ReadonlyMap<string, string>;
}

/** The step that a change of one sample is; `undefined` when it changes nothing. Throws `argument.invalid` when the line is no row or deleted, or a decision has no sample to be about. */
export function planSampleChange({ row: index, line, text }: RowText, edits: DatasetEdits, columns: Columns, { change, decided, typed, origins }: SampleChange): EditStep | undefined {
  const refuse = (argument: string, reason: string): never => {
    throw new AppError('argument.invalid', { argument, reason });
  };
  const now = edits.textOf(index, text);
  if (now === null) return refuse(`row ${index + 1}`, `it is deleted; undo that first.${typedInWords(typed)}`);
  const { row } = parseRow(now, columns);
  if (!row) return refuse(`line ${line}`, `it is no row that can be edited here. Correct it in the text editor.${typedInWords(typed)}`);
  const isDecision = 'type' in decided || decided.length > 0;
  if (isDecision && row.qid === '') return refuse(`line ${line}`, 'it has no id, so nothing can be remembered about it. Give it one first.');
  const after = change ? applyChange(now, change, columns) : now;
  const edit = change && edits.rows.planned(index, text, now, after);
  const decision = 'type' in decided ? edits.curation.planned([row.qid], decided) : proposalsEdit(row.qid, decided, after, edits, columns);
  const curation = withOrigins(decision, origins) ?? (edit && originEdit(row.qid, edits.curation.of(row.qid), origins));
  return edit || curation ? { label: labelOf(change, decided, row), rows: edit ? [edit] : [], curation } : undefined;
}

/** What a sample's decisions about proposals become when its line becomes `text`: new ones are added, and accepted boxes that are others now are marked. */
function proposalsEdit(qid: string, decided: readonly ProposalDecision[], text: string, { curation }: DatasetEdits, columns: Columns): CurationEdit | undefined {
  const before = qid === '' ? [] : (curation.of(qid).proposals ?? []);
  if (before.length + decided.length === 0) return undefined;
  const proposals = followEdits([...before, ...decided], parseRow(text, columns).row?.boxes ?? []);
  return curation.planned([qid], { type: 'setProposals', proposals });
}

/** As the undo menu names it. */
function labelOf(change: LabelChange | undefined, decided: SampleChange['decided'], row: Row): string {
  if (change) return describeChange(change, row);
  if ('type' in decided) return describeBulk(decided);
  return `Reject ${decided.length === 1 ? 'a proposed box' : `${decided.length} proposed boxes`}`;
}
