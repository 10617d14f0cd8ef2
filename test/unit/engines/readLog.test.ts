import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { cleanLine } from '../../../src/core/engines/logLine';
import { canonicalMetrics, metricNames } from '../../../src/core/engines/metricNames';
import { pythonNumber } from '../../../src/core/engines/pythonNumber';
import { endLog, type LogPlace, readLogLine, startLog } from '../../../src/core/engines/readLog';
import type { RunEvent } from '../../../src/core/runs/runEvent';

const recorded = (name: string): string => readFileSync(path.join('test/fixtures/engines', name), 'utf8');

const places: Readonly<Record<string, LogPlace>> = {
  'trl-console.log': { dialect: 'trl', stage: 'perception', total: 3 },
  'easyr1-console.log': { dialect: 'easyr1', stage: 'perception', total: 3 },
  'easyr1-experiment_log.jsonl': { dialect: 'easyr1', stage: 'perception', total: 3 },
  'verl-console.log': { dialect: 'verl', stage: 'reasoning', total: 2 },
  'verl-metrics.jsonl': { dialect: 'verl', stage: 'reasoning', total: 2 },
};

function read(place: LogPlace, lines: readonly string[]): RunEvent[] {
  let state = startLog(place);
  const events: RunEvent[] = [];
  for (const line of lines) {
    const next = readLogLine(state, line, 7);
    state = next.state;
    events.push(...next.events);
  }
  return [...events, ...endLog(state, 7).events];
}

const steps = (events: readonly RunEvent[]): Extract<RunEvent, { type: 'step' }>[] => events.flatMap(event => (event.type === 'step' ? [event] : []));
/** The steps as the curves have them: of a step that is told twice, the last. */
const curve = (events: readonly RunEvent[]): Map<number, Readonly<Record<string, number>>> => new Map(steps(events).map(event => [event.step, event.metrics]));
const linesOf = (name: string): string[] => recorded(name).split('\n');

