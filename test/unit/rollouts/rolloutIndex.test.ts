import * as assert from 'node:assert/strict';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { groupAdvantages } from '../../../src/core/rollouts/advantage';
import { readGroup, readLastRollouts } from '../../../src/platform/runs/readRollouts';
import { RolloutIndex } from '../../../src/platform/runs/rolloutIndex';

describe('rollout index', () => {
  let run: string;
  let file: string;
  beforeEach(() => {
    run = mkdtempSync(path.join(os.tmpdir(), 'pebr-rollouts-'));
    cpSync('test/fixtures/runs/20261121-101500-cards', run, { recursive: true });
    file = path.join(run, 'rollouts', 'perception.jsonl');
  });
  afterEach(() => rmSync(run, { recursive: true, force: true }));

  it('summarizes groups and reads their responses from where they are', async () => {
    const index = new RolloutIndex(file);
    assert.equal(await index.refresh(), true);
    assert.deepEqual(index.groups.map(group => [group.group, group.spread, group.marks.length]), [
      ['perception-1-0', 'some', 4], ['perception-1-1', 'zero', 4], ['perception-2-0', 'some', 4],
    ]);
    const rollouts = await index.read('perception-2-0');
    assert.deepEqual(rollouts.map(rollout => [rollout.index, rollout.overall]), [[0, 0.9], [1, null], [2, 0.1], [3, 0.1]]);
    assert.equal(rollouts[1]?.error?.line, 7);
    assert.equal(await index.refresh(), false);
    assert.deepEqual(await index.read('no such group'), []);
  });

  it('has the advantages that the engine’s rule gives', async () => {
    const index = new RolloutIndex(file);
    await index.refresh();
    for (const group of index.groups) {
      const recomputed = groupAdvantages(group.marks.map(mark => mark.overall));
      group.marks.forEach((mark, at) => assert.ok(Math.abs((mark.advantage ?? 0) - (recomputed[at] ?? 0)) < 1e-9));
    }
  });

  it('follows a file that grows, half lines and bad lines included', async () => {
    const index = new RolloutIndex(file);
    await index.refresh();
    const line = readFileSync(file, 'utf8').split('\n')[0]?.replaceAll('perception-1-0', 'perception-3-0') ?? '';
    appendFileSync(file, `${line.slice(0, 50)}`);
    assert.equal(await index.refresh(), false);
    appendFileSync(file, `${line.slice(50)}\r\n{"broken\n`);
    assert.equal(await index.refresh(), true);
    assert.equal(index.groups.at(-1)?.group, 'perception-3-0');
    assert.deepEqual(index.problems.map(problem => problem.line), [14]);
    assert.equal((await index.read('perception-3-0')).length, 1);
  });

  it('starts anew when the file was cut back, and lets a group that is written again replace the old', async () => {
    const lines = readFileSync(file, 'utf8').split('\n');
    const index = new RolloutIndex(file);
    await index.refresh();
    appendFileSync(file, `${lines[0]?.replace('"overall":0.2', '"overall":0.99')}\n`);
    await index.refresh();
    assert.equal(index.rolloutCount, 12);
    assert.equal((await index.read('perception-1-0'))[0]?.overall, 0.99);
    truncateSync(file, Buffer.byteLength(`${lines.slice(0, 4).join('\n')}\n`));
    await index.refresh();
    assert.deepEqual(index.groups.map(group => group.group), ['perception-1-0']);
    assert.equal((await index.read('perception-1-0'))[0]?.overall, 0.2);
  });

  it('serves one group, and the last ones, to whoever scores them again', async () => {
    assert.equal((await readGroup(run, 'perception', 'perception-1-1')).length, 4);
    assert.deepEqual((await readLastRollouts(run, 'perception', 4)).rollouts.map(rollout => rollout.group), Array(4).fill('perception-2-0'));
  });
});
