import * as assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { parseRunQueue, type QueuedRun } from '../../../src/core/pipeline/runQueue';
import { queueFileOf, readQueue, writeQueue } from '../../../src/platform/pipeline/queueFile';

const run: QueuedRun = { id: 'no-clip', title: 'No clip', order: 'two-stage', overrides: { 'pipeline.seed': 1 }, status: 'waiting', run: null };

describe('run queue', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pebr-queue-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('is read as it was written, and tells whether somebody works on it', async () => {
    const file = queueFileOf(folder);
    assert.equal(await readQueue(file), undefined);
    await writeQueue(file, { v: 1, runs: [run, { ...run, id: 'mixed', status: 'completed', run: '20261121-101500-mixed' }] }, process.pid);
    const found = await readQueue(file);
    assert.equal(found?.isWorked, true);
    assert.deepEqual(found?.queue.runs[0], run);
    await writeQueue(file, { v: 1, runs: [run] }, null);
    assert.equal((await readQueue(file))?.isWorked, false);
  });

  it('is none where it is broken, and never names a folder outside the runs', async () => {
    const text = JSON.stringify({ v: 1, runs: [run] });
    for (const broken of ['', '[]', '{}', '{"runs":[1]}', text.slice(0, -2), text.replace('"waiting"', '"flying"'), text.replace('"two-stage"', '"any"'), text.replace('"run":null', '"run":"../../etc"')]) {
      assert.equal(parseRunQueue(broken), undefined, broken);
    }
    const file = queueFileOf(folder);
    await writeFile(file, (await readFile(file, 'utf8')).replace('"process": null', '"process": {"pid": 1}'));
    assert.equal((await readQueue(file))?.isWorked, false);
  });
});
