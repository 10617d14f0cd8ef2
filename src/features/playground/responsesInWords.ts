import * as path from 'node:path';
import type { PlaygroundChoice } from '../../protocol/playground';

/** `64 rollouts of perception`: what was scored, where only a few words fit. */
export function responsesInWords({ source, dataset }: PlaygroundChoice, count: number): string {
  const many = (what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
  switch (source.kind) {
    case 'gold': return `${many('gold response')} of ${dataset}`;
    case 'typed': return 'a typed response';
    case 'file': return `${many('response')} of ${path.basename(source.path)}`;
    case 'rollouts': return `${many('rollout')} of ${source.stage}`;
  }
}
