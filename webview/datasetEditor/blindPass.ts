import { type Signal, signal } from '@preact/signals';
import { untouched } from '../../src/core/curation/curation';
import type { LabelChange } from '../../src/core/labels/labelChange';
import { changeRow } from '../../src/core/labels/changeRow';
import { blindRow, labelsOfRow, type SecondLabels } from '../../src/core/review/secondLabels';
import type { RowView } from '../../src/protocol/datasetEditor';

/** A second person labels without seeing what the first one did: every row is shown with their own labels alone, and their gestures change those. */
export class BlindPass {
  readonly isOn: Signal<boolean> = signal(false);
  private readonly blinded = new WeakMap<RowView, RowView>();

  /** A row as this person may see it; the same view for the same row, so that nothing is drawn anew. */
  seen(view: RowView | undefined): RowView | undefined {
    if (!view?.row || !this.isOn.value) return view;
    const known = this.blinded.get(view);
    if (known) return known;
    const { second } = view.curation;
    const { proposals: _, ...own } = view; // a detector's boxes may be those that the first person took
    const seen: RowView = { ...own, row: blindRow(view.row, second), problems: [], difficulty: undefined, isEdited: false, conflict: undefined, curation: { ...untouched, second } };
    this.blinded.set(view, seen);
    return seen;
  }
}

/** The second labels after a change of theirs; undefined for changes of what is not theirs, such as the question. */
export function changedSecond({ row, curation }: RowView, change: LabelChange, by: string, now: Date): SecondLabels | undefined {
  if (!row || (change.type === 'setText' && change.field === 'problem') || change.type === 'replaceLine') return undefined;
  return secondOf(labelsOfRow(changeRow(blindRow(row, curation.second), change)), by, now);
}

/** What a person says who looked and leaves it as it is. */
export function confirmedSecond({ row, curation }: RowView, by: string, now: Date): SecondLabels | undefined {
  return row && (curation.second ?? secondOf(labelsOfRow(blindRow(row, null)), by, now));
}

function secondOf(labels: ReturnType<typeof labelsOfRow>, by: string, now: Date): SecondLabels {
  return { ...labels, ...(by !== '' && { by }), at: now.toISOString() };
}
