import type { Curation, CurationChange } from '../core/curation/curation';
import type { DifficultyRecord } from '../core/dataset/sample';
import type { FrameBox, Row } from '../core/dataset/row';
import type { ImageSize } from '../core/geometry/boxFrame';
import type { BulkEdit } from '../core/labels/bulkEdit';
import type { BulkPreview } from '../core/labels/bulkPreview';
import type { LabelChange } from '../core/labels/labelChange';
import type { FieldConflict } from '../core/labels/mergeFields';
import type { Problem } from '../core/problem';
import type { BoxFrame } from '../core/project/project';
import type { Facet, QueryFault, RowGroupStart } from '../core/query/queryAnswer';
import type { KnownColumn } from '../core/query/queryColumns';
import type { Proposal } from '../core/proposals/proposal';
import type { ProposalSource, ProposalView } from '../core/proposals/proposalView';
import type { RowQuery } from '../core/query/rowQuery';
import type { AgreementSummary } from '../core/review/agreementSummary';
import type { Evidence } from '../core/rewards/score';
import type { EditorCommand, WorkbenchCommand } from './editorCommand';

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
  readonly problems: readonly ProblemView[];
  readonly difficulty: DifficultyRecord | undefined;
  readonly isEdited: boolean;
  /** It goes with the next save. */
  readonly isDeleted: boolean;
  readonly curation: Curation;
  /** What the chosen model proposed; absent where it was not asked. */
  readonly proposals?: ProposalView;
  /** The file changed this row too while it had unsaved edits: which it is among those that wait for a decision. */
  readonly conflict: number | undefined;
}

/** A row that was changed here and on disk. */
export interface ConflictView {
  readonly key: number;
  /** Counted from 0; null where the file does not have the row any more. */
  readonly index: number | null;
  readonly qid: string;
  /** As the edits here found it, as it is here (null: deleted), and as it is on disk (null: gone); each undefined where it is no row. */
  readonly base: Row | null | undefined;
  readonly mine: Row | null | undefined;
  readonly theirs: Row | null | undefined;
  /** What differs; null where the row can only be taken as a whole. */
  readonly fields: readonly FieldConflict[] | null;
  readonly images: readonly ImageView[];
}

/** A problem, with words for its correction where it has a safe one. */
export interface ProblemView extends Problem {
  readonly fix?: string;
}

export interface ImageView {
  /** As the row has it. */
  readonly name: string;
  /** Absent when the image cannot be shown; `fault` then says why. */
  readonly uri?: string;
  readonly size?: ImageSize;
  readonly fault?: { readonly message: string; readonly remedy: string };
}

/** A row as the person saw it when it was changed. */
export interface SeenRow {
  readonly qid: string;
  /** The document's then. */
  readonly numbering: number;
}

/** A sample, and where it was. */
export interface SamplePlace {
  readonly qid: string;
  readonly row: number;
}

/** What is true of the whole document. */
export interface DocumentView {
  readonly rowCount: number;
  /** Grows whenever the numbers of rows may mean other rows than before; what was selected or found by them means nothing then. */
  readonly numbering: number;
  readonly boxFrame: BoxFrame;
  /** Rows whose text, and samples whose curation, is not saved yet. */
  readonly edited: number;
  /** Rows that were changed here and on disk; saving waits for them. */
  readonly conflicts: number;
  readonly isMissing: boolean;
  /** Labels of boxes, the most used first, for completion. */
  readonly labels: readonly string[];
  /** Who proposes boxes; null where nobody was chosen. */
  readonly proposer: ProposalSource | null;
  /** Who labels in a second pass, as the setting says; empty where it does not. */
  readonly labeler: string;
}

/** What a person decides about proposed boxes of a row; numbers in the dataset's frame. */
export interface DecideParams {
  readonly index: number;
  readonly seen: SeenRow;
  readonly verdict: 'accepted' | 'rejected';
  readonly boxes: readonly (Omit<Proposal, 'bbox'> & { readonly numbers: FrameBox })[];
}

/** What became of a query. */
export type QueryReply =
  /** `rows` are numbers of rows in the query's order; null is every row in the file's. */
  | { readonly kind: 'rows'; readonly rows: Uint32Array | null; readonly groups: readonly RowGroupStart[]; readonly milliseconds: number }
  | { readonly kind: 'fault'; readonly fault: QueryFault }
  /** A newer query took its place. */
  | { readonly kind: 'superseded' };

/** What the policy last answered to a sample. */
export interface ResponsesView {
  /** Name of the run, and its folder. */
  readonly run: string;
  readonly runFolder: string;
  readonly stage: string;
  readonly step: number;
  readonly group: string;
  /** `boxes` is the evidence that the reward gave of boxes. */
  readonly responses: readonly { readonly text: string; readonly overall: number | null; readonly boxes: readonly Evidence[] }[];
}

/** The prompt as the policy gets it. */
export interface PromptView {
  /** The user's turn, image marks in it. */
  readonly text: string;
  /** The same through the policy's chat template; null where that is not known. */
  readonly chat: string | null;
  readonly words: number;
  /** Tokens of the chat, and what its images take of them; null where they cannot be counted. */
  readonly tokens: number | null;
  readonly imageTokens: number | null;
  /** Tokens that a prompt may have, where a project says. */
  readonly limit: number | null;
  /** Why something is not told. */
  readonly notes: readonly string[];
}

