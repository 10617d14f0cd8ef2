import { useRef } from 'preact/hooks';
import type { EditorStore } from './editorStore';

interface Steps {
  /** Rows side by side. */
  readonly columns: number;
  /** Lines of rows in view. */
  readonly page: number;
}

/**
 * Keys of a list of rows: arrows, Page Up and Down, Home and End move the cursor, with Shift they select on the way; Space selects what is under the cursor,
 * Ctrl+A all rows of the query, Escape none; Enter labels the sample.
 */
export function useRowKeys(store: EditorStore, { columns, page }: Steps): (event: KeyboardEvent) => void {
  return event => {
    const isCommand = event.ctrlKey || event.metaKey;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, PageUp: -page * columns, PageDown: page * columns, Home: -Infinity, End: Infinity,
    };
    const by = steps[event.key];
    if (by !== undefined && !isCommand) moveCursor(store, by, event.shiftKey);
    else if (event.key === ' ' && !isCommand) store.selection.add([store.cursor.index.value], !store.selection.has(store.cursor.index.value));
    else if (event.key === 'Enter') store.show('label');
    else if (event.key === 'Escape') store.selection.clear();
    else if (isCommand && event.key.toLowerCase() === 'a') selectAll(store);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

/** Selects every row of the query. */
export function selectAll(store: EditorStore): void {
  store.selection.set(store.query.rows.value ?? store.cursor.rowsOf(0, store.cursor.count.value), store.document.value?.rowCount ?? 0);
}

function moveCursor(store: EditorStore, by: number, isSelecting: boolean): void {
  const from = Math.max(0, store.cursor.position.value);
  const to = Math.max(0, Math.min(store.cursor.count.value - 1, from + by));
  if (isSelecting) store.selection.add(store.cursor.rowsOf(Math.min(from, to), Math.max(from, to) + 1), true);
  const row = store.cursor.rowOf(to);
  if (row !== undefined) store.cursor.goTo(row);
}

/** What a click on a row does: alone it moves the cursor, with Ctrl it selects or unselects, with Shift it selects from the last click on. */
export function useRowClicks(store: EditorStore): (event: MouseEvent, position: number) => void {
  const anchor = useRef(0);
  return (event, position) => {
    const row = store.cursor.rowOf(position);
    if (row === undefined) return;
    if (event.shiftKey) store.selection.add(store.cursor.rowsOf(Math.min(anchor.current, position), Math.max(anchor.current, position) + 1), true);
    else if (event.ctrlKey || event.metaKey || (event.target as HTMLElement).closest('.row-check')) store.selection.add([row], !store.selection.has(row));
    if (!event.shiftKey) anchor.current = position;
    store.cursor.goTo(row);
  };
}
