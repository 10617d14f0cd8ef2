import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Host } from '../shared/connect';
import type { LogLevel } from '../../src/core/runs/logLevel';
import type { LogChunk, RunContract } from '../../src/protocol/run';
import { isShortened, type LogLine, logLines } from './logModel';

const search = signal('');
const source = signal<'all' | LogChunk['source']>('all');
const level = signal<LogLevel>('info');
const isOpen = signal(true);
/** Follows the end until the person scrolls up. */
const isFollowing = signal(true);
/** Id of the line that the search stands at. */
const found = signal<number | null>(null);
const shownLines = 1000;
const ranks: Readonly<Record<LogLevel, number>> = { info: 0, warning: 1, error: 2 };

/** The last of stdout and stderr, live: levels, a search that goes from match to match, and what an error line means. */
export function LogPane({ host }: { readonly host: Host<RunContract> }) {
  const list = useRef<HTMLDivElement>(null);
  const lines = logLines.value.filter(line => (source.value === 'all' || line.source === source.value) && ranks[line.level] >= ranks[level.value]);
  const needle = search.value.toLowerCase();
  const matches = needle === '' ? [] : lines.filter(line => line.text.toLowerCase().includes(needle));
  const shown = windowOf(lines);
  useEffect(() => {
    if (isFollowing.value && list.current) list.current.scrollTop = list.current.scrollHeight;
  }, [shown.length, logLines.value, isOpen.value]);
  useEffect(() => {
    if (found.value !== null) list.current?.querySelector('.log-found')?.scrollIntoView({ block: 'nearest' });
  }, [found.value]);
  return (
    <section class={`log ${isOpen.value ? '' : 'log-closed'}`} aria-label="Log">
      <div class="log-bar">
        <button class="log-toggle" aria-expanded={isOpen.value} onClick={() => (isOpen.value = !isOpen.value)}>
          <i class={`codicon codicon-chevron-${isOpen.value ? 'down' : 'right'}`} aria-hidden="true" />Log
        </button>
        {isOpen.value && <>
          <Search matches={matches} />
          <vscode-dropdown value={level.value} aria-label="Least level" onChange={(event: Event) => (level.value = (event.target as HTMLSelectElement).value as LogLevel)}>
            <vscode-option value="info">all levels</vscode-option>
            <vscode-option value="warning">warnings and errors</vscode-option>
            <vscode-option value="error">errors</vscode-option>
          </vscode-dropdown>
          <vscode-dropdown value={source.value} aria-label="Which output" onChange={(event: Event) => (source.value = (event.target as HTMLSelectElement).value as 'all' | LogChunk['source'])}>
            <vscode-option value="all">stdout and stderr</vscode-option>
            <vscode-option value="stdout">stdout</vscode-option>
            <vscode-option value="stderr">stderr</vscode-option>
          </vscode-dropdown>
          <span class="grow" />
          <span class="dim number">{lines.length} lines</span>
          {!isFollowing.value && <vscode-button appearance="icon" title="Follow the end" aria-label="Follow the end" onClick={() => follow(list.current)}><span class="codicon codicon-arrow-down" /></vscode-button>}
        </>}
      </div>
      {isOpen.value && (
        <div class="log-lines mono" ref={list} tabIndex={0} role="log" onScroll={event => onScroll(event.currentTarget)}>
          {isShortened.value.size > 0 && <div class="dim">Only the end of the log is shown. {[...isShortened.value].map(name => <button key={name} class="link" onClick={() => host.send('openLog', { source: name })}>Open {name}.log</button>)}</div>}
          {shown.length === 0 && <div class="dim">{logLines.value.length > 0 ? 'No line of this level and output.' : 'Nothing was written yet.'}</div>}
          {shown.map(line => <Line key={line.id} line={line} needle={needle} />)}
        </div>
      )}
    </section>
  );
}

/** Enter goes to the next match, Shift+Enter to the one before; the latest is the first. */
function Search({ matches }: { readonly matches: readonly LogLine[] }) {
  const at = matches.findIndex(line => line.id === found.value);
  const go = (by: 1 | -1): void => {
    if (matches.length === 0) return;
    const next = at < 0 ? matches.length - 1 : (at + by + matches.length) % matches.length;
    isFollowing.value = false;
    found.value = matches[next]?.id ?? null;
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') search.value = '';
    if (event.key !== 'Enter') return;
    event.preventDefault();
    go(event.shiftKey ? -1 : 1);
  };
  const type = (event: Event): void => {
    search.value = (event.target as HTMLInputElement).value;
    found.value = null;
  };
  return <>
    <vscode-text-field class="log-search" placeholder="Search" value={search.value} aria-label="Search in the log" onInput={type} onKeyDown={onKey} />
    {search.value !== '' && <>
      <span class="dim number log-count">{matches.length === 0 ? 'none' : at < 0 ? `${matches.length} found` : `${at + 1} of ${matches.length}`}</span>
      <vscode-button appearance="icon" title="Previous match (Shift+Enter)" aria-label="Previous match" disabled={matches.length === 0} onClick={() => go(-1)}><span class="codicon codicon-arrow-up" /></vscode-button>
      <vscode-button appearance="icon" title="Next match (Enter)" aria-label="Next match" disabled={matches.length === 0} onClick={() => go(1)}><span class="codicon codicon-arrow-down" /></vscode-button>
    </>}
  </>;
}

function Line({ line, needle }: { readonly line: LogLine; readonly needle: string }) {
  const { text, level: own, cause, isNewCause } = line;
  return (
    <div class={`log-line log-${own} ${line.id === found.value ? 'log-found' : ''}`} title={cause && !isNewCause ? `${cause.title}. ${cause.remedy}` : undefined}>
      {own !== 'info' && <i class={`codicon codicon-${own}`} aria-label={own} />}
      {marked(text, needle)}
      {cause && isNewCause && (
        <div class="log-cause" role="note"><i class="codicon codicon-lightbulb" aria-hidden="true" /><div><strong>{cause.title}.</strong> {cause.remedy}</div></div>
      )}
    </div>
  );
}

function marked(text: string, needle: string) {
  const at = needle === '' ? -1 : text.toLowerCase().indexOf(needle);
  if (at < 0) return text;
  return <>{text.slice(0, at)}<mark>{text.slice(at, at + needle.length)}</mark>{text.slice(at + needle.length)}</>;
}

/** The last thousand lines, or those around the match that the search stands at. */
function windowOf(lines: readonly LogLine[]): readonly LogLine[] {
  const at = found.value === null ? -1 : lines.findIndex(line => line.id === found.value);
  if (at < 0 || at >= lines.length - shownLines) return lines.slice(-shownLines);
  const start = Math.max(0, at - shownLines / 2);
  return lines.slice(start, start + shownLines);
}

function follow(list: HTMLDivElement | null): void {
  isFollowing.value = true;
  found.value = null;
  if (list) list.scrollTop = list.scrollHeight;
}

/** Our own scrolling goes down only, and its event may come when there are new lines below already: only a way up is the person's. */
let lastTop = 0;
function onScroll(list: HTMLElement): void {
  const isAtEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 24;
  if (isAtEnd && found.value === null) isFollowing.value = true;
  else if (list.scrollTop < lastTop) isFollowing.value = false;
  lastTop = list.scrollTop;
}