export type DatasetEditorContract = {
  requests: {
    /** Asked once the script has loaded; nothing is pushed before it. A row or a query is told where the panel was opened for it. */
    load: { params: null; result: { readonly document: DocumentView; readonly index: number | null; readonly query: RowQuery | null; /** Edits that came back of a window that crashed or was killed; told once. */ readonly restored: number } };
    /** Resolves once VS Code can step back through what earlier windows did. */
    history: { params: null; result: null };
    /** A key of VS Code that was held back until what was done before it was taken. Resolves once VS Code has done it. */
    workbench: { params: { readonly command: WorkbenchCommand }; result: null };
    /** VS Code takes such a key itself. Resolves once it has gone that step, or cannot. */
    moved: { params: { readonly command: WorkbenchCommand }; result: null };
    /** Some rows, at most a hundred, counted from 0. */
    rows: { params: { readonly rows: readonly number[] }; result: readonly RowView[] };
    /** Where samples are in the file now; null for those that it does not have any more. */
    locate: { params: { readonly places: readonly SamplePlace[] }; result: { readonly rows: readonly (number | null)[] } };
    /** A small copy of a row's first image, as a `data:` address; null where it cannot be made. */
    thumbnail: { params: { readonly index: number }; result: { readonly uri: string | null } };
    /** A copy of one of a row's images that a page can show, as a `data:` address, where it cannot show the image itself; null where that is damaged. */
    viewable: { params: { readonly index: number; /** Which of the row's, from 0. */ readonly image: number }; result: { readonly uri: string | null } };
    query: { params: RowQuery; result: QueryReply };
    columns: { params: null; result: readonly KnownColumn[] };
    /** How a column is spread over the rows of a query; null where it cannot be asked. */
    facet: { params: { readonly column: string; readonly query: RowQuery }; result: Facet | null };
    /** Corrects what a rule found in a row, where that is safe. */
    fix: { params: { readonly index: number; readonly rule: string; readonly seen: SeenRow }; result: RowView };
    /** What a person decides about one sample besides its label. */
    curate: { params: { readonly index: number; readonly change: CurationChange; readonly seen: SeenRow }; result: RowView };
    /** Null where no run has a response to the sample. */
    responses: { params: { readonly qid: string }; result: ResponsesView | null };
    prompt: { params: { readonly index: number }; result: PromptView };
    /** The next of some rows, in their order, that nobody accepted or rejected, or that nobody labeled a second time; null where there is none. */
    nextToReview: { params: { readonly rows: Uint32Array; readonly pass: 'first' | 'second' }; result: { readonly index: number | null } };
    /** Resolves when the model has looked at all of them; what it found comes with the rows. */
    propose: { params: { readonly rows: Uint32Array }; result: null };
    chooseProposalModel: { params: null; result: { readonly isChosen: boolean } };
    /** One step to undo: the boxes, and whose they were. */
    decide: { params: DecideParams; result: RowView };
    /** The next of some rows, in their order, with a proposal that waits; null where there is none. */
    nextWithProposals: { params: { readonly rows: Uint32Array; readonly threshold: number }; result: { readonly index: number | null } };
    /** `numbering`: that of the document when the rows were selected; refused where it is another by now. */
    previewBulk: { params: { readonly rows: Uint32Array; readonly edit: BulkEdit; readonly numbering: number }; result: BulkPreview };
    /** One step to undo, however many rows. */
    bulk: { params: { readonly rows: Uint32Array; readonly edit: BulkEdit; readonly numbering: number }; result: null };
    /** One gesture of a person, one step to undo. The row as it is afterwards. */
    change: { params: { readonly index: number; readonly change: LabelChange; /** What is decided about the sample with it. */ readonly decided?: CurationChange; readonly seen: SeenRow }; result: RowView };
    /** How far the second labels of all samples agree with the first. */
    agreement: { params: null; result: AgreementSummary };
    /** The first hundred rows that were changed here and on disk. */
    conflicts: { params: null; result: readonly ConflictView[] };
    /** Decides rows by their keys, all with null, as one step to undo: as a whole, or with some properties from here. */
    resolve: { params: { readonly keys: readonly number[] | null; readonly take: 'mine' | 'theirs' | { readonly mine: readonly string[] } }; result: null };
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
    /** `place`: which of the labels that have number keys, counted from 1. */
    command: { readonly name: EditorCommand; readonly place?: number };
    /** A saved view was opened, or a group in a tree. */
    query: RowQuery;
    /** Rows, curation or problems changed: counts may be old. `isCuration`: any row may have other tags, review or notes. */
    stale: { readonly isCuration: boolean };
  };
  toHost: {
    shown: { readonly index: number };
    typing: { readonly isTyping: boolean };
    /** A second person begins or ends labeling without seeing the first labels. */
    blind: { readonly isOn: boolean };
    goToSample: null;
    openAsText: { readonly line: number };
    /** What is asked for now, so that it can be saved as a view. */
    asked: RowQuery;
    saveView: null;
    cancelBulk: null;
    copyText: { readonly text: string };
    openRollouts: { readonly runFolder: string; readonly stage: string; readonly group: string; readonly index: number };
    /** Another key for a command: VS Code's own page. */
    changeKeys: null;
  };
};
