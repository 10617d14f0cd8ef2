import * as assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { summarizeRun } from '../../../src/core/rewards/summary/runSummary';
import { lastRunOfReward } from '../../../src/platform/runs/rewardInRuns';

describe('a reward in the runs', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-reward-runs-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const run = (name: string, reward: string): string => {
    const place = path.join(folder, '.pebr/runs', name);
    mkdirSync(path.join(place, 'rollouts'), { recursive: true });
    writeFileSync(path.join(place, 'run.json'), JSON.stringify({ v: 1, id: name, stages: ['perception'], config: { pipeline: { stages: [{ name: 'perception', dataset: 'd', reward }] } } }));
    return place;
  };
  const line = (group: string, index: number, clip: number, response = ''): string => `${JSON.stringify({ v: 1, stage: 'perception', group, sampleId: 's', dataset: 'd', index, response, components: { clip, format: 1 }, overall: clip, rewardHash: 'abc' })}\n`;
  const write = (place: string, text: string): void => writeFileSync(path.join(place, 'rollouts/perception.jsonl'), text);

  it('is the newest one that trained with it, with what its components gave and how many groups they left flat', async () => {
    write(run('20260101-000000-a', 'rewards/a.reward.ts'), line('g', 0, 0.2) + line('g', 1, 0.6) + line('h', 0, 0.4) + line('h', 1, 0.4));
    write(run('20260102-000000-b', 'rewards/b.reward.ts'), line('g', 0, 1));
    run('20260103-000000-none', 'rewards/a.reward.ts');
    const found = await lastRunOfReward(folder, path.join(folder, 'rewards/a.reward.ts'));
    assert.deepEqual([path.basename(found?.runFolder ?? ''), found?.stages, found?.rollouts.length], ['20260101-000000-a', ['perception'], 4]);
    const [first, ...rest] = found?.rollouts ?? [];
    assert.ok(first);
    const summary = summarizeRun('a', 'r', [first, ...rest]);
    assert.deepEqual([summary.hash, summary.components.clip?.mean.toFixed(2), summary.zeroStd, summary.flat], ['abc', '0.40', 0.5, { clip: 0.5, format: 1 }]);
    assert.equal(await lastRunOfReward(folder, path.join(folder, 'rewards/c.reward.ts')), undefined);
  });

  it('leaves groups that dynamic sampling dropped out of the shares of groups', async () => {
    const dropped = (text: string): string => text.replaceAll('{"v":1', '{"v":1,"dropped":true');
    write(run('20260101-000000-a', 'rewards/a.reward.ts'), line('g', 0, 0.2) + line('g', 1, 0.6) + dropped(line('h', 0, 0.4) + line('h', 1, 0.4)));
    const [first, ...rest] = (await lastRunOfReward(folder, path.join(folder, 'rewards/a.reward.ts')))?.rollouts ?? [];
    assert.ok(first);
    assert.deepEqual([rest.length, summarizeRun('a', 'r', [first, ...rest]).zeroStd], [3, 0]);
  });

  it('reads the end of a large file, in whole groups, and what can be read of a broken one', async () => {
    const place = run('20260101-000000-a', 'rewards/a.reward.ts');
    write(place, '');
    const long = 'x'.repeat(1 << 16);
    for (let group = 0; group < 80; group++) appendFileSync(path.join(place, 'rollouts/perception.jsonl'), line(`g${group}`, 0, 0, long) + line(`g${group}`, 1, 1, long));
    appendFileSync(path.join(place, 'rollouts/perception.jsonl'), '{"half');
    const { rollouts = [] } = (await lastRunOfReward(folder, path.join(folder, 'rewards/a.reward.ts'))) ?? {};
    assert.ok(rollouts.length > 100 && rollouts.length < 140 && rollouts.length % 2 === 0, String(rollouts.length));
    assert.equal(rollouts.at(-1)?.group, 'g79');
  });
});
