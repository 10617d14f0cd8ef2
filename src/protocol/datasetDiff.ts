import type { BoxChange } from '../core/diff/boxChanges';
import type { ChangeKind, DiffFilter } from '../core/diff/datasetDiff';
import type { Box } from '../core/dataset/sample';

/** The diff as a whole, and what of it the filter shows. */
export interface DiffOverview {
  /** Pages of another version are void. */
  readonly version: number;
  /** Name of the file. */
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly oldRows: number;
  readonly nowRows: number;
  readonly counts: Readonly<Record<ChangeKind, number>>;
  /** Fields that differ, with in how many rows; most first. */
  readonly fields: readonly (readonly [name: string, rows: number])[];
  readonly filter: DiffFilter;
  readonly matching: number;
}

export interface DiffListRow {
  readonly kind: ChangeKind;
  readonly qid: string;
  /** What changed, in a few words. */
  readonly words: string;
}

export interface DiffField {
  readonly name: string;
  /** As text; null where the row has no such field. */
  readonly old: string | null;
  readonly now: string | null;
}

export interface DiffDetail extends DiffListRow {
  readonly oldLine: number | null;
  readonly nowLine: number | null;
  readonly fields: readonly DiffField[];
  /** In pixels, in the order of each row. */
  readonly oldBoxes: readonly Box[];
  readonly nowBoxes: readonly Box[];
  readonly boxes: readonly BoxChange[];
  readonly imageUri: string | null;
  /** Why there is no picture, or why it is not the old row's. */
  readonly imageNote: string | null;
}

/** What a reloaded window compares again. */
export interface DiffPlace {
  readonly file: string;
  /** A commit. */
  readonly from: string;
  /** What the file was called there, where otherwise. */
  readonly path?: string;
}

export type DatasetDiffContract = {
  requests: {
    load: { params: null; result: { overview: DiffOverview; selected: number; kept: DiffPlace } };
    filter: { params: DiffFilter; result: DiffOverview };
    page: { params: { version: number; from: number; to: number }; result: readonly DiffListRow[] };
    /** `at`: place in the list as it is filtered. */
    detail: { params: { version: number; at: number }; result: DiffDetail | null };
  };
  toWebview: {
    /** The file changed since it was compared. */
    stale: null;
    overview: DiffOverview;
  };
  toHost: {
    compareAgain: null;
    openSample: { readonly at: number };
    openText: { readonly at: number };
  };
};
