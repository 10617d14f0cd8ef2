import { useEffect } from 'preact/hooks';
import type { EditorMode } from '../../src/protocol/editorCommand';
import type { EditorStore } from './editorStore';
import { SearchField } from '../shared/searchField';

const modes: readonly { readonly mode: EditorMode; readonly icon: string; readonly title: string }[] = [
  { mode: 'label', icon: 'edit', title: 'Label' },
  { mode: 'grid', icon: 'gripper', title: 'Grid' },
  { mode: 'table', icon: 'list-flat', title: 'Table' },
];

/** What is asked of the dataset, how many rows answer, and how they are shown. */
export function QueryBar({ store }: { readonly store: EditorStore }): preact.JSX.Element {
  const { query } = store;
  const rowCount = store.document.value?.rowCount ?? 0;
  const count = store.cursor.count.value;
  return (
    <div class="query-bar">
      <IconToggle icon="filter" label="Count the columns" isOn={store.hasFacets.value} toggle={() => (store.hasFacets.value = !store.hasFacets.value)} />
      <SearchField query={query} what="rows" placeholder="Search: difficulty:hard, tag:blurry, words, or sql: …" onFind={focus => store.fields.onFind(focus)} />
      {store.mode.value !== 'label' ? <Arrange store={store} /> : <Sorted store={store} />}
      <span class="count number" role="status" title={query.milliseconds.value === undefined ? undefined : `Asked in ${Math.round(query.milliseconds.value)} ms`}>
        {query.isNarrowed ? `${count.toLocaleString('en')} of ${rowCount.toLocaleString('en')}` : `${rowCount.toLocaleString('en')} ${rowCount === 1 ? 'row' : 'rows'}`}
      </span>
      {query.isRunning.value && <i class="codicon codicon-loading codicon-modifier-spin" role="img" aria-label="Asking" />}
      {query.isStale.value && !query.isRunning.value && <IconButton icon="refresh" label="Rows changed since this was asked. Ask again" run={() => void query.ask()} />}
      <IconButton icon="save-as" label="Save as a view…" isDisabled={query.query.value.text === '' && query.query.value.sort.length === 0 && query.query.value.groupBy === null} run={() => store.host.send('saveView', null)} />
      <div class="modes" role="radiogroup" aria-label="How rows are shown">
        {modes.map(({ mode, icon, title }) => (
          <button key={mode} class="icon-button" role="radio" aria-checked={store.mode.value === mode} title={title} aria-label={title} onClick={() => store.show(mode)}>
            <i class={`codicon codicon-${icon}`} aria-hidden="true" /> <span class="mode-title">{title}</span>
          </button>
        ))}
      </div>
    </div>
  );
}

/** While one sample is shown there is no room for choices, but an order that decides what comes next is said, and can be left. */
function Sorted({ store }: { readonly store: EditorStore }): preact.JSX.Element | null {
  const [sort] = store.query.query.value.sort;
  if (!sort) return null;
  return (
    <button class="chip sorted" title="The order of the samples. Back to that of the file" onClick={() => void store.query.ask({ sort: [] })}>
      <i class={`codicon codicon-arrow-${sort.isDescending ? 'down' : 'up'}`} role="img" aria-label={sort.isDescending ? 'highest first' : 'lowest first'} /> {sort.column} <i class="codicon codicon-close" aria-hidden="true" />
    </button>
  );
}

/** Order and groups. */
function Arrange({ store }: { readonly store: EditorStore }): preact.JSX.Element {
  const { query } = store;
  useEffect(() => void query.loadColumns(), []);
  const [sort] = query.query.value.sort;
  const names = query.columns.value.map(column => column.name);
  return (
    <>
      <Choice label="Sort" none="file order" names={names} value={sort?.column ?? ''} choose={column => void query.ask({ sort: column === '' ? [] : [{ column, isDescending: false }] })} />
      {sort && (
        <IconButton
          icon={sort.isDescending ? 'arrow-down' : 'arrow-up'} label={sort.isDescending ? 'Highest first. Turn around' : 'Lowest first. Turn around'}
          run={() => void query.ask({ sort: [{ ...sort, isDescending: !sort.isDescending }] })}
        />
      )}
      <Choice label="Group" none="not grouped" names={names} value={query.query.value.groupBy ?? ''} choose={column => void query.ask({ groupBy: column === '' ? null : column })} />
    </>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly none: string;
  readonly names: readonly string[];
  readonly value: string;
  readonly choose: (value: string) => void;
}

function Choice({ label, none, names, value, choose }: ChoiceProps): preact.JSX.Element {
  return (
    <label class="choice dim">
      {label}
      <select value={value} onChange={event => choose(event.currentTarget.value)}>
        <option value="">{none}</option>
        {value !== '' && !names.includes(value) && <option value={value}>{value}</option>}
        {names.map(name => <option key={name} value={name}>{name}</option>)}
      </select>
    </label>
  );
}

function IconButton({ icon, label, isDisabled = false, run }: { readonly icon: string; readonly label: string; readonly isDisabled?: boolean; readonly run: () => void }): preact.JSX.Element {
  return <button class="icon-button" aria-label={label} title={label} disabled={isDisabled} onClick={run}><i class={`codicon codicon-${icon}`} aria-hidden="true" /></button>;
}

function IconToggle({ icon, label, isOn, toggle }: { readonly icon: string; readonly label: string; readonly isOn: boolean; readonly toggle: () => void }): preact.JSX.Element {
  return <button class="icon-button" aria-label={label} title={label} aria-pressed={isOn} onClick={toggle}><i class={`codicon codicon-${icon}`} aria-hidden="true" /></button>;
}
