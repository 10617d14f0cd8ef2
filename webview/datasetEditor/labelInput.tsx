import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Rect } from '../../src/core/geometry/viewTransform';
import type { ViewportHandle } from '../shared/canvasViewport';
import type { EditorStore } from './editorStore';

interface LabelInputProps {
  readonly store: EditorStore;
  readonly viewport: { readonly current: ViewportHandle | null };
  readonly rect: Rect;
  readonly initial: string;
}

/** The field that names a box, at the box. Enter or leaving it names; Escape keeps the old name, or drops a box just drawn. */
export function LabelInput({ store, viewport, rect, initial }: LabelInputProps): preact.JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);
  const finish = (isKept: boolean): void => {
    if (isDone.current) return;
    isDone.current = true;
    const label = input.current?.value.trim() ?? '';
    const index = store.boxes.selected.value;
    if (store.boxes.drawn.value) {
      if (isKept) store.boxes.addDrawn(label);
      else store.boxes.drawn.value = undefined;
    } else if (isKept && index !== undefined && label !== initial) {
      store.boxes.lastLabel.value = label;
      void store.change({ type: 'renameBox', index, label });
    }
    store.boxes.isRenaming.value = false;
    viewport.current?.focus();
  };
  // Before the next event: a label typed right after the drag must not be taken for keys of the picture.
  useLayoutEffect(() => {
    input.current?.focus();
    input.current?.select();
    const forget = store.addPending(() => finish(true));
    return () => {
      forget();
    };
  }, [store]);
  const top = rect.y >= 30 ? rect.y - 28 : Math.max(4, rect.y + 4);
  return (
    <>
      <input
        ref={input}
        class="label-input"
        style={{ left: `${Math.max(4, rect.x)}px`, top: `${top}px` }}
        list="labels"
        aria-label="Label of the box"
        placeholder="Label"
        defaultValue={initial}
        onKeyDown={event => {
          if (event.key !== 'Enter' && event.key !== 'Escape') return;
          event.stopPropagation(); // the picture has the focus afterwards, and must not take the same key
          finish(event.key === 'Enter');
        }}
        onBlur={() => finish(true)}
      />
      <datalist id="labels">
        {(store.document.value?.labels ?? []).map(label => <option key={label} value={label} />)}
      </datalist>
    </>
  );
}
