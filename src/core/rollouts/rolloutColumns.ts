import type { WordColumns } from '../query/compileQuery';
import type { KnownColumn } from '../query/queryColumns';

/** A column of rollouts. Those of the group are equal for all rollouts of it, and are counted once a group. */
export interface RolloutColumn extends KnownColumn {
  readonly of: 'rollout' | 'group';
}

/** Texts in small letters, for words and parts. Fields whose names begin with a control character are no columns. */
export const loweredResponse = '\x01response';
export const loweredSample = '\x01sample';
export const rolloutWords: WordColumns = { lowered: [loweredResponse, loweredSample], each: ['response', 'sample'] };

type Own = Pick<RolloutColumn, 'name' | 'type' | 'of'> & Partial<RolloutColumn>;

const own: readonly Own[] = [
  { name: 'stage', type: 'text', of: 'rollout' },
  { name: 'step', type: 'number', of: 'rollout' },
  { name: 'sample', type: 'text', of: 'rollout', aliases: ['qid', 'sampleid', 'id'] },
  { name: 'dataset', type: 'text', of: 'rollout' },
  { name: 'difficulty', type: 'text', of: 'rollout' },
  { name: 'right', type: 'boolean', of: 'rollout' },
  { name: 'overall', type: 'number', of: 'rollout', aliases: ['reward'] },
  { name: 'advantage', type: 'number', of: 'rollout' },
  { name: 'failed', type: 'boolean', of: 'rollout' },
  { name: 'error', type: 'text', of: 'rollout', match: 'part' },
  { name: 'tokens', type: 'number', of: 'rollout' },
  { name: 'finish', type: 'text', of: 'rollout' },
  { name: 'answer_given', type: 'text', of: 'rollout' },
  { name: 'response_index', type: 'number', of: 'rollout', chip: 'index' },
  { name: 'checkpoint', type: 'text', of: 'rollout', match: 'part' },
  { name: 'policy', type: 'text', of: 'rollout' },
  { name: 'mode', type: 'text', of: 'rollout' },
  { name: 'group_name', type: 'text', of: 'rollout', chip: 'group' },
  { name: 'response', type: 'text', of: 'rollout', match: 'part', lowered: loweredResponse },
  { name: 'spread', type: 'text', of: 'group' },
  { name: 'group_mean', type: 'number', of: 'group', chip: 'mean' },
  { name: 'group_std', type: 'number', of: 'group', chip: 'std' },
  { name: 'group_size', type: 'number', of: 'group', chip: 'size' },
  { name: 'pass_rate', type: 'number', of: 'group' },
  { name: 'errors', type: 'number', of: 'group' },
  { name: 'majority', type: 'text', of: 'group' },
  { name: 'majority_share', type: 'number', of: 'group' },
  { name: 'gold_doubted', type: 'boolean', of: 'group', chip: 'doubtful_gold' },
];

/** Columns that rollouts of every engine have, if only empty. */
export const ownRolloutColumns: readonly RolloutColumn[] = own.map(column => ({ chip: column.name, match: 'whole', isField: false, ...column }));

const taken = new Set(['row', 'rowid', 'gid', 'file', 'line', 'rollouts', ...ownRolloutColumns.flatMap(({ name, chip, aliases = [] }) => [name, chip, ...aliases])].map(name => name.toLowerCase()));

/** A component of the reward as a column; `component.` stands before a name that one of ours has. */
export function componentColumn(component: string): RolloutColumn {
  const name = taken.has(component.toLowerCase()) ? `component.${component}` : component;
  return { name, chip: name, type: 'number', match: 'whole', isField: true, of: 'rollout' };
}

/** Columns whose counts are open from the start. */
export const firstRolloutFacets: readonly string[] = ['stage', 'right', 'spread', 'overall', 'step'];
/** Columns in which nearly every rollout has a value of its own. */
export const lastRolloutFacets: readonly string[] = ['sample', 'response', 'group_name', 'answer_given', 'error', 'checkpoint'];
