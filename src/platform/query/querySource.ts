import type { Curation } from '../../core/curation/curation';
import type { Severity } from '../../core/problem';
import type { BoxFrame, Columns } from '../../core/project/project';
import type { DatasetFile } from '../dataset/datasetFile';

/** What a dataset's queries look at. The functions are asked again after `refresh`. */
export interface QuerySource {
  /** The version of the file whose row numbers the answers use; it stays open as long as the queries. */
  readonly dataset: DatasetFile;
  readonly columns: Columns;
  /** Frame of the rows' boxes; pixels where it is not said. */
  readonly boxFrame?: BoxFrame;
  /** Absolute; a file that is not there is an empty one. So are the next two. */
  readonly difficultyFile?: string;
  readonly curationFile?: string;
  /** Folder of the project's runs, and the dataset whose rollouts count. */
  readonly rollouts?: { readonly runsFolder: string; readonly dataset: string };
  /** What is decided about samples and not saved; it overrides the file. */
  unsavedCuration?(): Iterable<readonly [qid: string, curation: Curation]>;
  /** Rows that are not saved; the text of a deleted one is null. */
  edited?(): Iterable<EditedText> | AsyncIterable<EditedText>;
  problems?(): Iterable<RowProblem>;
  /** How many proposed boxes wait in samples; those without any may be left out. */
  proposals?(): AsyncIterable<readonly [qid: string, count: number]>;
}

export interface EditedText {
  readonly row: number;
  readonly text: string | null;
}

export interface RowProblem {
  readonly row: number;
  readonly rule: string;
  readonly severity: Severity;
}

/** A part of the source that changed. */
export type SourcePart = 'edited' | 'curation' | 'difficulty' | 'problems' | 'rollouts' | 'proposals';
