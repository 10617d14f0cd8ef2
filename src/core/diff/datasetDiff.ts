import type { RowDiff } from './rowDiff';

/** `rewritten`: the same values, other blanks, order of fields or forms of numbers. */
export type ChangeKind = 'added' | 'removed' | 'changed' | 'rewritten';

/** A row that is not the same in both revisions. */
export interface RowChange {
  readonly kind: ChangeKind;
  /** Empty where the row has none. */
  readonly qid: string;
  /** Row number in the old revision, from 0; null for an added row. */
  readonly old: number | null;
  readonly now: number | null;
  /** Of a row that is in both. */
  readonly diff: RowDiff | null;
}

/** A row that may have changed, with its id as read. */
export interface LooseRow {
  readonly row: number;
  readonly qid: string;
}

export type Pairing =
  | { readonly kind: 'added'; readonly now: LooseRow }
  | { readonly kind: 'removed'; readonly old: LooseRow }
  | { readonly kind: 'changed'; readonly old: LooseRow; readonly now: LooseRow };

/**
 * Pairs rows of two revisions by their id: the n-th of an id with the n-th. Rows without an id are paired when they stand in the same place.
 * Sorted by where a row is now; removed ones by where they were, before the row that is there now.
 */
export function pairRows(old: readonly LooseRow[], now: readonly LooseRow[]): readonly Pairing[] {
  const keyOf = ({ qid, row }: LooseRow): string => (qid === '' ? `\0${row}` : qid);
  const waiting = new Map<string, LooseRow[]>();
  for (const loose of old) waiting.set(keyOf(loose), [...(waiting.get(keyOf(loose)) ?? []), loose]);
  const pairs = now.map((loose): Pairing => {
    const before = waiting.get(keyOf(loose))?.shift();
    return before ? { kind: 'changed', old: before, now: loose } : { kind: 'added', now: loose };
  });
  const removed = [...waiting.values()].flat().map((loose): Pairing => ({ kind: 'removed', old: loose }));
  const placeOf = (pair: Pairing): number => (pair.kind === 'removed' ? pair.old.row : pair.now.row);
  return [...removed, ...pairs].sort((a, b) => placeOf(a) - placeOf(b));
}

/** What a person wants to see of a diff; every part narrows. */
export interface DiffFilter {
  readonly kinds?: readonly ChangeKind[];
  /** A field that differs. */
  readonly field?: string;
  /** Part of the id, any case. */
  readonly qid?: string;
}

export function isShown(change: RowChange, { kinds, field, qid }: DiffFilter): boolean {
  if (kinds && !kinds.includes(change.kind)) return false;
  if (field !== undefined && !change.diff?.fields.includes(field)) return false;
  return qid === undefined || change.qid.toLowerCase().includes(qid.toLowerCase());
}
