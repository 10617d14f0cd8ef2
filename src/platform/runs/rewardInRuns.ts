import { open, readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { parseRollout } from '../../core/rollouts/parseRollout';
import type { Rollout } from '../../core/rollouts/rollout';
import { parseRunInfo, rewardOfStage } from '../../core/runs/runInfo';
import { listRolloutStages, listRunFolders, rolloutFile } from './runFolders';

/** Runs that are looked through, the newest first. */
const mostRuns = 10;
/** Read from the end of a stage's file: some thousand rollouts, whatever the size of the file. */
const tailBytes = 8 << 20;

/** The last rollouts that a reward scored in a run. */
export interface RewardInRun {
  readonly runFolder: string;
  /** Stages whose rollouts it scored. */
  readonly stages: readonly string[];
  readonly rollouts: readonly Rollout[];
}

/** The newest run with rollouts that this reward file scored; undefined where none has. `reward` is absolute. */
export async function lastRunOfReward(projectFolder: string, reward: string): Promise<RewardInRun | undefined> {
  for (const runFolder of (await listRunFolders(projectFolder)).slice(0, mostRuns)) {
    const { value: info } = parseRunInfo(await readFile(path.join(runFolder, 'run.json'), 'utf8').catch(() => ''), path.basename(runFolder));
    if (!info) continue; // nobody knows what it was scored with
    const isOurs = ({ stage, dataset }: Rollout): boolean => {
      const name = rewardOfStage(info, stage, dataset);
      return name !== null && path.resolve(projectFolder, name) === reward;
    };
    const byStage = await Promise.all((await listRolloutStages(runFolder)).filter(stage => stage !== 'evaluation').map(async stage => ({ stage, rollouts: (await lastWholeGroups(rolloutFile(runFolder, stage))).filter(isOurs) })));
    const found = byStage.filter(({ rollouts }) => rollouts.length > 0);
    if (found.length > 0) return { runFolder, stages: found.map(({ stage }) => stage), rollouts: found.flatMap(({ rollouts }) => rollouts) };
  }
  return undefined;
}

/** Rollouts at the end of a file, without the line and the group that the reading begins in. */
async function lastWholeGroups(file: string): Promise<readonly Rollout[]> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - tailBytes);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.toString('utf8', 0, bytesRead);
    const rollouts = text.split('\n').slice(from > 0 ? 1 : 0).flatMap(line => (line.trim() === '' ? [] : (parseRollout(line).value ?? [])));
    const [first] = rollouts;
    return from > 0 ? rollouts.filter(({ group }) => group !== first?.group) : rollouts;
  } finally {
    await handle.close();
  }
}
