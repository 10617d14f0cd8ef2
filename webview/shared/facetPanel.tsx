import { type Signal, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Facet, FacetBar } from '../../src/core/query/queryAnswer';
import type { KnownColumn } from '../../src/core/query/queryColumns';
import { rangeChip } from '../../src/core/query/rangeChip';
import type { Asking } from './asking';

export interface FacetPanelProps {
  readonly query: Asking;
  readonly open: Signal<ReadonlySet<string>>;
  /** Columns that stand first, and those that stand last because nearly every row has a value of its own. */
  readonly first: readonly string[];
  readonly last: readonly string[];
}

/** How each column is spread over the rows of the query: a click on a bar narrows it to those rows, with Alt it leaves them out; a drag over bars of numbers takes their range. Import `search.css`. */
export function FacetPanel({ query, open, first, last }: FacetPanelProps): preact.JSX.Element {
  useEffect(() => void query.loadColumns(), []);
  const placeOf = ({ name }: KnownColumn): number => (first.includes(name) ? first.indexOf(name) - first.length : last.includes(name) ? 1 : 0);
  const columns = [...query.columns.value].sort((a, b) => placeOf(a) - placeOf(b)); // stable: the rest stays in its order
  return (
    <aside class="facets" aria-label="Counts of the columns">
      {columns.length === 0 && <p class="dim hint">Reading the columns…</p>}
      {columns.map(column => <ColumnFacet key={column.name} query={query} open={open} column={column} />)}
    </aside>
  );
}

/** Bars that are shown before a person asks for the rest. */
const fewBars = 10;

function ColumnFacet({ query, open, column }: { readonly query: Asking; readonly open: FacetPanelProps['open']; readonly column: KnownColumn }): preact.JSX.Element {
  const isOpen = open.value.has(column.name);
  const facets = query.facets.value;
  useEffect(() => {
    if (isOpen) void query.count(column.name);
  }, [isOpen, facets]);
  return (
    <section class="facet">
      <button class="facet-head" aria-expanded={isOpen} onClick={() => (open.value = new Set(isOpen ? [...open.value].filter(name => name !== column.name) : [...open.value, column.name]))}>
        <i class={`codicon codicon-chevron-${isOpen ? 'down' : 'right'}`} aria-hidden="true" /> {column.name}
      </button>
      {isOpen && <Bars query={query} facet={facets.get(column.name)} />}
    </section>
  );
}

function Bars({ query, facet }: { readonly query: Asking; readonly facet: Facet | null | undefined }): preact.JSX.Element {
  const isWhole = useSignal(false);
  const brushed = useSignal<readonly [from: number, to: number] | undefined>(undefined);
  const list = useRef<HTMLDivElement>(null);
  if (facet === undefined) return <p class="dim hint">Counting…</p>;
  if (facet === null) return <p class="dim hint">This column cannot be counted.</p>;
  if (facet.bars.length === 0) return <p class="dim hint">No values.</p>;
  const most = Math.max(...facet.bars.map(bar => bar.count));
  const shown = isWhole.value || facet.range ? facet.bars : facet.bars.slice(0, fewBars);
  const left = facet.distinct - facet.bars.length;
  const barAt = (event: PointerEvent): number => [...(list.current?.querySelectorAll('.facet-bar') ?? [])].findIndex(bar => event.clientY >= bar.getBoundingClientRect().top && event.clientY < bar.getBoundingClientRect().bottom);
  const inBrush = (at: number): boolean => brushed.value !== undefined && at >= Math.min(...brushed.value) && at <= Math.max(...brushed.value);
  const drop = (): void => {
    const [from, to] = brushed.value ?? [0, 0];
    brushed.value = undefined;
    const chip = from === to ? undefined : rangeChip(shown[Math.min(from, to)]?.chip ?? '', shown[Math.max(from, to)]?.chip ?? '');
    if (chip !== undefined) query.add(chip);
  };
  return (
    <div
      ref={list}
      onPointerDown={event => facet.range && (brushed.value = [barAt(event), barAt(event)])}
      onPointerMove={event => brushed.value && barAt(event) >= 0 && (brushed.value = [brushed.value[0], barAt(event)])}
      onPointerUp={drop} onPointerLeave={() => (brushed.value = undefined)}
    >
      {shown.map((bar, at) => <Bar key={bar.chip} bar={bar} share={bar.count / most} isBrushed={inBrush(at) && brushed.value?.[0] !== brushed.value?.[1]} narrow={isLeftOut => query.add(isLeftOut ? `-${bar.chip}` : bar.chip)} />)}
      {shown.length < facet.bars.length && <button class="link hint" onClick={() => (isWhole.value = true)}>{facet.bars.length - shown.length} more</button>}
      {facet.range === null && left > 0 && shown.length === facet.bars.length && <p class="dim hint">and {left.toLocaleString('en')} more values</p>}
    </div>
  );
}

function Bar({ bar, share, isBrushed, narrow }: { readonly bar: FacetBar; readonly share: number; readonly isBrushed: boolean; readonly narrow: (isLeftOut: boolean) => void }): preact.JSX.Element {
  return (
    <button class={`facet-bar ${isBrushed ? 'is-brushed' : ''}`} title={`${bar.chip}\nAlt+click leaves these rows out`} onClick={event => narrow(event.altKey)}>
      <span class="facet-fill" style={{ width: `${100 * share}%` }} />
      <span class="facet-label">{bar.label}</span>
      <span class="number dim">{bar.count.toLocaleString('en')}</span>
    </button>
  );
}
