import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { RowGroupStart } from '../../src/core/query/queryAnswer';
import { useVirtualScroll } from '../shared/virtualScroll';
import type { EditorStore } from './editorStore';
import { type LayoutSizes, RowLayout } from './rowLayout';
import { useRowKeys } from './rowKeys';

interface RowListProps {
  readonly store: EditorStore;
  readonly label: string;
  readonly class: string;
  /** Sizes for a list that is so many px wide. */
  readonly sizes: (width: number) => LayoutSizes;
  /** The head, which stays in view. */
  readonly head?: ComponentChildren;
  /** Draws the rows at positions `from` to `to` (exclusive) of the query, side by side. */
  readonly rows: (from: number, to: number) => ComponentChildren;
}

/** The rows of the query, of which only those in view are drawn and fetched; the cursor and the selection move by keys. */
export function RowList({ store, label, class: className, sizes, head, rows }: RowListProps): preact.JSX.Element {
  const groups = store.query.groups.value;
  const count = store.cursor.count.value;
  // The layout needs the width, and the scroll needs the layout's height: the width of the last measure is as good.
  const width = store.listWidth.value;
  const layout = new RowLayout(count, groups, sizes(width));
  const scroll = useVirtualScroll(layout.height);
  const { top, view } = scroll;
  const { rowHeight, columns } = sizes(width);
  const position = store.cursor.position.value;
  const stripes = layout.stripes(top.value, top.value + view.value.height);
  const first = stripes.find(stripe => stripe.kind === 'rows');
  const last = stripes.findLast(stripe => stripe.kind === 'rows');
  useEffect(() => {
    store.listWidth.value = view.value.width;
  }, [view.value.width]);
  useEffect(() => {
    if (position >= 0) scroll.reveal(layout.topOf(position), layout.yOf(position) + rowHeight);
  }, [position, columns, view.value.height > 0]);
  useEffect(() => {
    if (first?.kind === 'rows' && last?.kind === 'rows') store.cursor.want(first.from, last.to);
  }, [first?.from, last?.to, store.query.rows.value, store.document.value]);
  const onKeyDown = useRowKeys(store, { columns, page: Math.max(1, Math.floor(view.value.height / rowHeight) - 1) });
  useKeysOfNobody(scroll.scroller, onKeyDown);
  return (
    <div class={`row-list ${className}`}>
      {head}
      <div ref={scroll.scroller} class="row-scroller" tabIndex={0} role="listbox" aria-activedescendant={`row-${store.cursor.index.value}`} aria-multiselectable="true" aria-label={label} onKeyDown={onKeyDown}>
        <div style={{ height: `${scroll.bodyHeight}px` }}>
          <div class="row-layer" style={{ height: `${view.value.height}px` }}>
            {stripes.map(stripe => (
              <div key={stripe.kind === 'head' ? `head ${stripe.group.from}` : stripe.from} class={`stripe is-${stripe.kind}`} style={{ transform: `translateY(${Math.round(stripe.y - top.value)}px)` }}>
                {stripe.kind === 'head' ? <GroupHead column={store.query.query.value.groupBy ?? ''} group={stripe.group} /> : rows(stripe.from, stripe.to)}
              </div>
            ))}
          </div>
        </div>
      </div>
    </div>
  );
}

/** Keys that no control has the focus for belong to the list: it takes the focus where that was lost, such as after a dialog or a search. */
function useKeysOfNobody(list: RefObject<HTMLElement | null>, onKeyDown: (event: KeyboardEvent) => void): void {
  const latest = useRef(onKeyDown);
  latest.current = onKeyDown;
  useEffect(() => {
    const take = (): boolean => {
      if (document.activeElement !== document.body || !document.hasFocus()) return false;
      list.current?.focus({ preventScroll: true });
      return true;
    };
    const down = (event: KeyboardEvent): void => {
      if (take()) latest.current(event);
    };
    take();
    document.addEventListener('keydown', down);
    return () => document.removeEventListener('keydown', down);
  }, []);
}

function GroupHead({ column, group }: { readonly column: string; readonly group: RowGroupStart }): preact.JSX.Element {
  return (
    <div class="group-head">
      <span class="dim">{column}</span> <b>{group.value === null || group.value === '' ? '(empty)' : group.value}</b> <span class="dim number">{group.count.toLocaleString('en')}</span>
    </div>
  );
}
