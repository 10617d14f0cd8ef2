import type { RuleId } from '../lint/rules';
import type { Severity } from '../problem';
import type { Columns } from '../project/project';
import type { Sample } from './sample';

/** Four numbers of a box in the dataset's declared frame (`boxFrame`); what they mean is `geometry/boxFrame.ts`'s business. */
export type FrameBox = readonly [number, number, number, number];

export interface RowBox {
  /** Place in the row's own list; entries that are no box are counted, so that an edit hits the right one. */
  readonly index: number;
  readonly label: string;
  readonly numbers: FrameBox;
}

/** One line of a dataset under our names, boxes still in the dataset's own frame. */
export interface Row extends Omit<Sample, 'boxes'> {
  readonly boxes: readonly RowBox[];
}

/** What is wrong with a row; `lint/` adds file and line and makes a `Problem` of it. */
export interface RowFault {
  readonly severity: Severity;
  readonly rule: RuleId;
  readonly message: string;
  readonly remedy: string;
  /** The field it is about, under our name. */
  readonly field?: keyof Columns;
  /** UTF-16 offset into the line, where known. */
  readonly offset?: number;
}

/** How a field is written in the file; a field that is null or not there has no type. */
export type FieldType = 'text' | 'number' | 'boolean' | 'list' | 'object';

/** A row, or none; in both cases with what was found wrong. */
export interface ParsedRow {
  readonly row: Row | undefined;
  readonly faults: readonly RowFault[];
  readonly types: Readonly<Partial<Record<keyof Columns, FieldType>>>;
  /** All fields of the line as they are, `NaN` read as 0; absent where there is no row. */
  readonly fields?: Readonly<Record<string, unknown>>;
}
