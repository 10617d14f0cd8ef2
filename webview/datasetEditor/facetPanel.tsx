import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Facet, FacetBar } from '../../src/core/query/queryAnswer';
import type { KnownColumn } from '../../src/core/query/queryColumns';
import type { EditorStore } from './editorStore';
import { firstFacets } from './firstFacets';

/** How each column is spread over the rows of the query: a click on a bar narrows it to those rows, with Alt it leaves them out. */
export function FacetPanel({ store }: { readonly store: EditorStore }): preact.JSX.Element {
  useEffect(() => void store.query.loadColumns(), []);
  const columns = [...store.query.columns.value].sort((a, b) => placeOf(a) - placeOf(b)); // stable: the rest stays in its order
  return (
    <aside class="facets" aria-label="Counts of the columns">
      {columns.length === 0 && <p class="dim hint">Reading the columns…</p>}
      {columns.map(column => <ColumnFacet key={column.name} store={store} column={column} />)}
    </aside>
  );
}

/** Columns in which nearly every row has a value of its own stand last, those that split a dataset first. */
function placeOf({ name }: KnownColumn): number {
  const first = firstFacets.indexOf(name);
  if (first >= 0) return first - firstFacets.length;
  return ['qid', 'problem', 'answer', 'images'].includes(name) ? 1 : 0;
}

/** Bars that are shown before a person asks for the rest. */
const fewBars = 10;

function ColumnFacet({ store, column }: { readonly store: EditorStore; readonly column: KnownColumn }): preact.JSX.Element {
  const isOpen = store.openFacets.value.has(column.name);
  const facets = store.query.facets.value;
  useEffect(() => {
    if (isOpen) void store.query.count(column.name);
  }, [isOpen, facets]);
  return (
    <section class="facet">
      <button class="facet-head" aria-expanded={isOpen} onClick={() => store.toggleFacet(column.name)}>
        <i class={`codicon codicon-chevron-${isOpen ? 'down' : 'right'}`} aria-hidden="true" /> {column.name}
      </button>
      {isOpen && <Bars store={store} facet={facets.get(column.name)} />}
    </section>
  );
}

function Bars({ store, facet }: { readonly store: EditorStore; readonly facet: Facet | null | undefined }): preact.JSX.Element {
  const isWhole = useSignal(false);
  if (facet === undefined) return <p class="dim hint">Counting…</p>;
  if (facet === null) return <p class="dim hint">This column cannot be counted.</p>;
  if (facet.bars.length === 0) return <p class="dim hint">No values.</p>;
  const most = Math.max(...facet.bars.map(bar => bar.count));
  const shown = isWhole.value || facet.range ? facet.bars : facet.bars.slice(0, fewBars);
  const left = facet.distinct - facet.bars.length;
  return (
    <div>
      {shown.map(bar => <Bar key={bar.chip} bar={bar} share={bar.count / most} narrow={isLeftOut => store.query.add(isLeftOut ? `-${bar.chip}` : bar.chip)} />)}
      {shown.length < facet.bars.length && <button class="link hint" onClick={() => (isWhole.value = true)}>{facet.bars.length - shown.length} more</button>}
      {facet.range === null && left > 0 && shown.length === facet.bars.length && <p class="dim hint">and {left.toLocaleString('en')} more values</p>}
    </div>
  );
}

function Bar({ bar, share, narrow }: { readonly bar: FacetBar; readonly share: number; readonly narrow: (isLeftOut: boolean) => void }): preact.JSX.Element {
  return (
    <button class="facet-bar" title={`${bar.chip}\nAlt+click leaves these rows out`} onClick={event => narrow(event.altKey)}>
      <span class="facet-fill" style={{ width: `${100 * share}%` }} />
      <span class="facet-label">{bar.label}</span>
      <span class="number dim">{bar.count.toLocaleString('en')}</span>
    </button>
  );
}
