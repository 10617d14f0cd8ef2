import { useEffect } from 'preact/hooks';
import type { GroupRow } from '../../src/core/rollouts/rolloutQuestion';
import { groupAdvantages } from '../../src/core/rollouts/advantage';
import { stepOfKey } from '../shared/plainKeys';
import { RewardDots } from '../shared/rewardDots';
import { useVirtualScroll } from '../shared/virtualScroll';
import { asked, list, place, rows, rule, selectAt, show, showNew, state, unseen } from './rolloutsModel';

const rowHeight = 28;
/** Rows beyond the edges that are kept ready. */
const margin = 10;

/** The groups, one row each; only the rows on the screen exist, however many there are. */
export function GroupList() {
  const total = list.value?.groups ?? 0;
  const version = list.value?.version;
  const scroll = useVirtualScroll(total * rowHeight);
  const { top, view } = scroll;
  const from = Math.max(0, Math.floor(top.value / rowHeight) - margin);
  const to = Math.ceil((top.value + view.value.height) / rowHeight);
  useEffect(() => show(from, to), [from, to, version, total]);
  useEffect(() => {
    if (place.value >= 0) scroll.reveal(place.value * rowHeight, (place.value + 1) * rowHeight);
  }, [place.value, version, view.value.height > 0]);
  const fresh = (list.value?.pending ?? 0) + unseen.value;
  return (
    <section class="groups" aria-label="Groups">
      <div class="group-row group-head dim" aria-hidden="true"><span class="number">step</span><span>sample</span><span>rewards</span><span class="number">mean</span><span class="number">std</span><span /></div>
      <div class="group-scroller" ref={scroll.scroller} tabIndex={0} role="listbox" aria-label="Groups" aria-activedescendant={place.value >= 0 ? `group-${place.value}` : undefined} onKeyDown={onKeyDown}>
        {total === 0
          ? <div class="empty">{emptyWords()}</div>
          : (
            <div style={{ height: `${scroll.bodyHeight}px` }}>
              <div class="row-layer" style={{ height: `${view.value.height}px` }}>
                {Array.from({ length: Math.max(0, Math.min(to + margin, total) - from) }, (_, index) => from + index).map(at => <Row key={at} at={at} y={Math.round(at * rowHeight - top.value)} row={rows.value.get(at)} isSelected={at === place.value} />)}
              </div>
            </div>
          )}
      </div>
      {fresh > 0 && <button class="pill" onClick={() => void showNew()} title="Show them (N)"><i class="codicon codicon-arrow-down" aria-hidden="true" /> {fresh.toLocaleString('en')} new</button>}
    </section>
  );
}

function emptyWords(): string {
  if (state.value?.isReading) return 'Reading…';
  return state.value?.progress.groups === 0 ? 'No group was written yet.' : 'No rollout answers. Take a condition away.';
}

function onKeyDown(event: KeyboardEvent): void {
  const by = stepOfKey(event);
  if (by === undefined) return;
  event.preventDefault();
  void selectAt(place.value + by);
}

function Row({ at, y, row, isSelected }: { readonly at: number; readonly y: number; readonly row: GroupRow | undefined; readonly isSelected: boolean }) {
  const style = { transform: `translateY(${y}px)` };
  if (!row) return <div class="group-row" style={style} />;
  const isNarrowed = asked.query.value.text !== '' && row.hits.some(isHit => !isHit);
  return (
    <div id={`group-${at}`} class="group-row" style={style} role="option" aria-selected={isSelected} aria-setsize={list.value?.groups ?? 0} aria-posinset={at + 1} onClick={() => void selectAt(at)} aria-label={labelOf(row)}>
      <span class="number dim" title={row.stage}>{row.step}</span>
      <span class="sample" title={`${row.stage} · ${row.dataset} ${row.sampleId}${row.policyStage ? ` · after ${row.policyStage}` : ''}${row.mode ? ` · ${row.mode}` : ''}`}>{row.sampleId}</span>
      <RewardDots marks={withAdvantages(row)} />
      <span class="number">{row.mean === null ? '–' : row.mean.toFixed(2)}</span>
      <span class="number dim">{row.std === null ? '–' : row.std.toFixed(2)}</span>
      <span class="flags">{isNarrowed && <span class="number dim" title="Responses that answer">{row.hits.filter(Boolean).length}/{row.hits.length}</span>}<Flags row={row} /></span>
    </div>
  );
}

/** Advantages that a file does not have are worked out by the engine's rule. */
function withAdvantages({ marks, stage }: GroupRow): GroupRow['marks'] {
  if (stage === 'evaluation' || marks.some(mark => mark.advantage !== null)) return marks;
  const advantages = groupAdvantages(marks.map(mark => mark.overall), rule.value);
  return marks.map((mark, at) => ({ ...mark, advantage: advantages[at] ?? null }));
}

function Flags({ row }: { readonly row: GroupRow }) {
  const failed = row.marks.filter(mark => mark.failed).length;
  return (
    <>
      {failed > 0 && <i class="codicon codicon-error error" title={`${failed} of ${row.marks.length} rewards failed`} />}
      {row.spread === 'zero' && <i class="codicon codicon-circle-slash dim" title="Zero-std: all rewards are equal, the group teaches nothing" />}
      {row.spread === 'dropped' && <i class="codicon codicon-trash dim" title="Dropped: a zero-std group that dynamic sampling left out of the step" />}
      {row.spread === 'near-zero' && <i class="codicon codicon-circle-large-outline dim" title="Near-zero std: the spread is noise" />}
    </>
  );
}

function labelOf(row: GroupRow): string {
  const spread = row.spread === 'zero' ? ', zero spread' : row.spread === 'dropped' ? ', dropped' : row.std === null ? '' : `, std ${row.std.toFixed(2)}`;
  return `${row.stage} step ${row.step}, sample ${row.sampleId}, ${row.marks.length} responses, mean reward ${row.mean === null ? 'none' : row.mean.toFixed(2)}${spread}`;
}
