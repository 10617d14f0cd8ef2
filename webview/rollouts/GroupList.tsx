import { useEffect, useRef, useState } from 'preact/hooks';
import type { RolloutRow } from '../../src/protocol/rollouts';
import { stepOfKey } from '../shared/plainKeys';
import { RewardDots } from '../shared/rewardDots';
import { list, place, rows, selectAt, show } from './rolloutsModel';

const rowHeight = 28;
/** Rows beyond the edges that are kept ready. */
const margin = 10;

/** The groups, one row each; only the rows on the screen exist, however many there are. */
export function GroupList() {
  const scroller = useRef<HTMLDivElement>(null);
  const [range, setRange] = useState<readonly [number, number]>([0, 40]);
  const total = list.value?.matching ?? 0;
  const version = list.value?.version;

  const measure = (): void => {
    const element = scroller.current;
    if (!element) return;
    const from = Math.max(0, Math.floor(element.scrollTop / rowHeight) - margin);
    const to = Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + margin;
    setRange([from, to]);
    show(from, to);
  };
  useEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
    measure();
  }, [version]);
  useEffect(() => {
    const observer = new ResizeObserver(measure);
    if (scroller.current) observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = scroller.current;
    if (!element || place.value < 0) return;
    const top = place.value * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight - element.clientHeight;
  }, [place.value]);

  const shown = Array.from({ length: Math.max(0, Math.min(range[1], total) - range[0]) }, (_, index) => range[0] + index);
  return (
    <section class="groups" aria-label="Groups">
      <div class="group-row group-head dim" aria-hidden="true"><span class="number">step</span><span>sample</span><span>rewards</span><span class="number">mean</span><span class="number">std</span><span /></div>
      <div class="group-scroller" ref={scroller} onScroll={measure} tabIndex={0} role="listbox" aria-label="Groups" aria-activedescendant={place.value >= 0 ? `group-${place.value}` : undefined} onKeyDown={onKeyDown}>
        {total === 0
          ? <div class="empty">{list.value?.isIndexing ? 'Reading…' : list.value?.groups === 0 ? 'No group was written yet.' : 'No group matches the filters.'}</div>
          : <div class="group-space" style={{ height: `${total * rowHeight}px` }}>
              {shown.map(at => <GroupRow key={at} at={at} row={rows.value.get(at)} isSelected={at === place.value} />)}
            </div>}
      </div>
    </section>
  );
}

function onKeyDown(event: KeyboardEvent): void {
  const by = stepOfKey(event);
  if (by === undefined) return;
  event.preventDefault();
  void selectAt(place.value + by);
}

function GroupRow({ at, row, isSelected }: { readonly at: number; readonly row: RolloutRow | undefined; readonly isSelected: boolean }) {
  const style = { top: `${at * rowHeight}px` };
  if (!row) return <div class="group-row" style={style} />;
  return (
    <div id={`group-${at}`} class="group-row" style={style} role="option" aria-selected={isSelected} onClick={() => void selectAt(at)} aria-label={labelOf(row)}>
      <span class="number dim">{row.step}</span>
      <span class="sample" title={`${row.dataset} ${row.sampleId}`}>{row.sampleId}</span>
      <RewardDots marks={row.marks} />
      <span class="number">{row.mean === null ? '–' : row.mean.toFixed(2)}</span>
      <span class="number dim">{row.std === null ? '–' : row.std.toFixed(2)}</span>
      <span class="flags"><Flags row={row} /></span>
    </div>
  );
}

function Flags({ row }: { readonly row: RolloutRow }) {
  const failed = row.marks.filter(mark => mark.failed).length;
  return (
    <>
      {failed > 0 && <i class="codicon codicon-error error" title={`${failed} of ${row.marks.length} rewards failed`} />}
      {row.spread === 'zero' && <i class="codicon codicon-circle-slash dim" title="Zero-std: all rewards are equal, the group teaches nothing" />}
      {row.spread === 'near-zero' && <i class="codicon codicon-circle-large-outline dim" title="Near-zero std: the spread is noise" />}
      {row.difficulty && <span class={`difficulty-letter ${row.difficulty}`} title={`Difficulty: ${row.difficulty}`}>{row.difficulty[0]?.toUpperCase()}</span>}
    </>
  );
}

function labelOf(row: RolloutRow): string {
  const spread = row.spread === 'zero' ? ', zero spread' : row.std === null ? '' : `, std ${row.std.toFixed(2)}`;
  return `Step ${row.step}, sample ${row.sampleId}, ${row.marks.length} responses, mean reward ${row.mean === null ? 'none' : row.mean.toFixed(2)}${spread}`;
}
