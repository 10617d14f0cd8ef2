import { useSignal } from '@preact/signals';
import type { GroupRow } from '../../src/core/rollouts/rolloutQuestion';
import type { Rollout } from '../../src/core/rollouts/rollout';
import type { RunHistory } from '../../src/protocol/rollouts';
import { RewardDots } from '../shared/rewardDots';
import { Diff } from './ComparePane';
import { detail, history, host, place, showGroup } from './rolloutsModel';

/** The same sample in the steps of this run and in other runs: how its pass rate moved, and how its best response. */
export function HistoryPane() {
  const runs = history.value;
  if (!runs) return <div class="empty">Looking for this sample in other steps and runs…</div>;
  const count = runs.reduce((sum, run) => sum + run.groups.length, 0);
  return (
    <div class="history">
      {count <= 1 && <p class="dim">This sample was asked once: no other step of this run has it, and no other of the last runs.</p>}
      {runs.map(run => <Run key={run.runFolder} run={run} />)}
    </div>
  );
}

function Run({ run }: { readonly run: RunHistory }) {
  return (
    <section>
      <h2>{run.run}{run.isThis ? ' (this run)' : ''}</h2>
      {run.groups.map((group, at) => <Step key={group.row.number} run={run} group={group} before={run.groups[at - 1]} />)}
    </section>
  );
}

type Group = RunHistory['groups'][number];

function Step({ run, group, before }: { readonly run: RunHistory; readonly group: Group; readonly before: Group | undefined }) {
  const isOpen = useSignal(false);
  const { row, rollouts } = group;
  const rate = passRate(row);
  const earlier = before && passRate(before.row);
  const isShown = run.isThis && detail.value?.row.number === row.number;
  const open = (): void => {
    if (!run.isThis) return host.send('openRollouts', { runFolder: run.runFolder, group: row.group });
    place.value = -1;
    void showGroup(row.number);
  };
  return (
    <div class={`step ${isShown ? 'is-shown' : ''}`} aria-current={isShown ? 'true' : undefined}>
      <div class="row">
        <button class="link step-name" onClick={open} title={run.isThis ? 'Show this group' : 'Open it in its run'}>{row.stage} {row.step > 0 ? row.step : ''}{row.policyStage ? ` after ${row.policyStage}` : ''}{row.mode ? ` ${row.mode}` : ''}</button>
        <span class="number step-rate">{rate === null ? '–' : `${Math.round(100 * rate)} % right`}{rate !== null && earlier != null && rate !== earlier ? <span class={rate > earlier ? 'positive' : 'negative'}> {rate > earlier ? '▲' : '▼'}{Math.abs(Math.round(100 * (rate - earlier)))}</span> : ''}</span>
        <RewardDots marks={row.marks} />
        <span class="number dim">mean {row.mean === null ? '–' : row.mean.toFixed(2)}</span>
        <span class="dim">{boxesInWords(rollouts)}</span>
        {before && <button class="link" aria-expanded={isOpen.value} onClick={() => (isOpen.value = !isOpen.value)}>best response against the step before</button>}
      </div>
      {isOpen.value && before && <Diff first={best(before.rollouts)?.response ?? ''} second={best(rollouts)?.response ?? ''} />}
    </div>
  );
}

function passRate({ marks }: GroupRow): number | null {
  const known = marks.filter(mark => mark.right !== null);
  return known.length === 0 ? null : known.filter(mark => mark.right).length / known.length;
}

function best(rollouts: readonly Rollout[]): Rollout | undefined {
  return [...rollouts].sort((a, b) => (b.overall ?? -Infinity) - (a.overall ?? -Infinity))[0];
}

function boxesInWords(rollouts: readonly Rollout[]): string {
  const ious = rollouts.flatMap(({ evidence }) => evidence.flatMap(({ kind, iou }) => (kind === 'box' && iou !== undefined ? [iou] : [])));
  return ious.length === 0 ? '' : `${ious.length} boxes, mean IoU ${(ious.reduce((sum, iou) => sum + iou, 0) / ious.length).toFixed(2)}`;
}
