import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { parseQuery } from '../../src/core/query/parseQuery';
import type { Asking } from './asking';
import { complete, suggestionsFor, type Suggestion } from './suggestions';

interface SearchFieldProps {
  readonly query: Asking;
  /** Of what is looked for: "rows". */
  readonly what: string;
  /** Examples, shown while the field is empty. */
  readonly placeholder: string;
  /** Is given the way to the field, for a key; returns how to leave. */
  readonly onFind: (focus: () => void) => () => void;
}

/** One field for chips, words and SQL: what is asked stands in it as chips, and the next one is typed after them. Import `search.css`. */
export function SearchField({ query, what, placeholder, onFind }: SearchFieldProps): preact.JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const draft = useSignal('');
  const chosen = useSignal(-1);
  const isFocused = useSignal(false);
  const isAnswered = useSignal(false); // after Enter the rows are looked at, not what could be typed next
  const { text } = query.query.value;
  const ask = (next: string): void => {
    draft.value = '';
    chosen.value = -1;
    isAnswered.value = true;
    void query.ask({ text: next.trim() });
  };
  const suggestions = isFocused.value && !isAnswered.value && !(draft.value === '' && query.fault.value) ? suggestionsFor(query, draft.value) : [];
  useEffect(() => onFind(() => input.current?.focus()), []);
  useEffect(() => {
    if (isFocused.value) void query.loadColumns();
  }, [isFocused.value]);
  const take = (suggestion: Suggestion): void => {
    chosen.value = -1;
    draft.value = complete(draft.value, suggestion);
    if (suggestion.isWhole) ask(joined(text, draft.value));
    else input.current?.focus();
  };
  /** Takes a part of the text back into the field, to be changed. */
  const edit = (from: number, to: number): void => {
    draft.value = text.slice(from, to).trim();
    void query.ask({ text: without(text, from, to) });
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const { key } = event;
    const shown = suggestions[chosen.value];
    if (key === 'ArrowDown') isAnswered.value = false;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      const count = suggestions.length;
      if (count > 0) chosen.value = (chosen.value + (key === 'ArrowDown' ? 1 : count + (chosen.value < 0 ? 1 : 0) - 1)) % count;
    } else if ((key === 'Enter' || key === 'Tab') && shown) take(shown);
    else if (key === 'Enter') ask(joined(text, draft.value));
    else if (key === 'Backspace' && draft.value === '' && text !== '') {
      const parsed = parseQuery(text);
      const last = parsed.kind === 'chips' ? parsed.chips.at(-1) : undefined;
      edit(last?.from ?? 0, last?.to ?? text.length);
    } else if (key === 'Escape') {
      draft.value = '';
      input.current?.blur();
    } else return;
    event.preventDefault();
  };
  const fault = query.fault.value;
  return (
    <div class={`search ${fault ? 'is-faulty' : ''}`} role="search">
      <i class="codicon codicon-search dim" aria-hidden="true" />
      <div class="search-chips">
        <Chips text={text} edit={edit} remove={(from, to) => ask(without(text, from, to))} />
        <input
          ref={input} class="search-input" value={draft.value} aria-label={`Search ${what}`} role="combobox" aria-autocomplete="list" aria-expanded={suggestions.length > 0}
          aria-controls="suggestions" aria-activedescendant={suggestions[chosen.value] ? `suggestion-${chosen.value}` : undefined} aria-invalid={fault !== undefined} spellcheck={false}
          placeholder={text === '' ? placeholder : ''}
          onInput={event => {
            draft.value = event.currentTarget.value;
            isAnswered.value = false;
            chosen.value = -1;
          }}
          onFocus={() => { isFocused.value = true; isAnswered.value = false; }} onBlur={() => (isFocused.value = false)} onKeyDown={onKeyDown}
        />
      </div>
      {(text !== '' || draft.value !== '') && <button class="icon-button" aria-label={`Show all ${what}`} title={`Show all ${what}`} onClick={() => ask('')}><i class="codicon codicon-close" aria-hidden="true" /></button>}
      {suggestions.length > 0 && <Suggestions suggestions={suggestions} chosen={chosen} take={take} />}
      {fault && suggestions.length === 0 && <div class="search-fault" role="alert"><i class="codicon codicon-error" aria-hidden="true" /> {fault.message} <span class="dim">{fault.remedy}</span></div>}
    </div>
  );
}

function joined(text: string, draft: string): string {
  return /^\s*sql:/i.test(draft) || /^\s*sql:/i.test(text) ? draft || text : `${text} ${draft}`;
}

/** What stands in quotation marks keeps its spaces. */
function without(text: string, from: number, to: number): string {
  return `${text.slice(0, from).trimEnd()} ${text.slice(to).trimStart()}`.trim();
}

interface ChipsProps {
  readonly text: string;
  readonly edit: (from: number, to: number) => void;
  readonly remove: (from: number, to: number) => void;
}

function Chips({ text, edit, remove }: ChipsProps): preact.JSX.Element {
  if (text === '') return <></>;
  const parsed = parseQuery(text);
  const parts = parsed.kind === 'sql' ? [{ from: 0, to: text.length }] : parsed.chips;
  return (
    <>
      {parts.map(({ from, to }) => {
        const part = text.slice(from, to);
        return (
          <span key={from} class={`chip ${parsed.kind === 'sql' ? 'mono' : ''}`}>
            <button title="Change" onMouseDown={event => event.preventDefault()} onClick={() => edit(from, to)}>{part}</button>
            <button class="chip-remove codicon codicon-close" aria-label={`Remove ${part}`} title="Remove" onClick={() => remove(from, to)} />
          </span>
        );
      })}
    </>
  );
}

interface SuggestionsProps {
  readonly suggestions: readonly Suggestion[];
  readonly chosen: Signal<number>;
  readonly take: (suggestion: Suggestion) => void;
}

function Suggestions({ suggestions, chosen, take }: SuggestionsProps): preact.JSX.Element {
  return (
    <ul id="suggestions" class="suggestions" role="listbox" aria-label="Suggestions">
      {suggestions.map((suggestion, at) => (
        <li
          key={suggestion.text} id={`suggestion-${at}`} role="option" aria-selected={at === chosen.value} onMouseEnter={() => (chosen.value = at)}
          onMouseDown={event => {
            event.preventDefault(); // the field keeps the focus
            take(suggestion);
          }}
        >
          <span>{suggestion.text}</span> <span class="dim">{suggestion.detail}</span>
        </li>
      ))}
    </ul>
  );
}
