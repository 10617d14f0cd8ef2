import * as path from 'node:path';
import type { Disposable } from '../../core/lifecycle';
import { RolloutClient } from '../../platform/rollouts/rolloutClient';
import type { RolloutSession } from '../../platform/rollouts/rolloutSession';
import { listRunFolders } from '../../platform/runs/runFolders';
import type { RunHistory } from '../../protocol/rollouts';

/** Runs that are looked through, the newest first; the shown one besides. */
const mostRuns = 5;
/** Groups of a run that are told with their responses, the last ones. */
const mostGroups = 24;

/** The same sample in the steps of a run, and in other runs of the project. What was read of another run is kept until the panel closes. */
export class SampleHistory implements Disposable {
  private readonly clients = new Map<string, RolloutClient>();

  constructor(
    private readonly dist: string,
    private readonly session: RolloutSession,
    private readonly projectFolder: string,
  ) {}

  async of(dataset: string, sample: string): Promise<readonly RunHistory[]> {
    const { runFolder } = this.session;
    const others = (await listRunFolders(this.projectFolder)).filter(folder => folder !== runFolder).slice(0, mostRuns);
    const histories: RunHistory[] = [];
    for (const folder of [runFolder, ...others]) {
      const isThis = folder === runFolder;
      const source = isThis ? this.session : this.clientOf(folder);
      if (source instanceof RolloutClient) await source.call('refresh');
      const numbers = (source instanceof RolloutClient ? await source.call('ofSample', dataset, sample) : await source.ofSample(dataset, sample)).slice(-mostGroups);
      const rows = source instanceof RolloutClient ? await source.call('rows', numbers, '') : await source.rows(numbers);
      const groups = await Promise.all(rows.map(async row => ({ row, rollouts: source instanceof RolloutClient ? await source.call('read', row.number) : await source.read(row.number) })));
      if (groups.length > 0) histories.push({ runFolder: folder, run: path.basename(folder), isThis, groups });
    }
    return histories;
  }

  dispose(): void {
    for (const client of this.clients.values()) client.dispose();
  }

  private clientOf(runFolder: string): RolloutClient {
    const known = this.clients.get(runFolder) ?? new RolloutClient({ dist: this.dist, folder: path.join(runFolder, 'rollouts') });
    this.clients.set(runFolder, known);
    return known;
  }
}
