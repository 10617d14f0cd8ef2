import * as assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { LatestGroupReader } from '../../../src/platform/runs/latestGroup';

describe('the latest group of a run', () => {
  let folder = '';
  beforeEach(() => mkdirSync(path.join((folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-latest-'))), 'rollouts')));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const file = (stage: string): string => path.join(folder, 'rollouts', `${stage}.jsonl`);
  const line = (stage: string, group: string, index: number, response = 'yes'): string => `${JSON.stringify({ stage, group, index, sampleId: 's', response, overall: index })}\n`;

  it('is read from the end of the newest file, and told once', async () => {
    writeFileSync(file('perception'), line('perception', 'p-1', 0));
    utimesSync(file('perception'), 1, 1);
    writeFileSync(file('reasoning'), `${'{"broken"\n'}${line('reasoning', 'r-1', 0)}${line('reasoning', 'r-2', 1)}${line('reasoning', 'r-2', 0)}`);
    const reader = new LatestGroupReader(folder);
    assert.deepEqual((await reader.read())?.map(({ group, index }) => [group, index]), [['r-2', 0], ['r-2', 1]]);
    assert.equal(await reader.read(), undefined);
    appendFileSync(file('reasoning'), `${line('reasoning', 'r-3', 0)}{"stage": "reasoning", "gro`);
    assert.deepEqual((await reader.read())?.map(({ group }) => group), ['r-3']);
  });

  it('is whole even when it is longer than what is read at first', async () => {
    const long = 'x'.repeat(60_000);
    writeFileSync(file('perception'), `${line('perception', 'p-1', 0)}${Array.from({ length: 16 }, (_, index) => line('perception', 'p-2', index, long)).join('')}`);
    assert.equal((await new LatestGroupReader(folder).read())?.length, 16);
  });

  it('is none where nothing was written', async () => {
    assert.equal(await new LatestGroupReader(path.join(folder, 'nowhere')).read(), undefined);
  });
});
