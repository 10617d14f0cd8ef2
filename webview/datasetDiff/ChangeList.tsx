import { useEffect, useRef, useState } from 'preact/hooks';
import type { DiffListRow } from '../../src/protocol/datasetDiff';
import { stepOfKey } from '../shared/plainKeys';
import { overview, place, rows, selectAt, show } from './diffModel';

const rowHeight = 24;
const margin = 10;
/** A taller element is cut off by browsers; beyond it one pixel of scrolling is more than one. */
const tallest = 12_000_000;
const signs = { added: 'diff-added', removed: 'diff-removed', changed: 'diff-modified', rewritten: 'whitespace' } as const;

/** The rows that differ; only those on the screen exist, however many there are. */
export function ChangeList() {
  const scroller = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState<readonly [number, number]>([0, 40]);
  const total = overview.value?.matching ?? 0;
  const height = Math.min(tallest, total * rowHeight);
  const stretch = total === 0 ? 1 : (total * rowHeight) / height;

  const measure = (): void => {
    const element = scroller.current;
    if (!element) return;
    const from = Math.max(0, Math.floor((element.scrollTop * stretch) / rowHeight) - margin);
    const to = Math.ceil((element.scrollTop * stretch + element.clientHeight) / rowHeight) + margin;
    setRange([from, to]);
    show(from, to);
  };
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
    measure();
  }, [overview.value?.version]);
  useEffect(() => {
    const observer = new ResizeObserver(measure);
    if (scroller.current) observer.observe(scroller.current);
    scroller.current?.focus({ preventScroll: true }); // arrow keys go through the rows at once
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const top = place.value * rowHeight;
    const seen = element.scrollTop * stretch;
    if (top < seen) element.scrollTop = top / stretch;
    else if (top + rowHeight > seen + element.clientHeight) element.scrollTop = (top + rowHeight - element.clientHeight) / stretch;
  }, [place.value]);

  const shown = Array.from({ length: Math.max(0, Math.min(range[1], total) - range[0]) }, (_, index) => range[0] + index);
  const offset = (scroller.current?.scrollTop ?? 0) * (stretch - 1);
  return (
    <div class="changes" ref={scroller} onScroll={measure} tabIndex={0} role="listbox" aria-label="Changed rows" aria-activedescendant={`change-${place.value}`} onKeyDown={onKeyDown}>
      {total === 0
        ? <div class="empty">No changed row matches the filter.</div>
        : <div class="changes-space" style={{ height: `${height}px` }}>{shown.map(at => <ChangeRow key={at} at={at} top={at * rowHeight - offset} row={rows.value.get(at)} />)}</div>}
    </div>
  );
}

function ChangeRow({ at, top, row }: { readonly at: number; readonly top: number; readonly row: DiffListRow | undefined }) {
  const style = { top: `${top}px` };
  if (!row) return <div class="change" style={style} />;
  return (
    <div id={`change-${at}`} class="change" style={style} role="option" aria-selected={at === place.value} aria-label={`${row.qid} ${row.kind} ${row.words}`} onClick={() => void selectAt(at)}>
      <i class={`codicon codicon-${signs[row.kind]} ${row.kind}`} />
      <span class="qid" title={row.qid}>{row.qid}</span>
      <span class="words dim" title={row.words}>{row.words || row.kind}</span>
    </div>
  );
}

function onKeyDown(event: KeyboardEvent): void {
  const by = stepOfKey(event);
  if (by === undefined) return;
  event.preventDefault();
  void selectAt(place.value + by);
}
