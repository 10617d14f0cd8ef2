import type { RowEdit } from './rowEdit';
import type { RowLayer } from './rowLayer';
import type { Splice, Splices } from './splices';
import { invertSplice } from './splices';

/** What has to be done with layers, and with rows that were deleted since, to do a large edit or to take it back. */
export interface LargeChange {
  readonly lay?: RowLayer;
  /** Id of a layer. */
  readonly lift?: number;
  /** By the key of the edited row. */
  readonly splices: ReadonlyMap<number, Splice>;
}

export interface LargeState {
  readonly first: RowLayer | undefined;
  readonly splices: Splices | undefined;
  readonly gone: readonly (readonly [key: number, splice: Splice])[];
  readonly laid: { readonly layer: RowLayer; readonly isForward: boolean };
}

/** A bulk edit of more rows than texts are kept for, over its whole life on the undo stack: a layer until it is saved, from then on splices, or the lines of deleted rows. */
export class LargeEdit {
  private laid: { readonly layer: RowLayer; readonly isForward: boolean };
  /** As it was first laid, while its rows are where they were. */
  private first: RowLayer | undefined;
  /** Rows of it that are not in the file any more, but may come back. */
  private readonly gone = new Map<number, Splice>();
  /** Its rows with their lines, where it deleted them and was saved; not kept for the next session. */
  private deleted: readonly RowEdit[] = [];

  /** `splices` is what it does, over the file of today; without it, it cannot be taken back once it is saved. */
  constructor(
    layer: RowLayer,
    private splices: Splices | undefined,
  ) {
    this.first = layer;
    this.laid = { layer, isForward: true };
  }

  /** Of an earlier session, as `state` told it. */
  static of({ first, splices, gone, laid }: LargeState): LargeEdit {
    const edit = new LargeEdit(laid.layer, splices);
    edit.first = first;
    edit.laid = laid;
    for (const [key, splice] of gone) edit.gone.set(key, splice);
    return edit;
  }

  /** What has to be kept of it for the next session. */
  get state(): LargeState {
    return { first: this.first, splices: this.splices, gone: [...this.gone], laid: this.laid };
  }

  /** A journal told that its layer was laid again. */
  relaid(layer: RowLayer, isForward: boolean): void {
    this.laid = { layer, isForward };
  }

  /** The layer that it is, or was last. */
  get layer(): RowLayer {
    return this.laid.layer;
  }

  /** Rows that it changes by themselves, in place of its layer. */
  get rows(): readonly RowEdit[] {
    return this.deleted;
  }

  /** It is about to be saved: its rows with their lines take the place of its layer, so that they can be put back afterwards. */
  hold(deleted: readonly RowEdit[]): void {
    this.deleted = deleted;
  }

  /** How to do it again, or to take it back; `undefined` when that is not possible any more. */
  change(isForward: boolean, isLaid: (id: number) => boolean, nextId: () => number): LargeChange | undefined {
    if (this.deleted.length > 0) return { splices: new Map() };
    const splices = isForward ? this.gone : new Map([...this.gone].map(([key, splice]) => [key, invertSplice(splice)]));
    const { id, columns } = this.laid.layer;
    if (isLaid(id)) return this.laid.isForward === isForward ? undefined : { lift: id, splices };
    const way = isForward ? this.splices : this.splices?.inverted();
    const again = isForward ? this.first : undefined;
    const layer = again ?? (way && { id: nextId(), edit: { type: 'splices', splices: way }, rows: way.rowSet(), columns });
    if (!layer) return undefined;
    this.laid = { layer, isForward };
    return { lay: layer, splices };
  }

  /** The file was saved, and rows are elsewhere now; `keyOf` names one that was deleted. */
  move(placeOf: (row: number) => number | undefined, keyOf: (row: number) => number | undefined): void {
    this.first = undefined;
    this.splices = this.splices?.moved(placeOf, (row, splice) => {
      const key = keyOf(row);
      if (key !== undefined) this.gone.set(key, splice);
    });
  }

  /** Its rows are not known any more: the file was changed by somebody else. */
  forget(): void {
    this.first = undefined;
    this.splices = undefined;
  }
}
