import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { PromptView, RowView } from '../../src/protocol/datasetEditor';
import type { EditorStore } from './editorStore';
import { Foldable } from './foldable';

/** The prompt as the policy sees it: the project's template with this row, through the policy's chat template. */
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
          <div class="prompt">
            <pre class="raw-line">{told.chat ?? told.text}</pre>
            <button class="icon-button codicon codicon-copy prompt-copy" aria-label="Copy the prompt" title="Copy" onClick={() => store.host.send('copyText', { text: told.chat ?? told.text })} />
          </div>
          <p class={`hint ${isTooLong(told) ? '' : 'dim'}`}>{isTooLong(told) && <i class="codicon codicon-warning is-warning" role="img" aria-label="warning" />} {lengthOf(told)}</p>
          {told.notes.map(note => <p key={note} class="dim hint">{note}</p>)}
        </>
      )}
    </Foldable>
  );
}

/** Each image stands in the chat as one token already. */
function tokensOf({ text, tokens, imageTokens }: PromptView): number | null {
  return tokens === null ? null : tokens + (imageTokens === null ? 0 : imageTokens - (text.split('<image>').length - 1));
}

function isTooLong(told: PromptView): boolean {
  return told.limit !== null && (tokensOf(told) ?? told.words) > told.limit;
}

function lengthOf(told: PromptView): string {
  const { words, imageTokens, limit } = told;
  const tokens = tokensOf(told);
  const may = limit === null ? '' : `; a prompt may have ${limit.toLocaleString('en')}`;
  if (tokens === null) return `${words.toLocaleString('en')} words: at least so many tokens, the pictures not counted${may}.`;
  return `${tokens.toLocaleString('en')} tokens, ${imageTokens === null ? 'the pictures not counted' : `${imageTokens.toLocaleString('en')} of them for the pictures`}${may}.`;
}
