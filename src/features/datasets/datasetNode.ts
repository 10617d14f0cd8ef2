import type { Difficulty, DifficultyRecord } from '../../core/dataset/sample';
import type { Row } from '../../core/dataset/row';
import type { Problem } from '../../core/problem';
import type { SavedView } from '../../core/query/savedView';
import type { ProjectDataset } from '../../host/datasetService';
import type { RowGroup } from '../../platform/dataset/groupRows';

/** What the Perception and Reasoning trees show. Nodes are data; `parent` exists so that a node can be revealed. */
export type DatasetNode = DatasetRoot | GroupNode | RangeNode | SampleNode | ProblemsNode | RuleNode | ProblemNode | TagsNode | TagNode | ViewsNode | ViewNode | HeldOutNode | MessageNode;

interface Child {
  readonly dataset: ProjectDataset;
  readonly parent: DatasetNode;
}

export interface DatasetRoot {
  readonly kind: 'dataset';
  readonly dataset: ProjectDataset;
  /** What the inline action gives to `pebr.dataset.open`. */
  readonly datasetId: string;
  readonly parent: undefined;
}

/** The rows of one difficulty. */
export interface GroupNode extends Child {
  readonly kind: 'group';
  readonly group: RowGroup;
  readonly rows: readonly number[];
}

/** A part of a group that is too long to list: `rows[from..to)` of it. */
export interface RangeNode extends Child {
  readonly kind: 'range';
  readonly group: RowGroup;
  readonly rows: readonly number[];
  /** Place of the first row within the group. */
  readonly from: number;
}

export interface SampleNode extends Child {
  readonly kind: 'sample';
  readonly group: RowGroup;
  readonly rowNumber: number;
  readonly line: number;
  readonly row: Row | undefined;
  readonly record: DifficultyRecord | undefined;
}

export interface ProblemsNode extends Child {
  readonly kind: 'problems';
  readonly problems: readonly Problem[];
  /** With those that are not listed. */
  readonly count: number;
}

/** The problems of one rule. */
export interface RuleNode extends Child {
  readonly kind: 'rule';
  readonly rule: string;
  readonly problems: readonly Problem[];
  readonly count: number;
}

export interface ProblemNode extends Child {
  readonly kind: 'problem';
  readonly problem: Problem;
  readonly index: number;
}

export interface TagsNode extends Child {
  readonly kind: 'tags';
}

export interface TagNode extends Child {
  readonly kind: 'tag';
  readonly tag: string;
  readonly count: number;
  /** The text of the query that finds them. */
  readonly query: string;
}

export interface ViewsNode extends Child {
  readonly kind: 'views';
  readonly views: readonly SavedView[];
}

export interface ViewNode extends Child {
  readonly kind: 'view';
  readonly view: SavedView;
  /** With `name` what its actions give to `pebr.view.rename` and `pebr.view.delete`. */
  readonly datasetId: string;
  readonly name: string;
}

export interface HeldOutNode extends Child {
  readonly kind: 'heldOut';
  readonly file: string;
}

/** Why there is nothing to list. */
export interface MessageNode extends Child {
  readonly kind: 'message';
  readonly text: string;
}

/** Children that a node shows at once. */
export const pageLength = 100;

/** Splits a long list into at most `pageLength` parts, each of `pageLength` rows or a power of it more: every row stays reachable. */
export function partsOf(rows: readonly number[]): readonly { readonly from: number; readonly rows: readonly number[] }[] {
  let length = pageLength;
  while (Math.ceil(rows.length / length) > pageLength) length *= pageLength;
  return Array.from({ length: Math.ceil(rows.length / length) }, (_, index) => ({
    from: index * length,
    rows: rows.slice(index * length, (index + 1) * length),
  }));
}

export const groupNames: Readonly<Record<RowGroup, string>> = {
  easy: 'Easy', medium: 'Medium', hard: 'Hard', unsampled: 'Not sampled', unreadable: 'Unreadable',
} satisfies Record<Difficulty | 'unsampled' | 'unreadable', string>;
