import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { logLines } from './runModel';

const search = signal('');
const source = signal<'all' | 'stdout' | 'stderr'>('all');
const isOpen = signal(true);
/** Follows the end until the person scrolls up. */
const isFollowing = signal(true);
const shownLines = 1000;

/** The last of stdout and stderr, live, with a search. */
export function LogPane() {
  const list = useRef<HTMLDivElement>(null);
  const needle = search.value.toLowerCase();
  const lines = logLines.value.filter(line => (source.value === 'all' || line.source === source.value) && (needle === '' || line.text.toLowerCase().includes(needle)));
  const shown = lines.slice(-shownLines);
  useEffect(() => {
    if (isFollowing.value && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [shown.length, logLines.value, isOpen.value]);
  return (
    <section class={`log ${isOpen.value ? '' : 'log-closed'}`} aria-label="Log">
      <div class="log-bar">
        <button class="log-toggle" aria-expanded={isOpen.value} onClick={() => (isOpen.value = !isOpen.value)}>
          <i class={`codicon codicon-chevron-${isOpen.value ? 'down' : 'right'}`} aria-hidden="true" />Log
        </button>
        {isOpen.value && <>
          <vscode-text-field class="log-search" placeholder="Search" value={search.value} aria-label="Search in the log" onInput={(event: Event) => (search.value = (event.target as HTMLInputElement).value)} />
          <vscode-dropdown value={source.value} aria-label="Which output" onChange={(event: Event) => (source.value = (event.target as HTMLSelectElement).value as 'all' | 'stdout' | 'stderr')}>
            <vscode-option value="all">stdout and stderr</vscode-option>
            <vscode-option value="stdout">stdout</vscode-option>
            <vscode-option value="stderr">stderr</vscode-option>
          </vscode-dropdown>
          <span class="grow" />
          <span class="dim number">{needle ? `${lines.length} found` : `${logLines.value.length} lines`}</span>
          {!isFollowing.value && <vscode-button appearance="icon" title="Follow the end" aria-label="Follow the end" onClick={() => follow(list.current)}><span class="codicon codicon-arrow-down" /></vscode-button>}
        </>}
      </div>
      {isOpen.value && (
        <div class="log-lines mono" ref={list} tabIndex={0} role="log" onScroll={event => onScroll(event.currentTarget)}>
          {shown.length === 0 && <div class="dim">{needle ? 'Nothing found.' : 'Nothing was written yet.'}</div>}
          {shown.map((line, index) => <div key={index} class={line.source}>{line.text}</div>)}
        </div>
      )}
    </section>
  );
}

function follow(list: HTMLDivElement | null): void {
  isFollowing.value = true;
  if (list) list.scrollTop = list.scrollHeight;
}

/** Our own scrolling goes down only, and its event may come when there are new lines below already: only a way up is the person's. */
let lastTop = 0;
function onScroll(list: HTMLElement): void {
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 24;
  if (isAtEnd) isFollowing.value = true;
  else if (list.scrollTop < lastTop) isFollowing.value = false;
  lastTop = list.scrollTop;
}
