import type { Rollout } from '../../src/core/rollouts/rollout';
import { wordDiff } from '../../src/core/rollouts/wordDiff';
import { other, response } from './rolloutsModel';

/** What differs between two responses: what only the first has is struck through, what only the second has is underlined. */
export function ComparePane({ rollouts }: { readonly rollouts: readonly Rollout[] }) {
  const [first, second] = [rollouts[response.value], rollouts[other.value]];
  if (!first || !second) return <div class="empty">This group has one response alone.</div>;
  return (
    <div class="compare">
      <div class="row">
        <Chosen label="From" rollouts={rollouts} value={response.value} choose={at => (response.value = at)} />
        <Chosen label="to" rollouts={rollouts} value={other.value} choose={at => (other.value = at)} />
        <span class="dim">H and L move the second</span>
      </div>
      <Diff first={first.response} second={second.response} />
    </div>
  );
}

export function Diff({ first, second }: { readonly first: string; readonly second: string }) {
  const pieces = wordDiff(first, second);
  if (pieces.every(({ kind }) => kind === 'same')) return <p class="dim">They are the same, letter by letter.</p>;
  return (
    <div class="response-text mono">
      {pieces.map(({ kind, text }, at) => (kind === 'same' ? text : kind === 'first' ? <del key={at}>{text}</del> : <ins key={at}>{text}</ins>))}
    </div>
  );
}

function Chosen({ label, rollouts, value, choose }: { readonly label: string; readonly rollouts: readonly Rollout[]; readonly value: number; readonly choose: (at: number) => void }) {
  return (
    <label class="choice dim">
      {label}
      <select value={String(value)} onChange={event => choose(Number(event.currentTarget.value))}>
        {rollouts.map(({ index, overall }, at) => <option key={at} value={String(at)}>{index + 1}: {overall === null ? 'failed' : overall.toFixed(3)}</option>)}
      </select>
    </label>
  );
}
