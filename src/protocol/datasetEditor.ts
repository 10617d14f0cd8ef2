import type { DifficultyRecord } from '../core/dataset/sample';
import type { Row } from '../core/dataset/row';
import type { ImageSize } from '../core/geometry/boxFrame';
import type { LabelChange } from '../core/labels/labelChange';
import type { Problem } from '../core/problem';
import type { BoxFrame } from '../core/project/project';

/** A row as the editor shows it. */
export interface RowView {
  /** Grows with every change of the document; of two views of a row the one with the larger counts. */
  readonly version: number;
  /** Counted from 0. */
  readonly index: number;
  /** One-based line in the file. */
  readonly line: number;
  /** Absent when the line is no row; `text` is then what it says. */
  readonly row: Row | undefined;
  readonly text: string;
  readonly images: readonly ImageView[];
  readonly problems: readonly Problem[];
  readonly difficulty: DifficultyRecord | undefined;
  readonly isEdited: boolean;
  /** The file changed this row too while it had unsaved edits; null: it was deleted there. */
  readonly theirs: { readonly row: Row | undefined } | null | undefined;
}

export interface ImageView {
  /** As the row has it. */
  readonly name: string;
  /** Absent when the image cannot be shown; `fault` then says why. */
  readonly uri?: string;
  readonly size?: ImageSize;
  readonly fault?: { readonly message: string; readonly remedy: string };
}

/** What is true of the whole document. */
export interface DocumentView {
  readonly rowCount: number;
  readonly boxFrame: BoxFrame;
  /** Rows with unsaved edits. */
  readonly edited: number;
  /** Rows, counted from 0, that were changed here and on disk; saving waits for them. */
  readonly conflicts: readonly number[];
  readonly isMissing: boolean;
  /** Labels of boxes, the most used first, for completion. */
  readonly labels: readonly string[];
}

export type EditorCommand = 'previous' | 'next' | 'drawBox' | 'deleteBox' | 'renameBox' | 'fit' | 'focusAnswer' | 'focusKeyWords';

export type DatasetEditorContract = {
  requests: {
    /** Asked once the script has loaded; nothing is pushed before it. `index` is where the panel was before it was hidden. */
    load: { params: { readonly index: number | undefined }; result: { readonly document: DocumentView; readonly index: number } };
    /** Rows `from` to `to`, exclusive. */
    rows: { params: { readonly from: number; readonly to: number }; result: readonly RowView[] };
    /** One gesture of a person, one step to undo. The row as it is afterwards. */
    change: { params: { readonly index: number; readonly change: LabelChange }; result: RowView };
    resolve: { params: { readonly index: number; readonly take: 'mine' | 'theirs' }; result: null };
    /** Writes a file that vanished again. */
    writeAgain: { params: null; result: null };
  };
  toWebview: {
    /** A row changed: an edit, undo, redo, another panel, the file. */
    row: RowView;
    document: DocumentView;
    /** Everything may be different: forget all rows. */
    reload: DocumentView;
    goTo: { readonly index: number };
    command: { readonly name: EditorCommand };
  };
  toHost: {
    shown: { readonly index: number };
    typing: { readonly isTyping: boolean };
    goToSample: null;
    openAsText: { readonly line: number };
  };
};
