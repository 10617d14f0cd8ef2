import { computed, signal } from '@preact/signals';
import { parseRowFilter } from '../../src/core/rewards/rowFilter';
import { groupAdvantages } from '../../src/core/rollouts/advantage';
import { type GroupSpread, spreadOf } from '../../src/core/rollouts/groupSpread';
import type { RolloutMark } from '../../src/core/rollouts/rolloutGroup';
import type { ScoredRow } from '../../src/protocol/playground';
import { choice, componentNames, rows, select, selectedRow } from './playgroundModel';

/** Column by which a table is sorted: `sample`, `overall`, `change`, `advantage`, `mean`, `std` or a component's name. */
export interface Sort {
  readonly by: string;
  readonly isDescending: boolean;
}

export const sort = signal<Sort | null>(null);
export const filter = signal('');

export interface Group extends GroupSpread {
  readonly key: string;
  readonly rows: readonly ScoredRow[];
  readonly marks: readonly RolloutMark[];
  /** Change of the mean since the last save; null where there is none to compare with. */
  readonly change: number | null;
}

/** The responses that the filter lets through. */
const filtered = computed(() => {
  const test = parseRowFilter(filter.value, componentNames.value);
  return filter.value.trim() === '' ? rows.value : rows.value.filter(test);
});

/** All groups, with every response of theirs: a filter must not change a mean. */
export const groups = computed<readonly Group[]>(() => {
  const byKey = new Map<string, ScoredRow[]>();
  for (const row of rows.value) {
    if (row.group === null) continue;
    const known = byKey.get(row.group);
    if (known) known.push(row);
    else byKey.set(row.group, [row]);
  }
  return [...byKey].map(([key, own]) => groupOf(key, own));
});

const groupByKey = computed(() => new Map(groups.value.map(group => [group.key, group])));
export const groupOfRow = (row: ScoredRow): Group | undefined => (row.group === null ? undefined : groupByKey.value.get(row.group));
export const advantageOf = (row: ScoredRow): number | null => {
  const group = groupOfRow(row);
  return group?.marks[group.rows.indexOf(row)]?.advantage ?? null;
};

function groupOf(key: string, own: readonly ScoredRow[]): Group {
  const overalls = own.map(row => row.score.overall);
  const advantages = groupAdvantages(overalls, choice.value?.rule);
  const before = own.map(row => row.before);
  const spread = spreadOf(overalls);
  const was = before.every(value => value === null) ? null : spreadOf(before).mean;
  return {
    key, rows: own, ...spread, change: was === null || spread.mean === null ? null : spread.mean - was,
    marks: own.map((row, index) => ({ overall: row.score.overall, advantage: advantages[index] ?? null, right: null, failed: row.score.error !== undefined })),
  };
}

/** What the table of responses shows: rows, and the heads of their groups where they stand in their own order. */
export type Line = { readonly group: Group; readonly row?: undefined } | { readonly row: ScoredRow; readonly group?: undefined };

export const lines = computed<readonly Line[]>(() => {
  const by = sort.value;
  if (by) return sorted(filtered.value, by, rowValue).map(row => ({ row }));
  return filtered.value.flatMap((row, at, all): Line[] => {
    const group = row.group === null || all[at - 1]?.group === row.group ? undefined : groupOfRow(row);
    return group ? [{ group }, { row }] : [{ row }];
  });
});

export const shownCount = computed(() => filtered.value.length);

/** Groups with at least one response that the filter lets through. */
export const shownGroups = computed<readonly Group[]>(() => {
  const left = new Set(filtered.value.map(row => row.group));
  const shown = groups.value.filter(group => left.has(group.key));
  return sort.value ? sorted(shown, sort.value, groupValue) : shown;
});

function sorted<T>(values: readonly T[], { by, isDescending }: Sort, valueOf: (value: T, by: string) => number | string | null): readonly T[] {
  const sign = isDescending ? -1 : 1;
  return values.map(value => ({ value, key: valueOf(value, by) })).sort((a, b) => {
    if (a.key === null || b.key === null) return Number(a.key === null) - Number(b.key === null); // what has no value stands last
    return a.key < b.key ? -sign : a.key > b.key ? sign : 0;
  }).map(({ value }) => value);
}

function rowValue(row: ScoredRow, by: string): number | string | null {
  switch (by) {
    case 'sample': return row.sample.qid;
    case 'overall': return row.score.overall;
    case 'change': return row.score.overall === null || row.before === null ? null : row.score.overall - row.before;
    case 'advantage': return advantageOf(row);
    default: return row.score.components[by] ?? null;
  }
}

function groupValue(group: Group, by: string): number | string | null {
  switch (by) {
    case 'sample': return group.rows[0]?.sample.qid ?? null;
    case 'std': return group.std;
    case 'change': return group.change;
    default: return group.mean;
  }
}

/** A click on a head: the highest first, then the lowest, then the order of the responses. */
export function sortBy(by: string): void {
  const current = sort.value;
  sort.value = current?.by !== by ? { by, isDescending: by !== 'sample' } : current.isDescending === (by !== 'sample') ? { by, isDescending: !current.isDescending } : null;
}

/** Moves the selection among the rows that are shown. */
export function moveSelection(by: number): void {
  const shown = lines.value.flatMap(line => line.row ?? []);
  const at = shown.findIndex(row => row.key === selectedRow.value?.key);
  const next = shown[Math.min(shown.length - 1, Math.max(0, at + by))];
  if (next) select(next.key);
}

/** Moves to the first response of another group that is shown. */
export function moveGroup(by: number): void {
  const shown = shownGroups.value;
  const at = shown.findIndex(group => group.key === selectedRow.value?.group);
  const next = shown[Math.min(shown.length - 1, Math.max(0, at + by))]?.rows[0];
  if (next) select(next.key);
}
