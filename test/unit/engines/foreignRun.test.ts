import * as assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseRollout } from '../../../src/core/rollouts/parseRollout';
import { readRun } from '../../../src/platform/runs/runReader';
import { stopRun } from '../../../src/platform/runs/stopRun';
import { until } from '../../until';

const cli = path.resolve('dist/cli.js');
const engine = path.resolve('test/fixtures/engines/standInEngine.cjs');

describe('a run of an engine of its own', function () {
  this.timeout(120_000);
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-engine-'));
    const stage = { steps: 2, samplesPerStep: 8, responses: 4 };
    const dataset = (name: string): object => ({ id: name, stage: name, path: `data/${name}.jsonl`, heldOut: `data/${name}.heldout.jsonl`, imageRoot: 'data' });
    writeFileSync(path.join(folder, 'pebr.json'), JSON.stringify({
      v: 1, name: 'cards', datasets: [dataset('perception'), dataset('reasoning')], prompt: 'prompt.jinja', engine: 'verl',
      pipeline: { stages: [{ name: 'perception', dataset: 'perception', reward: 'perception.reward.ts', ...stage }, { name: 'reasoning', dataset: 'reasoning', reward: 'reasoning.reward.ts', ...stage }] },
    }));
    writeFileSync(path.join(folder, 'prompt.jinja'), 'Look closely. {{ content | trim }}');
    mkdirSync(path.join(folder, 'models'));
    symlinkSync(path.resolve('samples/cards/data'), path.join(folder, 'data'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function pebr(args: readonly string[], env: Record<string, string> = {}): Promise<{ readonly code: number | null; readonly output: string }> {
    const child = spawn(process.execPath, [cli, ...args], { cwd: folder, env: { ...process.env, ...env } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    const code = await new Promise<number | null>(resolve => child.once('close', resolve));
    return { code, output };
  }

  const train = (env: Record<string, string> = {}): ReturnType<typeof pebr> => pebr(['train', '--gpus', '1', '--engine-python', engine], env);
  const onlyRun = (): string => path.join(folder, '.pebr/runs', readdirSync(path.join(folder, '.pebr/runs'))[0] ?? '');

  it('leaves the record of any run: steps under our names, checkpoints, and the merged policy handed on', async () => {
    const { code, output } = await train();
    assert.equal(code, 0, output);
    const { info, events } = await readRun(onlyRun());
    assert.equal(info?.engine, 'verl');
    assert.deepEqual(info?.command.slice(1, 3), ['-m', 'verl.trainer.main_ppo']);
    assert.deepEqual(events.flatMap(event => (event.type === 'step' ? [[event.stage, event.step, event.total, event.metrics.reward]] : [])), [
      ['perception', 1, 2, 0.1], ['perception', 2, 2, 0.2], ['reasoning', 1, 2, 0.1], ['reasoning', 2, 2, 0.2],
    ]);
    assert.ok(events.some(event => event.type === 'checkpoint' && event.stage === 'reasoning' && event.step === 2));
    assert.deepEqual(events.at(-1)?.type === 'run-finished' && events.at(-1), { ...events.at(-1), status: 'completed' });
    const rollouts = (stage: string): unknown[] => readFileSync(path.join(onlyRun(), 'rollouts', `${stage}.jsonl`), 'utf8').trimEnd().split('\n').map(line => {
      const { value } = parseRollout(line);
      return [value?.stage, value?.step, value?.dataset, value?.sampleId, value?.index, value?.overall, value?.components];
    });
    const ids = (stage: string): string => (JSON.parse(readFileSync(path.join('samples/cards/data', `${stage}.jsonl`), 'utf8').split('\n')[1] ?? '{}') as { qid: string }).qid;
    assert.deepEqual(rollouts('reasoning'), [1, 2].flatMap(step => [1, 0].map((accuracy, index) => ['reasoning', step, 'reasoning', ids('reasoning'), index, accuracy === 1 ? 1 : 0.1, { format: 1, accuracy }])));
    assert.equal(rollouts('perception').length, 4);
    assert.match(readFileSync(path.join(onlyRun(), 'reasoning/policy/config.json'), 'utf8'), /global_step_2\/actor/);
    assert.match(readFileSync(path.join(onlyRun(), 'reasoning/overrides.txt'), 'utf8'), /model\.path=.*perception\/policy/);
    assert.match(readFileSync(path.join(onlyRun(), 'stdout.log'), 'utf8'), /critic\/score\/mean:0\.4375/);
  });

  it('says why the engine failed, and goes on with the stage that is not finished', async () => {
    const failed = await train({ STAND_IN: 'oom' });
    assert.equal(failed.code, 1);
    const end = (await readRun(onlyRun())).events.at(-1);
    assert.ok(end?.type === 'run-finished' && end.status === 'failed');
    assert.match(end.error?.message ?? '', /out of memory/);
    assert.match(end.error?.remedy ?? '', /policy\.microBatch/);
    const { code, output } = await pebr(['resume', '--run', onlyRun()]);
    assert.equal(code, 0, output);
    const { events } = await readRun(onlyRun());
    assert.deepEqual(events.flatMap(event => (event.type === 'stage-finished' ? [[event.stage, event.reused]] : [])), [['perception', false], ['perception', true], ['reasoning', false]]);
  });

  it('ends with the engine when it is asked to stop', async () => {
    const training = train({ STAND_IN: 'wait' });
    await until(() => existsSync(path.join(folder, '.pebr/runs')) && existsSync(path.join(onlyRun(), 'stdout.log')) && readFileSync(path.join(onlyRun(), 'stdout.log'), 'utf8').includes('step:2'));
    assert.equal(await stopRun(onlyRun()), 'asked');
    await training;
    const end = (await readRun(onlyRun())).events.at(-1);
    assert.ok(end?.type === 'run-finished' && end.status === 'stopped');
  });

  it('writes everything and starts nothing where only that is asked', async () => {
    const { code, output } = await pebr(['train', '--emit-only', 'out', '--gpus', '1']);
    assert.equal(code, 0, output);
    assert.ok(!existsSync(path.join(folder, '.pebr')));
    for (const file of ['README.txt', 'engine.json', 'perception/overrides.txt', 'perception/pebr_reward.py', 'perception/data/perception.parquet', 'reasoning/data/reasoning.heldout.parquet']) assert.ok(existsSync(path.join(folder, 'out', file)), file);
  });

  it('refuses what cannot be run, before it makes a run', async () => {
    for (const [args, words] of [
      [['--gpus', '7'], /cannot be shared by 7 GPUs/], [['--engine', 'warp'], /none of trl, ray, easyr1, verl/], [['--engine', 'trl', '--emit-only', 'x'], /this trainer/],
      [['--order', 'mixed'], /does not know it/], [['--address', 'x; rm -rf /'], /no address/], [['--gpus', '0'], /no whole number/],
    ] as const) {
      const { code, output } = await pebr(['train', ...args]);
      assert.notEqual(code, 0);
      assert.match(output, words);
    }
    assert.deepEqual(existsSync(path.join(folder, '.pebr/runs')) ? readdirSync(path.join(folder, '.pebr/runs')) : [], []);
  });
});
