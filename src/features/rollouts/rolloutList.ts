import type { RolloutBrowser } from '../../platform/runs/rolloutBrowser';
import type { RolloutFacets, RolloutList } from '../../protocol/rollouts';

/** What the panel is told of the current list; the rows themselves are asked for page by page. */
export function describeList(browser: RolloutBrowser): RolloutList {
  const { matching, all } = browser;
  const flat = matching.filter(group => group.spread === 'zero' || group.spread === 'near-zero').length;
  return {
    version: browser.version,
    stage: browser.stage,
    filter: browser.filter,
    matching: matching.length,
    groups: all.length,
    rollouts: browser.rolloutCount,
    zeroShare: matching.length === 0 ? null : flat / matching.length,
    isIndexing: browser.isIndexing,
    facets: facetsOf(all),
    problems: browser.problems,
  };
}

function facetsOf(groups: RolloutBrowser['all']): RolloutFacets {
  const datasets = new Set<string>();
  const policyStages = new Set<string>();
  const modes = new Set<'sampled' | 'greedy'>();
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const group of groups) {
    datasets.add(group.dataset);
    if (group.policyStage !== undefined) policyStages.add(group.policyStage);
    if (group.mode !== undefined) modes.add(group.mode);
    first = Math.min(first, group.step);
    last = Math.max(last, group.step);
  }
  return { datasets: [...datasets], policyStages: [...policyStages], modes: [...modes], steps: groups.length === 0 ? null : [first, last] };
}
