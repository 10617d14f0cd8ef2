import { useEffect, useRef } from 'preact/hooks';
import { toPixels } from '../../src/core/geometry/boxFrame';
import type { RowView } from '../../src/protocol/datasetEditor';
import type { EditorStore } from './editorStore';

const shownAround = 10;

/** Neighbours of the shown sample as small pictures with their boxes; they also make the next image load ahead. */
export function Strip({ store }: { readonly store: EditorStore }): preact.JSX.Element {
  const current = useRef<HTMLButtonElement>(null);
  const index = store.index.value;
  const count = store.document.value?.rowCount ?? 0;
  useEffect(() => current.current?.scrollIntoView({ inline: 'center', block: 'nearest' }), [index]);
  const from = Math.max(0, Math.min(index - shownAround, count - 2 * shownAround - 1));
  const shown = Array.from({ length: Math.min(count, 2 * shownAround + 1) }, (_, offset) => from + offset);
  return (
    <div class="strip" role="listbox" aria-label="Samples" aria-orientation="horizontal">
      {shown.map(at => (
        <button
          key={at} ref={at === index ? current : null} role="option" aria-selected={at === index} tabIndex={-1} class={at === index ? 'thumb is-current' : 'thumb'}
          title={titleOf(store.rowAt(at), at)} onClick={() => store.goTo(at)}
        >
          <Thumb store={store} view={store.rowAt(at)} />
        </button>
      ))}
    </div>
  );
}

function Thumb({ store, view }: { readonly store: EditorStore; readonly view: RowView | undefined }): preact.JSX.Element {
  const image = view?.images[0];
  const frame = store.document.value?.boxFrame ?? 'pixel';
  const isBad = view?.problems.some(problem => problem.severity === 'error') ?? false;
  return (
    <>
      {image?.uri && image.size ? (
        <svg viewBox={`0 0 ${image.size.width} ${image.size.height}`} aria-hidden="true">
          <image href={image.uri} width={image.size.width} height={image.size.height} />
          {view?.row?.boxes.map(box => {
            const [x1, y1, x2, y2] = toPixels(box.numbers, frame, image.size ?? { width: 1, height: 1 });
            return <rect key={box.index} x={x1} y={y1} width={Math.max(0, x2 - x1)} height={Math.max(0, y2 - y1)} vector-effect="non-scaling-stroke" />;
          })}
        </svg>
      ) : (
        <i class={`codicon codicon-${view ? 'file-media' : 'loading'} dim`} aria-hidden="true" />
      )}
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
