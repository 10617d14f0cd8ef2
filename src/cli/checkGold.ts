import * as path from 'node:path';
import { AppError } from '../core/errors';
import { rewardDatasets } from '../core/project/rewardUses';
import { type GoldCheck, GoldTally } from '../core/rewards/gold/goldCheck';
import { goldResponse } from '../core/rewards/gold/goldResponse';
import type { Score } from '../core/rewards/score';
import { sampleBatches } from '../platform/dataset/readSample';
import { RewardClient } from '../platform/rewards/rewardClient';
import { datasetArgument } from './datasetArgument';
import type { ProjectOnDisk } from './openProject';
import { clipFolder, rewardArgument } from './rewardArgument';
import { UnreadableRows } from './unreadableRows';

export interface GoldOptions {
  readonly reward: unknown;
  readonly dataset: unknown;
  /** Names of the components that count, by commas; all of them where it is undefined. */
  readonly components: unknown;
  readonly python: string;
  readonly isJson: boolean;
}

/** Shortfalls that are printed one by one. */
const mostLines = 50;

/** Scores every gold answer of the datasets that a reward is used for. 1 when one does not get full marks, or a row cannot be read. */
export async function checkGold({ folder, project }: ProjectOnDisk, { reward, dataset, components, python, isJson }: GoldOptions): Promise<number> {
  const file = rewardArgument(folder, reward);
  const ids = dataset === undefined ? rewardDatasets(project, name => path.resolve(folder, name) === file) : [datasetArgument(project, dataset).id];
  const wanted = typeof components === 'string' ? components.split(',').map(name => name.trim()) : undefined;
  const client = new RewardClient({ dist: __dirname }, text => process.stderr.write(text));
  let isShort = false;
  try {
    const loaded = await client.load({ path: file, clip: clipFolder(folder, project), python: [python] });
    const unknown = wanted?.find(name => loaded.components.length > 0 && !loaded.components.includes(name));
    if (unknown !== undefined) throw new AppError('argument.invalid', { argument: '--components', reason: `The reward has no component "${unknown}". It has ${loaded.components.join(', ')}.` });
    for (const id of ids) {
      const tally = new GoldTally(wanted ? Object.fromEntries(wanted.map(name => [name, loaded.weights[name] || 1])) : loaded.weights);
      let left = 0;
      const unreadable = new UnreadableRows();
      for await (const samples of sampleBatches(folder, datasetArgument(project, id), { onUnreadable: unreadable.add })) {
        const items = samples.map(({ sample }) => ({ response: goldResponse(sample), sample }));
        const { scores } = await client.score({ reward: loaded.reward, items });
        scores.forEach((score: Score, index) => {
          const shortfall = tally.add(score);
          const at = samples[index];
          if (!shortfall || !at) return;
          if (isJson) console.log(JSON.stringify({ dataset: id, qid: at.sample.qid, file: at.file, line: at.line, message: shortfall.message, below: shortfall.below }));
          else if (left++ < mostLines) console.log(`${at.file}:${at.line}: ${at.sample.qid}: ${shortfall.message}`);
        });
      }
      if (!isJson && left > mostLines) console.log(`… and ${left - mostLines} more`);
      unreadable.end();
      isShort ||= tally.result.full < tally.result.count || unreadable.count > 0;
      console.log(isJson ? JSON.stringify({ dataset: id, ...tally.result }) : goldInWords(id, tally.result));
    }
  } finally {
    client.dispose();
  }
  return isShort ? 1 : 0;
}

function goldInWords(id: string, { count, full, components }: GoldCheck): string {
  const percent = (part: number, of: number): string => (of === 0 ? '–' : `${((100 * part) / of).toFixed(1)} %`);
  return [
    `${id}: ${full} of ${count} gold answers get full marks (${percent(full, count)})`,
    ...components.map(({ name, full: paid, applies }) => `  ${name.padEnd(16)} ${percent(paid, applies).padStart(7)}  ${paid} of ${applies}${applies < count ? `, does not apply to ${count - applies}` : ''}`),
  ].join('\n');
}
