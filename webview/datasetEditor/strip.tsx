import { useEffect, useRef } from 'preact/hooks';
import type { RowView } from '../../src/protocol/datasetEditor';
import type { EditorStore } from './editorStore';
import { Picture } from './picture';

const shownAround = 10;

/** Neighbours of the shown sample as small pictures with their boxes; they also make the next image load ahead. */
export function Strip({ store }: { readonly store: EditorStore }): preact.JSX.Element {
  const current = useRef<HTMLButtonElement>(null);
  const index = store.cursor.index.value;
  const count = store.cursor.count.value;
  const position = Math.max(0, store.cursor.position.value);
  useEffect(() => current.current?.scrollIntoView({ inline: 'center', block: 'nearest' }), [index]);
  const from = Math.max(0, Math.min(position - shownAround, count - 2 * shownAround - 1));
  const shown = store.cursor.rowsOf(from, from + 2 * shownAround + 1);
  return (
    <div class="strip" role="listbox" aria-label="Samples" aria-orientation="horizontal">
      {shown.map(at => (
        <button
          key={at} ref={at === index ? current : null} role="option" aria-selected={at === index} tabIndex={-1} class={at === index ? 'thumb is-current' : 'thumb'}
          title={titleOf(store.cursor.rowAt(at), at)} onClick={() => store.cursor.goTo(at)}
        >
          <Thumb store={store} view={store.cursor.rowAt(at)} />
        </button>
      ))}
    </div>
  );
}

function Thumb({ store, view }: { readonly store: EditorStore; readonly view: RowView | undefined }): preact.JSX.Element {
  const isBad = view?.problems.some(problem => problem.severity === 'error') ?? false;
  return (
    <>
      <Picture store={store} view={view} />
      {isBad && <i class="codicon codicon-error thumb-mark is-error" aria-label="has problems" />}
      {view?.isEdited && <i class="codicon codicon-circle-filled thumb-edited" aria-label="edited, not saved" />}
    </>
  );
}

function titleOf(view: RowView | undefined, index: number): string {
  if (!view) return `Sample ${index + 1}`;
  const marks = [view.isEdited && 'edited, not saved', view.problems.length > 0 && `${view.problems.length} problems`].filter(Boolean);
  return `${view.row?.qid || `line ${view.line}`}${marks.length > 0 ? ` (${marks.join(', ')})` : ''}`;
}
