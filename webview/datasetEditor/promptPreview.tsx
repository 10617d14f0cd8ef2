import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PromptView, RowView } from '../../src/protocol/datasetEditor';
import type { EditorStore } from './editorStore';
import { Foldable } from './foldable';

/** The prompt as the policy sees it: the project's template with this row. */
export function PromptPreview({ store, view }: { readonly store: EditorStore; readonly view: RowView }): preact.JSX.Element {
  const isOpen = store.openParts.value.has('prompt');
  const prompt = useSignal<PromptView | undefined>(undefined);
  const fault = useSignal<string | undefined>(undefined);
  useEffect(() => {
    if (!isOpen) return;
    store.host.request('prompt', { index: view.index }).then(
      told => {
        prompt.value = told;
        fault.value = undefined;
      },
      (error: unknown) => (fault.value = error instanceof Error ? error.message : String(error)),
    );
  }, [isOpen, view.index, view.version]);
  const told = prompt.value;
  return (
    <Foldable store={store} part="prompt" title="Prompt">
      {fault.value !== undefined ? <p class="error hint" role="alert">{fault.value}</p> : told && (
        <>
          <pre class="raw-line">{told.text}</pre>
          <p class="dim hint">{told.words} words: at least so many tokens, the pictures not counted{told.limit === null ? '' : `; a prompt may have ${told.limit}`}.</p>
        </>
      )}
    </Foldable>
  );
}