describe('logs of the engines', () => {
  it('reads the console of a Hugging Face trainer, whose steps only the progress bar numbers', () => {
    const events = read({ dialect: 'trl', stage: 'perception', total: 3 }, linesOf('trl-console.log'));
    const found = curve(events);
    assert.deepEqual([...found.keys()], [1, 2, 3]);
    const { loss, grad_norm, zero_std, response_tokens, clipped, step_seconds, reward, 'reward/accuracy': accuracy } = found.get(2) ?? {};
    assert.deepEqual({ loss, grad_norm, zero_std, response_tokens, clipped, step_seconds, reward, accuracy }, {
      loss: -0.08702, grad_norm: 0.9231, zero_std: 0, response_tokens: 6.75, clipped: 0.5, step_seconds: 0.1108, reward: 0.625, accuracy: 0.5,
    });
    assert.deepEqual(events.filter(event => event.type === 'problem'), []);
  });

  it('reads metrics that stand right behind a progress bar, as the two streams of a trainer mix in one file', () => {
    const bar = (step: number): string => ` ${step}0%|█         | ${step}/10 [00:05<00:45,  5.02s/it]`;
    const events = read({ dialect: 'trl', stage: 'perception', total: 10 }, [
      `  0%|          | 0/10 [00:00<?, ?it/s]\r${bar(1)}                              {'loss': 0.5, 'grad_norm': 1.25, 'reward': 0.5}`, `${bar(1)}\r${bar(2)}{'loss': nan, 'grad_norm': inf, 'reward': 0.25}`,
    ]);
    assert.deepEqual([...curve(events)].map(([step, { loss, grad_norm, reward }]) => [step, loss, grad_norm, reward]), [[1, 0.5, 1.25, 0.5], [2, undefined, undefined, 0.25]]);
    assert.match(events.flatMap(event => (event.type === 'problem' ? [event.message] : []))[0] ?? '', /not finite: loss, grad_norm of step 2/);
  });

  it('reads consoles that a launcher or a container gathered, the first process of several', () => {
    const gathered: Readonly<Record<string, readonly string[]>> = {
      torchrun: ['[default0]: 50%|█████     | 1/2 [00:05<00:05, 5.0s/it]', "[default1]:{'loss': 9.0, 'reward': 0.9}", "[default0]:{'loss': 0.5, 'reward': 0.25}", "[default0]:{'loss': 0.4, 'reward': 0.5}"],
      srun: ["0: {'loss': 0.5, 'reward': 0.25}", "1: {'loss': 9.0, 'reward': 0.9}", "0: {'loss': 0.4, 'reward': 0.5}"],
      pdsh: ["worker-3: {'loss': 0.5, 'reward': 0.25}", "worker-3: {'loss': 0.4, 'reward': 0.5}"],
      compose: ["trainer-1  | {'loss': 0.5, 'reward': 0.25}", "trainer-1  | {'loss': 0.4, 'reward': 0.5}"],
      kubernetes: ["2026-11-22T00:00:01.123456789Z stdout F {'loss': 0.5, 'reward': 0.25}", "2026-11-22T00:00:02Z {'loss': 0.4, 'reward': 0.5}"],
    };
    for (const [name, lines] of Object.entries(gathered)) {
      const found = curve(read({ dialect: 'trl', stage: 's', total: 2 }, lines));
      assert.deepEqual([...found].map(([step, { loss, reward }]) => [step, loss, reward]), [[1, 0.5, 0.25], [2, 0.4, 0.5]], name);
    }
  });

  it('reads the tree that EasyR1 prints, with lines of other workers in between, and keeps a step that is told again after it', () => {
    const events = read({ dialect: 'easyr1', stage: 'perception', total: 3 }, linesOf('easyr1-console.log'));
    const found = curve(events);
    assert.deepEqual([...found.keys()], [1, 2, 3]);
    const third = found.get(3) ?? {};
    assert.equal(third.reward, 0.45);
    assert.equal(third['critic/score/mean'], 0.45, 'a second source keeps its own name');
    assert.deepEqual([third['reward/clip'], third.learning_rate, third.gpu_memory, third.response_tokens, third.update_seconds], [0.602, 1e-6, 61.234, 423, 80.5]);
    assert.deepEqual([third['eval/reward'], third['eval/accuracy']], [0.611, 0.522]);
    assert.equal(third.update_kl, undefined, 'NaN is no number of a curve');
    assert.deepEqual(events.filter(event => event.type === 'problem'), [], 'the configuration that is printed first tells of no error');
  });

  it('reads verl’s line of metrics, and tells what is not finite', () => {
    const events = read({ dialect: 'verl', stage: 'reasoning', total: 2 }, linesOf('verl-console.log'));
    const found = curve(events);
    assert.deepEqual([...found.keys()], [1, 2]);
    const first = found.get(1) ?? {};
    assert.deepEqual([first.reward, first.loss, first.entropy, first.update_kl, first.learning_rate, first.clip_fraction], [0.4375, -0.0123, 0.5123, -1.2e-5, 1e-6, 0.00041]);
    assert.equal(first.grad_norm, undefined);
    assert.equal(found.get(2)?.['eval/cards/acc/mean@1'], 0.375);
    const problems = events.flatMap(event => (event.type === 'problem' ? [event] : []));
    assert.equal(problems.length, 1);
    assert.match(problems[0]?.message ?? '', /not finite.*actor\/grad_norm of step 1/);
  });

  /** Lines as versions of the engines print them, and the steps that they say. */
  const fragments: readonly (readonly [string, LogPlace['dialect'], string, Readonly<Record<number, Readonly<Record<string, number>>>>])[] = [
    ['TRL before 0.16', 'trl', "{'loss': 0.25, 'rewards/accuracy_reward': 0.5, 'reward': 0.5, 'reward_std': 0.1, 'completion_length': 99.0, 'kl': 0.1, 'clip_ratio': 0.02, 'epoch': 0.1}", { 1: { loss: 0.25, 'reward/accuracy_reward': 0.5, response_tokens: 99, clip_fraction: 0.02 } }],
    ['TRL behind the states of its bar', 'trl', "  0%|          | 0/9 [00:00<?, ?it/s]\r 33%|███▎      | 3/9 [00:05<00:10,  5.02s/it]\r      \r{'loss': 0.0, 'rewards/f/mean': 0.5, 'rewards/f/std': 0.53, 'completions/clipped_ratio': 0.25}\r 33%|███▎      | 3/9 [00:05<00:10]", { 3: { loss: 0, 'reward/f': 0.5, clipped: 0.25 } }],
    ['a trainer that quotes its numbers', 'trl', "{'loss': '0.1', 'learning_rate': '5e-07', 'epoch': '1'}", { 1: { loss: 0.1, learning_rate: 5e-7 } }],
    ['an evaluation in a line of its own', 'trl', "{'loss': 0.5, 'epoch': 0.1}\n{'eval_loss': 0.7, 'eval_reward': 0.61, 'eval_runtime': 3.2, 'epoch': 0.1}\n{'loss': 0.4, 'epoch': 0.2}", { 1: { loss: 0.5, 'eval/loss': 0.7, 'eval/reward': 0.61 }, 2: { loss: 0.4 } }],
    ['the summary at the end, which is no step', 'trl', "{'train_runtime': 12.34, 'train_samples_per_second': 1.2, 'train_loss': 0.03, 'epoch': 3.0}", {}],
    ['tensors', 'trl', "{'loss': tensor(0.25), 'grad_norm': tensor(1.5, device='cuda:0', dtype=torch.bfloat16), 'learning_rate': 1e-6}", { 1: { loss: 0.25, grad_norm: 1.5, learning_rate: 1e-6 } }],
    ['numpy', 'trl', "{'loss': np.float64(0.25), 'reward': np.float32(0.5), 'kl': np.float64(nan)}\r", { 1: { loss: 0.25, reward: 0.5 } }],
    ['every process of torchrun', 'trl', "[rank0]: {'loss': 0.25, 'learning_rate': 1e-6}\n[rank1]: {'loss': 0.26, 'learning_rate': 1e-6}\n[rank 2]: {'loss': 0.27}", { 1: { loss: 0.25 } }],
    ['a dictionary that is cut', 'trl', "{'loss': 0.25, 'grad_norm': 0.5, 'learn", {}],
    ['a history', 'trl', '{"loss": 0.25, "reward": 0.5, "step": 12}', { 12: { loss: 0.25, reward: 0.5 } }],
    ['verl behind the colours of Ray', 'verl', '\u001b[36m(TaskRunner pid=12345)\u001b[0m step:1 - actor/entropy:0.5 - actor/ppo_kl:0.0 - actor/lr:1e-06 - critic/score/mean:0.4 - critic/rewards/mean:0.4 - response_length/clip_ratio:0.0 - timing_s/step:12.3', { 1: { entropy: 0.5, update_kl: 0, learning_rate: 1e-6, reward: 0.4, clipped: 0, step_seconds: 12.3 } }],
    ['verl before 0.5', 'verl', '(main_task pid=77) step:2 - actor/entropy_loss:0.3 - actor/pg_loss:np.float64(-0.01) - critic/score/mean:np.float64(0.5)', { 2: { entropy: 0.3, loss: -0.01, reward: 0.5 } }],
    ['verl behind its bar', 'verl', '(TaskRunner pid=1, ip=10.0.0.1) Training Progress:  10%|█         | 1/10 [00:30<04:30, 30.0s/it](TaskRunner pid=1, ip=10.0.0.1) step:1 - critic/score/mean:0.5', { 1: { reward: 0.5 } }],
    ['the validation before verl trains', 'verl', "(TaskRunner pid=1) (\"Initial validation metrics: {'val-core/gsm8k/acc/mean@1': np.float64(0.5), \"\n(TaskRunner pid=1)  \"'val-aux/num_turns/min': np.int32(2)}\")\n(TaskRunner pid=1) step:0 - val-core/gsm8k/acc/mean@1:np.float64(0.5)", {}],
    ['validation and training of verl in one line', 'verl', '(TaskRunner pid=1) step:5 - val-core/gsm8k/acc/mean@1:np.float64(0.75) - critic/score/mean:0.5', { 5: { 'eval/gsm8k/acc/mean@1': 0.75, reward: 0.5 } }],
    ['a line of metrics that is cut', 'verl', '{"step": 3, "data": {"critic/score/mean": 0.5, "actor/pg_lo', {}],
    ['negative and tiny numbers, Windows line ends', 'verl', 'step:1 - critic/score/mean:-0.5 - actor/pg_loss:-1.2e-05\r', { 1: { reward: -0.5, loss: -1.2e-5 } }],
    ['supervised training with verl', 'verl', 'epoch 0, step 12\nstep:12 - train/loss:0.5 - train/lr(1e-3):0.001', { 12: { 'train/loss': 0.5, 'train/lr(1e-3)': 0.001 } }],
    ['a line that Ray folds', 'verl', '(WorkerDict pid=5) step:1 - critic/score/mean:0.5 [repeated 3x across cluster]', { 1: { reward: 0.5 } }],
    ['EasyR1 with another worker in between', 'easyr1', '(Runner pid=9) Step 1\n(Runner pid=9) actor:\n(Runner pid=9)   pg_loss: 0.01\n(WorkerDict pid=10) INFO 01-01 12:00:00 [x.py:1] a: 3\n(Runner pid=9)   kl_loss: np.float64(0.02)\n(Runner pid=9) reward:\n(Runner pid=9)   overall: 0.5\n(Runner pid=9)   accuracy: 0.4\nRunning step:  33%|███▎      | 1/3 [01:00<02:00, 60.00s/it]', { 1: { loss: 0.01, kl: 0.02, reward: 0.5, 'reward/accuracy': 0.4 } }],
    ['EasyR1 with Windows line ends', 'easyr1', 'Step 1\r\nactor:\r\n  pg_loss: 0.25\r\nreward:\r\n  overall: 0.5\r', { 1: { loss: 0.25, reward: 0.5 } }],
    ['EasyR1 cut in its second step', 'easyr1', 'Step 1\nactor:\n  pg_loss: 0.1\nperf:\n  mfu_actor: 0.3\nStep 2\nactor:\n  pg_lo', { 1: { loss: 0.1, mfu: 0.3 } }],
    ['EasyR1 behind the colours of Ray', 'easyr1', '\u001b[36m(Runner pid=9)\u001b[0m Step 2\n\u001b[36m(Runner pid=9)\u001b[0m reward: \n\u001b[36m(Runner pid=9)\u001b[0m   overall: 0.7', { 2: { reward: 0.7 } }],
    ['EasyR1’s file with a validation', 'easyr1', '{"step": 4, "actor": {"pg_loss": 0.1}, "reward": {"overall": 0.5, "format": 1.0}, "val": {"reward_score": 0.6, "accuracy_reward": 0.5}}', { 4: { loss: 0.1, reward: 0.5, 'reward/format': 1, 'eval/reward': 0.6, 'eval/accuracy': 0.5 } }],
    ['a bar alone, ten thousand times', 'trl', '0%|          | 0/3 [00:00<?, ?it/s]'.repeat(10_000), {}],
  ];
  for (const [name, dialect, text, expected] of fragments) {
    it(`reads ${name}`, () => {
      const found = curve(read({ dialect, stage: 's', total: 3 }, text.split('\n')));
      assert.deepEqual([...found.keys()], Object.keys(expected).map(Number));
      for (const [step, metrics] of Object.entries(expected)) for (const [metric, value] of Object.entries(metrics)) assert.equal(found.get(Number(step))?.[metric], value, metric);
    });
  }

  it('tells of a number that is not finite wherever it stands', () => {
    const lines: readonly (readonly [LogPlace['dialect'], string])[] = [
      ['trl', "{'loss': 0.1, 'grad_norm': nan}"], ['trl', "{'loss': '0.1', 'grad_norm': 'inf'}"], ['verl', 'step:2 - critic/score/mean:0.5 - actor/grad_norm:np.float32(-inf)'],
      ['verl', '{"step": 3, "data": {"critic/score/mean": 0.5, "actor/pg_loss": NaN}}'], ['easyr1', 'Step 1\nactor:\n  pg_loss: .nan\nreward:\n  overall: 0.5'],
    ];
    for (const [dialect, text] of lines) assert.match(JSON.stringify(read({ dialect, stage: 's', total: 3 }, text.split('\n')).filter(event => event.type === 'problem')), /not finite/, text);
  });

  it('reads the files of metrics of EasyR1 and verl under the same names', () => {
    const easy = curve(read({ dialect: 'easyr1', stage: 'p', total: 3 }, linesOf('easyr1-experiment_log.jsonl')));
    const verl = curve(read({ dialect: 'verl', stage: 'p', total: 2 }, linesOf('verl-metrics.jsonl')));
    assert.deepEqual([easy.size, verl.size], [3, 2]);
    for (const name of ['reward', 'loss', 'response_tokens']) for (const found of [easy, verl]) assert.ok(Number.isFinite(found.get(1)?.[name]), name);
  });

  for (const [name, place] of Object.entries(places)) {
    it(`loses no whole line of ${name} where it is cut, interleaved, or ends with \\r\\n`, () => {
      const lines = linesOf(name);
      const whole = curve(read(place, lines));
      fc.assert(fc.property(fc.integer({ min: 0, max: recorded(name).length }), length => {
        const cut = [...curve(read(place, recorded(name).slice(0, length).split('\n')))];
        for (const [step, metrics] of cut.slice(0, -1)) assert.deepEqual(metrics, whole.get(step));
        assert.deepEqual(cut.map(([step]) => step), [...whole.keys()].slice(0, cut.length));
      }), { numRuns: 60 });
      assert.deepEqual(curve(read(place, lines.map(line => `${line}\r`))), whole);
      const noise = fc.oneof(fc.string({ maxLength: 40 }).map(text => `(Other pid=9) ${text.replace(/[\n\r]/g, '')}`), fc.constant('\u001b[2K\r 10%|█ | 1/9 [00:00<00:01]'.replace('1/9', '0/9')));
      fc.assert(fc.property(fc.array(noise, { minLength: lines.length, maxLength: lines.length }), between => {
        const mixed = curve(read(place, lines.flatMap((line, index) => [line, between[index] ?? ''])));
        for (const [step, metrics] of whole) assert.deepEqual(mixed.get(step), metrics);
      }), { numRuns: 25 });
    });
  }

  it('never throws, whatever a line holds', () => {
    const pieces = fc.constantFrom('Step 3', 'step:1 - ', '{"step":1,"data":{', "{'loss': ", 'nan', '}', '\u001b[', '\r', '(a pid=1) ', '[rank0]:', 'a/b:-1e-3', ': ', '__proto__', '12%|█| 3/4 [', '9'.repeat(400));
    fc.assert(fc.property(fc.constantFrom(...Object.values(places)), fc.array(fc.oneof(fc.string(), fc.array(pieces, { maxLength: 6 }).map(parts => parts.join(''))), { maxLength: 20 }), (place, lines) => {
      for (const event of read(place, lines)) if (event.type === 'step') for (const value of Object.values(event.metrics)) assert.ok(Number.isFinite(value));
    }), { numRuns: 400 });
  });

  it('is quick with a line of megabytes', () => {
    const began = Date.now();
    for (const text of ['a'.repeat(5e6), '('.repeat(2e5), "{'loss': ".repeat(1e5), 'step:1 - '.repeat(1e5), '\u001b['.repeat(1e6), '0%|'.repeat(1e5)]) for (const place of Object.values(places)) read(place, [text]);
    assert.ok(Date.now() - began < 5000);
  });
});

