import type { Rollout } from './rollout';

/** What curation keeps of the rollout that led to an edit: `<run>/<group>/<index>`. */
export function rolloutId({ run, group, index }: Pick<Rollout, 'run' | 'group' | 'index'>): string {
  return `${run}/${group}/${index}`;
}
