import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { LaunchCheck } from '../../../src/core/launch/launchCheck';
import { readPolicyFacts } from '../../../src/platform/launch/readPolicyFacts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pebr-preflight-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A copy of the sample project; the large files are links. */
function copyCards(): void {
  cpSync(path.resolve('samples/cards'), folder, { recursive: true, filter: source => !source.includes(`${path.sep}.pebr`) && !source.includes(`${path.sep}images`) });
  cpSync(path.resolve('samples/cards/data/images'), path.join(folder, 'data/images'), { recursive: true });
}

function preflight(...args: readonly string[]): { readonly code: number | null; readonly checks: readonly LaunchCheck[] } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.resolve('dist/cli.js'), 'preflight', '--project', folder, '--json', ...args], { encoding: 'utf8', maxBuffer: 1 << 26 });
  assert.ok(stdout.startsWith('['), stderr);
  return { code: status, checks: JSON.parse(stdout) as LaunchCheck[] };
}

const failing = (checks: readonly LaunchCheck[], ids: readonly string[]): readonly string[] =>
  checks.filter(check => check.state === 'error' && !ids.includes(check.id)).map(check => `${check.id}: ${check.message}`);

describe('before a run', function () {
  this.timeout(240_000);

  it('looks at more than fifteen things, and finds nothing wrong with the sample project', () => {
    copyCards();
    const { checks } = preflight();
    assert.ok(new Set(checks.map(check => check.id.split('@')[0])).size >= 15, checks.map(check => check.id).join(', '));
    assert.deepEqual(failing(checks, ['python']), []); // whether this Python has the trainer is another test
  });

  it('names every fault of a project that is broken in many ways, each with a remedy', () => {
    copyCards();
    truncateSync(path.join(folder, 'data/warmup.jsonl'), 0);
    rmSync(path.join(folder, 'models/clip'), { recursive: true });
    rmSync(path.join(folder, 'models/base/model.safetensors'));
    appendFileSync(path.join(folder, 'rewards/reasoning.reward.ts'), '\nthrow new Error("broken on purpose");\n');
    appendFileSync(path.join(folder, 'data/reasoning.jsonl'), '{"qid": "x", "problem": "<image>?", "answer": "1", "images": ["images/no-such.png"]}\n');
    const { code, checks } = preflight('--set', 'policy.microBatch=9');
    assert.equal(code, 1);
    const found = new Map(checks.filter(check => check.state === 'error').map(check => [check.id, check]));
    for (const id of ['batch@perception', 'policy', 'files@data/warmup.jsonl', 'clip', 'reward@rewards/reasoning.reward.ts', 'data@cards-reasoning']) {
      assert.ok(found.has(id), `${id} among ${[...found.keys()].join(', ')}`);
      assert.notEqual(found.get(id)?.remedy, '', id);
    }
    assert.match(found.get('policy')?.message ?? '', /lacks weights/);
    assert.match(found.get('reward@rewards/reasoning.reward.ts')?.message ?? '', /broken on purpose/);
    assert.match(found.get('data@cards-reasoning')?.message ?? '', /missing-image/);
  });

  it('tells a failing case of a reward and a component that it has not', () => {
    copyCards();
    const cases = path.join(folder, 'rewards/reasoning.reward.cases.jsonl');
    writeFileSync(cases, readFileSync(cases, 'utf8').replace(/"accuracy": ?1/, '"accuracy": 0'));
    const { checks } = preflight('--set', 'pipeline.sampling.component=acuracy');
    assert.match(checks.find(check => check.id === 'cases@rewards/reasoning.reward.ts')?.message ?? '', /1 of 4 fail/);
    assert.match(checks.find(check => check.id === 'reward@rewards/reasoning.reward.ts')?.message ?? '', /"acuracy", but it has accuracy, format/);
  });
});

