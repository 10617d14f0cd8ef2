import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { EditorStore } from './editorStore';

/** Key words as chips: click one to edit it, × removes it, the field at the end adds. */
export function KeyWords({ store, words }: { readonly store: EditorStore; readonly words: readonly string[] }): preact.JSX.Element {
  const editing = useSignal<number | undefined>(undefined);
  const responses = store.responses.value.get(store.current.value?.row?.qid ?? '')?.responses ?? [];
  const set = (value: readonly string[]): void => void store.change({ type: 'setKeyWords', value });
  return (
    <div class="field">
      <label class="field-name" for="key-word">Key words</label>
      <div class="chips">
        {words.map((word, index) =>
          editing.value === index ? (
            <WordInput
              key={`edit ${index}`} store={store} initial={word} label={`Key word ${index + 1}`}
              done={text => {
                editing.value = undefined;
                if (text === '') set(words.filter((_, at) => at !== index));
                else if (text !== undefined && text !== word) set(words.map((old, at) => (at === index ? text : old)));
              }}
            />
          ) : (
            <span class={word.trim() === '' ? 'chip is-empty' : 'chip'} key={`${index} ${word}`}>
              <button class="chip-word" title="Edit" onClick={() => (editing.value = index)}>
                {word.trim() === '' ? 'empty' : word}{responses.length > 0 && <span class="chip-count" title="Stored responses that have it"> {responses.filter(({ text }) => text.toLowerCase().includes(word.toLowerCase())).length}/{responses.length}</span>}
              </button>
              <button class="chip-remove codicon codicon-close" aria-label={`Remove key word ${word}`} title="Remove" onClick={() => set(words.filter((_, at) => at !== index))} />
            </span>
          ),
        )}
        <WordInput id="key-word" store={store} initial="" label="Add key word" done={text => text && set([...words, text])} />
      </div>
    </div>
  );
}

interface WordInputProps {
  readonly id?: string;
  readonly store: EditorStore;
  readonly initial: string;
  readonly label: string;
  /** The text, or nothing where it was given up. */
  readonly done: (text: string | undefined) => void;
}

function WordInput({ id, store, initial, label, done }: WordInputProps): preact.JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const latest = useRef(done);
  latest.current = done;
  const finish = (isKept: boolean): void => {
    const element = input.current;
    if (!element) return;
    const text = element.value.trim();
    if (id !== undefined) element.value = ''; // the field at the end stays, ready for the next word
    if (id === undefined || text !== '') latest.current(isKept ? text : undefined);
  };
  useEffect(() => {
    if (id === undefined) {
      input.current?.focus();
      input.current?.select();
    }
    return store.addPending(() => {
      if (document.activeElement === input.current) finish(true);
    });
  }, [store]);
  return (
    <input
      ref={input} {...(id === undefined ? {} : { id })} class="chip-input" aria-label={label} defaultValue={initial} placeholder={id === undefined ? '' : 'Add…'} size={Math.max(6, initial.length + 1)}
      onBlur={() => finish(true)}
      onKeyDown={event => {
        if (event.key === 'Enter') finish(true);
        if (event.key === 'Escape') finish(false);
      }}
    />
  );
}
