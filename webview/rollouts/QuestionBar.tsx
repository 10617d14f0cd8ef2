import { findersFor } from '../../src/core/rollouts/finders';
import { SearchField } from '../shared/searchField';
import { asked, hasFacets, host, list, onFind, openTab, runName, state } from './rolloutsModel';

/** What is asked, how many answer, one-click finders, and the order. */
export function QuestionBar() {
  const columns = asked.columns.value;
  const { text, sort } = asked.query.value;
  const [key] = sort;
  const current = state.value;
  return (
    <header class="question">
      <div class="row question-row">
        <button class="icon-button" aria-pressed={hasFacets.value} aria-label="Count the columns" title="Count the columns" onClick={() => (hasFacets.value = !hasFacets.value)}><i class="codicon codicon-filter" aria-hidden="true" /></button>
        <SearchField query={asked} what="rollouts" placeholder="Search: right:no clip:>0.7, stage:reasoning, step:10..20, words, or sql: …" onFind={onFind} />
        <label class="choice dim">
          Sort
          <select value={key?.column ?? ''} onChange={event => void asked.ask({ sort: event.currentTarget.value === '' ? [] : [{ column: event.currentTarget.value, isDescending: true }] })}>
            <option value="">as written</option>
            {columns.map(({ name }) => <option key={name} value={name}>{name}</option>)}
          </select>
        </label>
        {key && (
          <button class="icon-button" aria-label={key.isDescending ? 'Highest first. Turn around' : 'Lowest first. Turn around'} title={key.isDescending ? 'Highest first. Turn around' : 'Lowest first. Turn around'} onClick={() => void asked.ask({ sort: [{ ...key, isDescending: !key.isDescending }] })}>
            <i class={`codicon codicon-arrow-${key.isDescending ? 'down' : 'up'}`} aria-hidden="true" />
          </button>
        )}
        <Counts />
      </div>
      <div class="row finders" role="group" aria-label="Finders">
        <button class="link run-link" title="Open the run" onClick={() => host.send('openRun', null)}>{runName.value}</button>
        {findersFor(columns).map(finder => (
          <button key={finder.title} class="finder" title={`${finder.detail}\n${finder.text}`} aria-pressed={text.includes(finder.text)} onClick={() => asked.toggle(finder.text)}>{finder.title}</button>
        ))}
        <button class="finder" title="What the samples of each image got for perception and for reasoning (I)" onClick={() => void openTab('images')}>Perception against reasoning</button>
      </div>
      {current && current.lacks.length > 0 && <details class="lacks dim"><summary>What these files do not say ({current.lacks.length})</summary><ul>{current.lacks.map(lack => <li key={lack}>{lack}</li>)}</ul></details>}
      {current && current.problems.length > 0 && <Problems />}
    </header>
  );
}

function Counts() {
  const [current, read] = [list.value, state.value];
  if (!current || !read) return null;
  const { groups, rollouts } = read.progress;
  const trained = current.groups - current.dropped;
  const shown = current.groups === groups ? `${words(groups)} groups` : `${words(current.groups)} of ${words(groups)} groups`;
  const matching = current.matching === rollouts ? `${words(rollouts)} rollouts` : `${words(current.matching)} of ${words(rollouts)} rollouts`;
  return (
    <span class="dim number counts" role="status" title={`Asked in ${Math.round(current.milliseconds)} ms`}>
      {(read.isReading || asked.isRunning.value) && <i class="codicon codicon-loading codicon-modifier-spin" role="img" aria-label={read.isReading ? 'Reading' : 'Asking'} />}
      {' '}{shown} · {matching}{trained === 0 ? '' : ` · ${Math.round((100 * current.flat) / trained)} % zero-std`}{current.dropped === 0 ? '' : ` · ${words(current.dropped)} dropped`}
    </span>
  );
}

function Problems() {
  const problems = state.value?.problems ?? [];
  const name = (file: string): string => file.split(/[\\/]/).at(-1) ?? file;
  return (
    <details class="lacks">
      <summary class="warning"><i class="codicon codicon-warning" aria-hidden="true" /> {problems.length} {problems.length === 1 ? 'place' : 'places'} could not be read</summary>
      <ul>{problems.map(({ file, line, message }) => <li key={`${file}:${line ?? ''}`}><button class="link" onClick={() => host.send('openPlace', { file, ...(line === undefined ? {} : { line }) })}>{name(file)}{line === undefined ? '' : `:${line}`}</button> {message}</li>)}</ul>
    </details>
  );
}

const words = (count: number): string => count.toLocaleString('en');