describe('what a log line is made of', () => {
  it('takes off colours and the prefixes of launchers', () => {
    assert.deepEqual(cleanLine('\u001b[36m(main_task pid=123)\u001b[0m step:1 - a:1\u001b[32m [repeated 2x across cluster]\u001b[0m'), [{ worker: 'main_task pid=123', text: 'step:1 - a:1' }]);
    assert.deepEqual(cleanLine('[rank1]: Traceback'), [{ worker: 'rank1', text: 'Traceback' }]);
    assert.deepEqual(cleanLine('(WorkerDict pid=1, ip=10.0.0.2)   indented'), [{ worker: 'WorkerDict pid=1, ip=10.0.0.2', text: '  indented' }]);
    assert.deepEqual(cleanLine('Training Progress:   0%|          | 1/435 [01:23<10:03:17, 83.4s/it](TaskRunner pid=2) step:2 - a:1').map(({ text }) => text), ['Training Progress:   0%|          | 1/435 [01:23<10:03:17, 83.4s/it]', 'step:2 - a:1']);
    assert.deepEqual(cleanLine(' 0%|\r50%|\r'), [{ worker: '', text: ' 0%|' }, { worker: '', text: '50%|' }]);
  });

  it('reads numbers as Python prints them', () => {
    const told: [string, number | undefined][] = [
      ['0.5', 0.5], ['-1e-06', -1e-6], ['np.float64(0.25)', 0.25], ["tensor(3., device='cuda:0')", 3], ["'0.0123'", 0.0123], ['1_000', 1000], ['.5', 0.5],
      ['nan', Number.NaN], ['.nan', Number.NaN], ['-inf', Number.NEGATIVE_INFINITY], ['.inf', Number.POSITIVE_INFINITY], ['None', undefined], ['1.2.3', undefined], ['', undefined], ['true', undefined],
    ];
    for (const [text, value] of told) assert.deepEqual(pythonNumber(text), value, text);
  });
});

describe('names of metrics', () => {
  it('gives every metric one name, and no raw name to two', () => {
    for (const dialect of ['trl', 'easyr1', 'verl'] as const) {
      const raw = metricNames.flatMap(each => each[dialect]);
      assert.equal(new Set(raw).size, raw.length, dialect);
    }
    assert.equal(new Set(metricNames.map(({ id }) => id)).size, metricNames.length);
  });

  it('keeps what it does not know, and both of two sources', () => {
    assert.deepEqual(canonicalMetrics([['critic/rewards/mean', 1], ['critic/score/mean', 2], ['my/own', 3], ['bad', Number.NaN], ['__proto__', 4]], 'verl'), { reward: 2, 'critic/rewards/mean': 1, 'my/own': 3 });
    assert.deepEqual(canonicalMetrics([['rewards/iou/mean', 0.5], ['rewards/iou/std', 0.1], ['eval_reward', 1]], 'trl'), { 'reward/iou': 0.5, 'rewards/iou/std': 0.1, 'eval/reward': 1 });
  });
});