describe('pebr train', function () {
  this.timeout(240_000);

  function train(...args: readonly string[]): { readonly code: number | null; readonly told: string; readonly runs: readonly string[] } {
    const { status, stderr } = spawnSync(process.execPath, [path.resolve('dist/cli.js'), 'train', '--project', folder, ...args], { encoding: 'utf8' });
    const runs = path.join(folder, '.pebr/runs');
    return { code: status, told: stderr, runs: existsSync(runs) ? readdirSync(runs) : [] };
  }

  it('says what is wrong and starts nothing', () => {
    copyCards();
    truncateSync(path.join(folder, 'models/base/model.safetensors'), 1 << 20);
    writeFileSync(path.join(folder, 'prompt.jinja'), 'Answer it.');
    rmSync(path.join(folder, 'rewards/reasoning.reward.cases.jsonl'));
    writeFileSync(path.join(folder, 'rewards/reasoning.reward.ts'), "import { defineReward } from 'pebr';\nexport default defineReward({ components: { accuracy: () => { throw new Error('boom'); }, format: () => 1 }, weights: { accuracy: 1, format: 1 } });\n");
    const { code, told, runs } = train('--set', 'datasets.0.columns={"answer": "gold"}', '--set', 'policy.vllm=true', '--python', path.resolve('trainer/.venv/bin/python'));
    assert.equal(code, 1);
    assert.deepEqual(runs, []);
    for (const words of [/model\.safetensors was not written to its end/, /0 <image> marks for its 1 pictures/, /fails on every response that was tried: reasoning\.reward\.ts:2: boom/, /empty-answer in every one of its 1,400 rows/, /cannot run the trainer: it lacks .*vllm|no such file/, /Nothing was started/]) assert.match(told, words);
  });

  it('loads the policy without its weights, and tells of weights that are not those of its config', () => {
    copyCards();
    const config = path.join(folder, 'models/base/config.json');
    writeFileSync(config, readFileSync(config, 'utf8').replace('"intermediate_size": 384', '"intermediate_size": 512'));
    const { code, told, runs } = train('--python', path.resolve('trainer/.venv/bin/python'));
    assert.deepEqual([code, runs], [1, []], told);
    assert.match(told, /Trial load: models\/base: .* is 128 × 384 in the weights, but 128 × 512 by config\.json; .*\n +Correct config\.json/);
  });

  it('refuses what cannot be asked for before it makes a folder', () => {
    copyCards();
    for (const [args, words] of [
      [['--seed', 'x'], /"x" is not a whole number/], [['--stages', 'perception,nope'], /no stage "nope"; there are warm-up, sampling, perception, reasoning, evaluation/],
      [['--reuse', path.join(folder, 'none'), '--reuse-until', 'sampling'], /It has no run\.json/], [['--reuse', folder], /together/],
    ] as const) {
      const { code, told, runs } = train(...args);
      assert.deepEqual([code, runs], [2, []], told);
      assert.match(told, words);
    }
    const config = path.join(folder, 'pebr.json');
    writeFileSync(config, readFileSync(config, 'utf8').replace('"name": "reasoning"', '"name": "perception"'));
    assert.match(train().told, /pebr\.json, line \d+: Two stages are called "perception"/);
    copyCards();
    writeFileSync(path.join(folder, '.pebr'), 'a file');
    const blocked = spawnSync(process.execPath, [path.resolve('dist/cli.js'), 'train', '--project', folder], { encoding: 'utf8' });
    assert.equal(blocked.status, 1);
    assert.match(blocked.stderr, /\.pebr\/runs cannot be used/);
  });
});

describe('facts of a policy', () => {
  it('are read from its files without loading it', async () => {
    const facts = await readPolicyFacts(path.resolve('samples/cards'), 'models/base');
    assert.deepEqual([facts.kind, facts.context, facts.layers, facts.vocabulary, facts.missing], ['folder', 512, 3, 484, []]);
    assert.ok(facts.parameters !== null && facts.parameters > 1e6 && facts.parameters < 2e6, String(facts.parameters));
  });

  it('tell a download that was broken off', async () => {
    writeFileSync(path.join(folder, 'config.json'), '{"vocab_size": 10}');
    writeFileSync(path.join(folder, 'model.safetensors.index.json'), '{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}');
    writeFileSync(path.join(folder, 'model-00001-of-00002.safetensors'), Buffer.alloc(8));
    const { missing, parameters } = await readPolicyFacts(folder, '.');
    assert.ok(missing.includes('model-00002-of-00002.safetensors'));
    assert.equal(parameters, null);
  });

  it('tell files that cannot be used', async () => {
    const config = { architectures: ['GPT2LMHeadModel'], vocab_size: 10 };
    writeFileSync(path.join(folder, 'config.json'), JSON.stringify(config));
    writeFileSync(path.join(folder, 'model.safetensors'), Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('[]')]));
    assert.deepEqual((await readPolicyFacts(folder, '.')).broken.map(words => words.split(/[ ,(]/).slice(0, 3).join(' ')), ['config.json is that', 'model.safetensors is no']);
    writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ ...config, vision_config: {} }));
    assert.equal((await readPolicyFacts(folder, '.')).broken.length, 1);
    writeFileSync(path.join(folder, 'config.json'), '{"vocab_size"');
    assert.match((await readPolicyFacts(folder, '.')).broken[0] ?? '', /config\.json cannot be read/);
    writeFileSync(path.join(folder, 'config.json'), JSON.stringify({ ...config, vision_config: {} }));
    for (const name of ['tokenizer.json', 'processor_config.json']) writeFileSync(path.join(folder, name), '{"version": "1');
    assert.deepEqual((await readPolicyFacts(folder, '.')).broken.slice(0, 2).map(words => words.split(': ')[0]), ['processor_config.json cannot be read', 'tokenizer.json cannot be read']);
  });

  it('are those of a hub model for a name, and of nothing for a folder that is not there', async () => {
    const hub = await readPolicyFacts(folder, 'Qwen/Qwen2.5-VL-7B-Instruct');
    assert.deepEqual([hub.kind, hub.parameters], ['hub', 7e9]);
    mkdirSync(path.join(folder, 'models'));
    assert.equal((await readPolicyFacts(folder, 'models/base')).kind, 'missing');
  });
});
