import type { TrainRequest } from '../../contributions';
import type { PlannedRun } from '../../platform/pipeline/planRun';

/** What a person asked for: everything that cannot be taken over, everything from a node on, or one node alone. */
export interface RunWish {
  readonly node: string | null;
  readonly only: boolean;
}

/** The run that fulfils a wish; a text where there is nothing to run. Stages before the node that cannot be taken over run too. */
export function requestOf(folder: string, { plan, nodes }: PlannedRun, { node, only }: RunWish): TrainRequest | string {
  const stages = nodes.filter(each => each.kind !== 'split').map(each => each.id);
  const reusable = plan.reuse ? stages.indexOf(plan.reuse.until) + 1 : 0;
  const at = node === null ? reusable : stages.indexOf(node);
  if (at === -1) return nodes.some(each => each.id === node) ? 'A split is made by the sampling before it: run that again.' : `The pipeline of pebr.json has no node "${node}".`;
  if (at >= stages.length) return `Nothing has changed since ${plan.reuse?.run.id ?? 'the last run'}: there is nothing to run. Choose a node and run from there to do it anew.`;
  const kept = Math.min(at, reusable);
  const until = stages[kept - 1];
  const measures = stages.includes('evaluation') && node !== 'evaluation' ? ['evaluation'] : [];
  return {
    project: folder, overrides: {}, opensRun: false,
    ...(plan.reuse && until !== undefined ? { reuse: { run: plan.reuse.run.folder, until } } : {}),
    ...(only && node !== null ? { stages: [...stages.slice(0, at + 1), ...measures] } : {}),
  };
}
