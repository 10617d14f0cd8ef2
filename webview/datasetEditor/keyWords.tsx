import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Row } from '../../src/core/dataset/row';
import { suggestKeyWords, type SuggestedWord } from '../../src/core/labels/suggestKeyWords';
import type { EditorStore } from './editorStore';

/** Key words as chips: click one to edit it, × removes it, the field at the end adds; below it those that may fit, each taken by a key. Arrows go from chip to chip, Delete removes. */
export function KeyWords({ store, row }: { readonly store: EditorStore; readonly row: Row }): preact.JSX.Element {
  const editing = useSignal<number | undefined>(undefined);
  const words = row.key_words;
  const responses = responsesOf(store, row);
  const suggested = suggestKeyWords(row, responses);
  const set = (value: readonly string[]): void => void store.gestures.change({ type: 'setKeyWords', value });
  return (
    <div class="field">
      <label class="field-name" for="key-word">Key words</label>
      <div class="chips" onKeyDown={event => moveAmongChips(event, index => set(words.filter((_, at) => at !== index)))}>
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
              <button class="chip-word" title="Edit (Enter); Delete removes it" data-at={index} onClick={() => (editing.value = index)}>
                {word.trim() === '' ? 'empty' : word}{responses.length > 0 && <span class="chip-count" title="Stored responses that have it"> {responses.filter(text => text.toLowerCase().includes(word.toLowerCase())).length}/{responses.length}</span>}
              </button>
              <button class="chip-remove codicon codicon-close" aria-label={`Remove key word ${word}`} title="Remove" onClick={() => set(words.filter((_, at) => at !== index))} />
            </span>
          ),
        )}
        <WordInput id="key-word" store={store} initial="" label="Add key word" done={text => text && set([...words, text])} />
      </div>
      {suggested.length > 0 && (
        <div class="chips suggested" role="group" aria-label="Key words that may fit">
          {suggested.map(({ word, from }, at) => (
            <button key={word} class="suggested-word" title={`${reasons[from]} (Shift+${at + 1})`} aria-label={`Add key word ${word}`} onClick={() => set([...words, word])}><i class="codicon codicon-add" aria-hidden="true" />{word}</button>
          ))}
        </div>
      )}
    </div>
  );
}

const reasons: Readonly<Record<SuggestedWord['from'], string>> = { answer: 'The answer', box: 'The label of a box', responses: 'Most stored responses describe it' };

/** The stored responses of a sample, as far as they were loaded. */
function responsesOf(store: EditorStore, { qid }: Row): readonly string[] {
  return store.blind.isOn.value ? [] : (store.responses.of(qid)?.responses.map(({ text }) => text) ?? []);
}

/** Takes one of the suggested key words of the shown sample by its place. */
export function takeKeyWord(store: EditorStore, place: number): void {
  const row = store.cursor.current.value?.row;
  const suggested = row && suggestKeyWords(row, responsesOf(store, row))[place - 1];
  if (row && suggested) void store.gestures.change({ type: 'setKeyWords', value: [...row.key_words, suggested.word] });
  else store.boxes.note.value = `There is no key word ${place} to take`;
}

/** Left and right go to the neighbour, Delete takes the word away. */
function moveAmongChips(event: KeyboardEvent, remove: (index: number) => void): void {
  const chip = event.target instanceof HTMLElement && event.target.matches('.chip-word') ? event.target : undefined;
  if (!chip) return;
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const chips = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>('.chip-word, #key-word')];
  if (by !== undefined) chips[chips.indexOf(chip) + by]?.focus();
  else if (event.key === 'Delete' || event.key === 'Backspace') {
    (chips[chips.indexOf(chip) + 1] ?? chips[0])?.focus();
    remove(Number(chip.dataset.at));
  } else return;
  event.preventDefault();
  event.stopPropagation();
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
    return store.fields.add(() => {
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
        if (event.key === 'ArrowLeft' && id !== undefined && event.currentTarget.value === '') [...(event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('.chip-word') ?? [])].at(-1)?.focus();
      }}
    />
  );
}
