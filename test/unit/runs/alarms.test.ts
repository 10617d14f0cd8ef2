import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { AlarmWatch, type AlarmId } from '../../../src/core/runs/alarms';
import { parseRunEvent } from '../../../src/core/runs/parseRunEvent';
import type { RunEvent } from '../../../src/core/runs/runEvent';

const step = (index: number, metrics: Readonly<Record<string, number>>, stage = 'perception'): RunEvent => ({ type: 'step', time: index, stage, step: index, total: 100, metrics });

/** Alarms of 40 steps whose metrics follow the step. */
function alarmsOf(metrics: (step: number) => Readonly<Record<string, number>>): readonly { readonly id: AlarmId; readonly step: number; readonly message: string }[] {
  const watch = new AlarmWatch();
  return Array.from({ length: 40 }, (_, index) => watch.add(step(index + 1, metrics(index + 1)))).flat();
}

describe('alarms of a run', () => {
  it('are none while a run goes well', () => {
    assert.deepEqual(alarmsOf(n => ({ reward: 0.3 + n / 100, 'reward/format': Math.min(1, n / 10), zero_std: 0.3 - n / 400, kl: n / 1000, entropy: 1.2 - n / 100, response_tokens: 60 + (n % 7), grad_norm: 0.5 + (n % 3) / 5, loss: 0.01, clipped: 0.05, errors: 0 })), []);
  });

  it('tell a component that never gave anything, but not one that was 0 at first', () => {
    const [alarm, ...others] = alarmsOf(() => ({ 'reward/iou': 0 }));
    assert.deepEqual([alarm?.id, alarm?.step, others.length], ['component-zero', 10, 0]);
    assert.match(alarm?.message ?? '', /component iou has been 0/);
    assert.deepEqual(alarmsOf(n => ({ 'reward/iou': n < 9 ? 0 : 0.2 })), []);
  });

  it('tell the collapse of length and entropy, drift, a jump of the gradient, cut and failed responses, and zero-std groups on the rise', () => {
    const after = (n: number, from: number, to: number): number => (n <= 20 ? from : to);
    const found = alarmsOf(n => ({ response_tokens: after(n, 80, 12), entropy: after(n, 1, 0.01), kl: after(n, 0.01, 2), grad_norm: n === 25 ? 90 : 1, clipped: after(n, 0, 0.9), errors: n === 30 ? 0.1 : 0, zero_std: after(n, 0.2, 0.9) }));
    assert.deepEqual(found.map(alarm => alarm.id).sort(), ['cut-off', 'entropy-collapse', 'gradient', 'kl-drift', 'length-collapse', 'reward-errors', 'zero-std']);
    assert.match(found.find(alarm => alarm.id === 'length-collapse')?.message ?? '', /from 80 to \d+ tokens/);
  });

  it('tell a loss that is no number any more', () => {
    const found = alarmsOf((n): Record<string, number> => (n < 12 ? { loss: 0.1, reward: 0.5 } : { reward: 0.5 }));
    assert.deepEqual(found.map(({ id, step: at }) => [id, at]), [['not-a-number', 12]]);
  });

  it('are raised once a stage, also when a resumed run repeats its steps', () => {
    const watch = new AlarmWatch();
    const run = (stage: string): number => Array.from({ length: 15 }, (_, index) => watch.add(step(index + 1, { 'reward/iou': 0 }, stage))).flat().length;
    assert.deepEqual([run('perception'), run('perception'), run('reasoning')], [1, 0, 1]);
  });

  it('read a recorded run without a false one', () => {
    const watch = new AlarmWatch();
    const lines = readFileSync('test/fixtures/runs/20261121-101500-cards/events.jsonl', 'utf8').split('\n');
    assert.deepEqual(lines.flatMap(line => parseRunEvent(line).value ?? []).flatMap(event => watch.add(event)), []);
  });
});
