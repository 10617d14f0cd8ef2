import type { RowFault } from '../dataset/row';
import { topLevelProperties } from '../dataset/topLevelProperties';
import type { Problem } from '../problem';
import type { Columns } from '../project/project';

/** Where a row is: its file, its one-based line and its text. */
export interface RowPlace {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly qid: string | undefined;
}

/** The fault as a problem at its line and, where the field is there, at the column of its value. */
export function problemOfFault(fault: RowFault, place: RowPlace, columns: Columns): Problem {
  return {
    severity: fault.severity,
    rule: fault.rule,
    file: place.file,
    line: place.line,
    column: (fault.offset ?? offsetOfField(fault, place.text, columns)) + 1,
    message: fault.message,
    remedy: fault.remedy,
    ...(place.qid ? { qid: place.qid } : {}),
  };
}

function offsetOfField(fault: RowFault, text: string, columns: Columns): number {
  if (!fault.field) return 0;
  let found = 0;
  for (const { key, value } of topLevelProperties(text)) if (key === columns[fault.field]) found = value; // of two with one name the last is read
  return found;
}
