import * as assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { RunEvent } from '../../../src/core/runs/runEvent';
import { metricHistory } from '../../../src/core/runs/metricHistory';
import { exportMetrics } from '../../../src/platform/runs/exportMetrics';
import { crc32c, tfEventFile } from '../../../src/platform/runs/tfEvents';

const run = 'test/fixtures/runs/20261121-101500-cards';

describe('metrics for other tools', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-metrics-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('have the check sum of RFC 3720', () => {
    assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
    assert.equal(crc32c(new Uint8Array(32)), 0x8a9136aa);
  });

  it('are TFRecords: length, its check sum, an event, its check sum', () => {
    const bytes = Buffer.from(tfEventFile([{ tag: 'reward', step: 300, time: 12.5, value: 0.25 }], 12));
    const lengths: number[] = [];
    for (let at = 0; at < bytes.length; at += 16 + (lengths.at(-1) ?? 0)) lengths.push(bytes.readUInt32LE(at));
    assert.equal(lengths.length, 2);
    assert.ok(bytes.includes('brain.Event:2') && bytes.includes('reward') && bytes.includes(Buffer.from([0x10, 0xac, 0x02]))); // step 300 as a varint
  });

  it('are a folder a stage for TensorBoard', async () => {
    const { folder: out, steps } = await exportMetrics(run, 'tensorboard', folder);
    assert.deepEqual(readdirSync(out).sort(), ['evaluation', 'perception', 'reasoning', 'warm-up']);
    assert.equal(steps, 10);
  });

  it('are JSON lines with a program that reads them for W&B and trackio', async () => {
    const { folder: out, hint } = await exportMetrics(run, 'wandb', folder);
    const lines = readFileSync(path.join(out, 'history.jsonl'), 'utf8').trimEnd().split('\n').map(line => JSON.parse(line) as { index: number; group: string });
    assert.deepEqual(lines.filter(line => line.group !== 'evaluation').map(line => line.index), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    assert.ok(existsSync(path.join(out, 'to_wandb.py')) && hint.includes('to_wandb.py'));
  });

  it('have the steps that a resumed run repeats once, and never lead out of the folder', async () => {
    const step = (stage: string, number: number, reward: number): RunEvent => ({ type: 'step', time: number, stage, step: number, total: 3, metrics: { reward } });
    assert.deepEqual(metricHistory([step('a', 1, 1), step('a', 2, 2), step('a', 2, 3)]).map(({ index, metrics }) => [index, metrics.reward]), [[1, 1], [2, 3]]);
    await assert.rejects(exportMetrics(path.join(folder, 'no-run'), 'trackio', folder), /run\.unreadable|no steps/);
  });
});
