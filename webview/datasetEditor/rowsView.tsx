import { BulkBar } from './bulkBar';
import type { EditorStore } from './editorStore';
import { GridView } from './gridView';
import { TableView } from './tableView';

/** The rows of the query, as cards or as lines, and what can be done to many of them. */
export function RowsView({ store }: { readonly store: EditorStore }): preact.JSX.Element {
  if (store.cursor.count.value === 0) return <div class="empty">No row answers this. Remove a condition, or <button class="link" onClick={() => void store.query.ask({ text: '' })}>show all rows</button>.</div>;
  return (
    <main class="rows">
      <BulkBar store={store} />
      {store.mode.value === 'grid' ? <GridView store={store} /> : <TableView store={store} />}
    </main>
  );
}
