import * as path from 'node:path';
import { RolloutIndex } from './rolloutIndex';
import type { Rollout } from '../../core/rollouts/rollout';
import { listRolloutStages, listRunFolders, rolloutFile } from './runFolders';

/** Runs that are looked through for a sample, the newest first. */
const mostRuns = 5;

/** What a policy last answered to a sample. */
export interface LastGroup {
  /** Folder of the run. */
  readonly run: string;
  readonly stage: string;
  readonly step: number;
  readonly rollouts: readonly Rollout[];
}

/** Finds the last stored responses of a dataset's samples; a file of rollouts is indexed once and then followed. */
export class SampleResponses {
  private readonly indexes = new Map<string, RolloutIndex>();

  constructor(
    private readonly projectFolder: string,
    private readonly dataset: string,
  ) {}

  /** The last group of the sample in the newest run that has one; undefined where none has. */
  async of(qid: string): Promise<LastGroup | undefined> {
    for (const run of (await listRunFolders(this.projectFolder)).slice(0, mostRuns)) {
      for (const stage of [...(await listRolloutStages(run))].reverse()) {
        const index = await this.indexOf(rolloutFile(run, stage));
        const group = index.groups.findLast(each => each.sampleId === qid && each.dataset === this.dataset);
        if (group) return { run, stage, step: group.step, rollouts: await index.read(group.group) };
      }
    }
    return undefined;
  }

  private async indexOf(file: string): Promise<RolloutIndex> {
    const index = this.indexes.get(file) ?? new RolloutIndex(path.resolve(file));
    this.indexes.set(file, index);
    await index.refresh();
    return index;
  }
}
