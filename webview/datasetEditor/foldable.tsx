import type { ComponentChildren } from 'preact';
import type { EditorStore } from './editorStore';

interface FoldableProps {
  readonly store: EditorStore;
  readonly part: string;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** A part of the side panel that is open or closed for every sample alike. */
export function Foldable({ store, part, title, children }: FoldableProps): preact.JSX.Element {
  const isOpen = store.openParts.value.has(part);
  return (
    <section class="foldable">
      <button class="facet-head" aria-expanded={isOpen} onClick={() => store.togglePart(part)}>
        <i class={`codicon codicon-chevron-${isOpen ? 'down' : 'right'}`} aria-hidden="true" /> {title}
      </button>
      {isOpen && children}
    </section>
  );
}
