import '../shared/rewardDots.css';
import type { Host } from '../shared/connect';
import type { RunContract } from '../../src/protocol/run';
import { RewardDots } from '../shared/rewardDots';
import { isActive, latest } from './runModel';

/** Responses that are shown; the others are in the rollouts panel. */
const shownResponses = 8;
const shownLines = 3;

/** The group that was written last: what the policy says now, beside the curves. */
export function LatestRollouts({ host }: { readonly host: Host<RunContract> }) {
  const group = latest.value;
  if (!group) return null;
  const open = (): void => host.send('rollouts', { stage: group.stage, group: group.group });
  return (
    <section aria-label="Latest rollouts">
      <h2>{isActive.value ? 'Latest rollouts' : 'Last rollouts'}</h2>
      <button class="latest-head" title="Open this group in the rollouts" onClick={open}>
        <span class="grow">{group.sampleId} <span class="dim">{group.stage}, step {group.step}</span></span><RewardDots marks={group.responses} />
      </button>
      <ul class="latest">
        {group.responses.slice(0, shownResponses).map((response, index) => (
          <li key={index}>
            <div class="row">
              <span class={`number latest-overall ${signOf(response.advantage)}`}>{response.failed ? 'failed' : response.overall === null ? '–' : response.overall.toFixed(2)}</span>
              <span class="dim number latest-components">{componentsInWords(response.components)}</span>
            </div>
            <div class="latest-words">{firstLines(response.words)}</div>
          </li>
        ))}
      </ul>
      {group.responses.length > shownResponses && <button class="link" onClick={open}>{group.responses.length - shownResponses} more responses</button>}
    </section>
  );
}

function signOf(advantage: number | null): string {
  return advantage === null || Math.abs(advantage) < 1e-6 ? '' : advantage > 0 ? 'positive' : 'negative';
}

function componentsInWords(components: Readonly<Record<string, number | null>>): string {
  return Object.entries(components).map(([name, value]) => `${name} ${value === null ? 'failed' : value.toFixed(2)}`).join(' · ');
}

function firstLines(text: string): string {
  const lines = text.split('\n').filter(line => line.trim() !== '');
  return lines.length === 0 ? '(empty response)' : lines.slice(0, shownLines).join('\n');
}
