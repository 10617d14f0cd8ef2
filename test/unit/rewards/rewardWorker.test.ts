import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Sample } from '../../../src/core/dataset/sample';
import { AppError } from '../../../src/core/errors';
import type { Score } from '../../../src/core/rewards/score';
import { RewardClient } from '../../../src/platform/rewards/rewardClient';
import { until } from '../../until';

const files = path.resolve('test/fixtures/rewards/files');
const venv = path.resolve('trainer/.venv/bin/python');
const python = [process.env['PEBR_TEST_PYTHON'] ?? (existsSync(venv) ? venv : 'python3')];
const sample: Sample = { qid: 'p-1', problem: '<image>Which digit?', answer: '7', images: [], key_words: ['red 7', 'blue 3'], boxes: [{ label: 'red 7', bbox: [0, 0, 8, 8] }] };
const deadlineMs = 400;

describe('reward worker', function () {
  this.timeout(60_000);
  let printed = '';
  let client: RewardClient;
  beforeEach(() => {
    printed = '';
    client = new RewardClient({ dist: path.resolve('dist') }, text => (printed += text));
  });
  afterEach(() => client.dispose());

  const load = (name: string): Promise<{ reward: string; components: readonly string[]; contract: string }> => client.load({ path: path.join(files, name), deadlineMs, python });
  async function score(name: string, responses: readonly string[], change: Partial<Sample> = {}): Promise<readonly Score[]> {
    const { reward } = await load(name);
    return (await client.score({ reward, deadlineMs, items: responses.map(response => ({ response, sample: { ...sample, ...change } })) })).scores;
  }
  const lineOf = async (name: string, text: string): Promise<number> => (await readFile(path.join(files, name), 'utf8')).split('\n').findIndex(line => line.includes(text)) + 1;

  describe('a TypeScript reward', () => {
    it('scores with its imports, single and batch components, and weights', async () => {
      const loaded = await client.load({ path: path.join(files, 'good.reward.ts') });
      assert.deepEqual([loaded.contract, loaded.components, loaded.weights], ['pebr', ['half', 'words', 'all'], { half: 1, words: 1 }]);
      assert.deepEqual(loaded.files.map(file => path.relative(files, file)), ['good.reward.ts', 'shared/half.ts']);
      const scores = await score('good.reward.ts', ['a b', 'a b c d']);
      assert.deepEqual(scores.map(each => [each.overall, each.components]), [
        [0.7, { half: 0.5, words: 0.2, all: 0 }],
        [0.9, { half: 0.5, words: 0.4, all: 0.5 }],
      ]);
      assert.equal(scores[1]?.evidence[0]?.note, 'number 1');
    });

    it('may be plain CommonJS', async () => assert.equal((await score('plain.reward.js', ['a red 7']))[0]?.overall, 0.5));

    const failures: readonly [response: string, message: RegExp, line?: string][] = [
      ['throw', /TypeError: no good/, "new TypeError('no good')"],
      ['throw text', /just text/, 'act: ('],
      ['loop', /did not finish within 400 ms/, 'for (;;);'],
      ['never', /did not finish within 400 ms.*waits for something/],
      ['late loop', /did not finish within 400 ms/, '        for (;;);'],
      ['late throw', /late/, "new Error('late')"],
      ['exit', /may not end.*process\.exit/, 'process.exit(3)'],
      ['nan', /returned NaN, not a finite number/, 'act: ('],
      ['text', /returned a string/, 'act: ('],
      ['nothing', /returned nothing/, 'act: ('],
      ['spawn', /may not import "child_process"/],
      ['write', /may not write files \(fs\.writeFileSync\)/, 'writeFileSync('],
    ];
    for (const [response, message, line] of failures) {
      it(`fails the one response that does “${response}”, and no other`, async () => {
        const [before, bad, after] = await score('naughty.reward.ts', ['fine', response, 'fine too']);
        assert.deepEqual([before?.overall, bad?.overall, after?.overall], [1, null, 1]);
        assert.match(bad?.error?.message ?? '', message);
        if (line) assert.deepEqual([bad?.error?.file, bad?.error?.line], [path.join(files, 'naughty.reward.ts'), await lineOf('naughty.reward.ts', line)]);
        assert.ok(!existsSync('written-by-a-reward.txt'));
      });
    }

    it('names the column of the source, not of what it was transpiled to', async () => {
      const [bad] = await score('naughty.reward.ts', ['throw']);
      assert.equal(bad?.error?.column, 13);
    });

    it('is ended over its memory limit', async () => {
      const { reward } = await client.load({ path: path.join(files, 'naughty.reward.ts'), memoryMb: 64 });
      const { scores } = await client.score({ reward, deadlineMs: 20_000, items: [{ response: 'hoard', sample }, { response: 'fine', sample }] });
      assert.match(scores[0]?.error?.message ?? '', /more than 64 MB/);
      assert.equal(scores[1]?.overall, 1);
    });

    for (const endless of ['never', 'microtasks']) {
      it(`ends one response that waits without end (${endless}) once, and starts nothing again for the others`, async () => {
        const scores = await score('waits.reward.ts', ['a', 'b', endless, 'c', 'd']);
        assert.deepEqual(scores.map(each => each.overall), [2, 2, null, 2, 2]);
        assert.match(scores[2]?.error?.message ?? '', /did not finish within 400 ms/);
        await until(() => printed.includes('loaded'));
        assert.equal(printed.split('loaded').length - 1, 1, printed);
      });
    }

    it('prints 20 MB without a word in the protocol, and the log gets a little', async () => {
      assert.equal((await score('naughty.reward.ts', ['print']))[0]?.overall, 1);
      await until(() => printed.includes('left out'));
      assert.ok(printed.length < 50_000, `${printed.length} characters`);
    });

    it('survives what fails outside of any response, and tells it with its line', async () => {
      assert.equal((await score('naughty.reward.ts', ['stray']))[0]?.overall, 1);
      await until(() => printed.includes('stray timer'));
      assert.match(printed, /Error: stray|stray\n/);
      assert.match(printed, /naughty\.reward\.ts:\d+/);
    });

    it('is given up after three endings in one batch', async () => {
      const start = Date.now();
      const scores = await score('naughty.reward.ts', new Array<string>(20).fill('loop'));
      assert.ok(Date.now() - start < 20 * deadlineMs);
      assert.ok(scores.every(each => each.overall === null && each.error));
      assert.match(scores[19]?.error?.message ?? '', /Not scored.*3 times/);
    });

    it('is cancelled in an endless loop, and scores again', async () => {
      const { reward } = await client.load({ path: path.join(files, 'naughty.reward.ts'), deadlineMs: 60_000 });
      const controller = new AbortController();
      const scoring = client.score({ reward, deadlineMs: 60_000, items: [{ response: 'loop', sample }] }, controller.signal);
      setImmediate(() => controller.abort());
      await assert.rejects(scoring, error => AppError.is(error, 'reward.failed') && /cancelled/.test(error.details.reason));
      assert.equal((await client.score({ reward, items: [{ response: 'fine', sample }] })).scores[0]?.overall, 1);
    });

    for (const name of ['loopsAtLoad.reward.ts', 'hangs_at_load.py']) {
      it(`is cancelled while ${name} does not load, and loads others`, async () => {
        const controller = new AbortController();
        const start = Date.now();
        const loading = client.load({ path: path.join(files, name), deadlineMs: 60_000, python }, controller.signal);
        setTimeout(() => controller.abort(), 300);
        await assert.rejects(loading, error => AppError.is(error, 'reward.failed') && /cancelled/.test(error.details.reason) && error.details.file === path.join(files, name));
        assert.ok(Date.now() - start < 5000);
        assert.deepEqual((await load('good.reward.ts')).components, ['half', 'words', 'all']);
      });
    }

    it('is unloaded in an endless loop, and does not come back', async () => {
      const { reward } = await client.load({ path: path.join(files, 'naughty.reward.ts'), deadlineMs: 60_000 });
      const scoring = client.score({ reward, deadlineMs: 60_000, items: [{ response: 'fine', sample }, { response: 'loop', sample }] });
      const lost = assert.rejects(scoring, error => AppError.is(error, 'reward.failed') && /unloaded while it scored/.test(error.details.reason));
      await client.unload(reward);
      await lost;
    });

    const loads: readonly [file: string, reason: RegExp, line: number | undefined][] = [
      ['syntax.reward.ts', /Unexpected token/, 3],
      ['throwsAtLoad.reward.ts', /TypeError.*length/, 4],
      ['noDefault.reward.ts', /no default export made by defineReward/, undefined],
      ['loopsAtLoad.reward.ts', /did not finish within 400 ms/, 1],
      ['missingImport.reward.ts', /Cannot find ".\/gone"/, 1],
      ['notThere.reward.ts', /no such file/, undefined],
      ['../gradeAnswer.jsonl', /ends in \.ts, \.js or \.py/, undefined],
    ];
    for (const [file, reason, line] of loads) {
      it(`says why ${file} does not load`, async () => {
        await assert.rejects(load(file), error => {
          assert.ok(AppError.is(error, 'reward.failed'), String(error));
          assert.match(error.details.reason, reason);
          assert.equal(error.details.line, line);
          return true;
        });
      });
    }
  });

  describe('a Python reward', () => {
    it('in EasyR1’s contract', async () => {
      const scores = await score('easyr1.py', ['red 7', '7 blue 3 red 7']);
      assert.deepEqual(scores.map(each => [each.overall, each.components]), [[0.75, { key_word: 0.5, length: 2 }], [1, { key_word: 1, length: 5 }]]);
      await until(() => printed.includes('printed by the reward'));
    });

    it('in EasyR1’s contract, one response a call', async () => assert.deepEqual((await score('easyr1_sequential.py', ['7', '8'])).map(each => each.overall), [1, 0]));

    it('in the PeBR-R1 fork’s, with the image', async () => {
      const image = path.resolve('test/fixtures/rewards/grey.png');
      const [first] = await score('easyr1_fork.py', ['x'], { images: [image] });
      assert.deepEqual([first?.overall, first?.components], [0.02, { height: 10, is_rgb: 1 }]);
      const [gone] = await score('easyr1_fork.py', ['x'], { images: ['/nowhere/gone.png'] });
      assert.equal(gone?.overall, null);
      assert.match(gone?.error?.message ?? '', /FileNotFoundError.*gone\.png/);
    });

    it('in verl’s contract', async () => {
      const [right, wrong] = await score('verl.py', ['7', '8']);
      assert.deepEqual([right?.overall, right?.components, wrong?.overall], [1, { boxes: 1 }, 0]);
      assert.equal((await score('verl_async.py', ['7']))[0]?.overall, 1);
    });

    it('in TRL’s contract, several functions, None included', async () => {
      const loaded = await client.load({ path: path.join(files, 'trl.py'), python });
      assert.deepEqual([loaded.contract, loaded.components, loaded.weights], ['trl', ['key_word_reward', 'answer_reward'], { key_word_reward: 0.25, answer_reward: 0.75 }]);
      assert.deepEqual(loaded.files.map(file => path.basename(file)), ['trl.py', 'helpers.py']);
      assert.deepEqual((await score('trl.py', ['red 7'])).map(each => [each.overall, each.components]), [[0.875, { key_word_reward: 0.5, answer_reward: 1 }]]);
      assert.deepEqual((await score('trl.py', ['red 7'], { answer: '' })).map(each => [each.overall, each.components]), [[0.125, { key_word_reward: 0.5, answer_reward: null }]]);
    });

    const failures: readonly [response: string, message: RegExp, line?: string][] = [
      ['throw', /KeyError: 'no good'/, 'raise KeyError'],
      ['loop', /did not finish within 400 ms/, 'while True|pass'],
      ['exit', /may not end the process/, 'os._exit'],
      ['nan', /"overall" is nan/],
      ['incomplete', /no "overall"/],
    ];
    for (const [response, message, line] of failures) {
      it(`fails the one response that does “${response}”, and no other`, async () => {
        const [before, bad, after] = await score('easyr1.py', ['red 7', response, 'red 7']);
        assert.deepEqual([before?.overall, bad?.overall, after?.overall], [0.75, null, 0.75]);
        assert.match(bad?.error?.message ?? '', message);
        if (!line) return;
        const text = (await readFile(path.join(files, 'easyr1.py'), 'utf8')).split('\n')[(bad?.error?.line ?? 0) - 1] ?? '';
        assert.match(text, new RegExp(line));
      });
    }

    it('says at which line it does not load', async () => {
      await assert.rejects(load('broken.py'), error => AppError.is(error, 'reward.failed') && /SyntaxError/.test(error.details.reason) && error.details.line === 2);
      await assert.rejects(load('helpers.py'), error => AppError.is(error, 'reward.failed') && /No reward function/.test(error.details.reason));
    });

    it('says what to do where there is no Python', async () => {
      await assert.rejects(client.load({ path: path.join(files, 'verl.py'), python: ['/nowhere/python'] }), error => AppError.is(error, 'reward.failed') && /could not be started/.test(error.details.reason) && /pebr\.python\.path/.test(error.details.remedy ?? ''));
    });
  });

  it('is started again after it was killed', async () => {
    const { reward } = await load('good.reward.ts');
    const pid = client.pid;
    assert.ok(pid);
    const lost = client.score({ reward, items: [{ response: 'a', sample }] });
    process.kill(pid, 'SIGKILL');
    await assert.rejects(lost, error => AppError.is(error, 'reward.workerLost'));
    assert.equal((await score('good.reward.ts', ['a b']))[0]?.overall, 0.7);
  });

  it('goes without the permission model where Node refuses its flags', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'pebr-node-'));
    try {
      // An older Node in the one respect that matters: it ends with code 9 when it is given a flag of the permission model.
      const node = path.join(folder, 'node');
      await writeFile(node, `#!/bin/sh\ncase "$*" in *permission*) exit 9;; esac\nexec "${process.execPath}" "$@"\n`, { mode: 0o755 });
      client = new RewardClient({ dist: path.resolve('dist'), node }, text => (printed += text));
      assert.equal((await score('good.reward.ts', ['a b']))[0]?.overall, 0.7);
      assert.match(printed, /rewards may write files/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('gives another hash when an imported file changes, and the same in another place', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'pebr-reward-'));
    try {
      const copy = path.join(folder, 'plain.reward.js');
      await copyFile(path.join(files, 'plain.reward.js'), copy);
      const [here, there] = await Promise.all([client.load({ path: path.join(files, 'plain.reward.js') }), client.load({ path: copy })]);
      assert.equal(here.hash, there.hash);
      await writeFile(copy, `${await readFile(copy, 'utf8')}// changed\n`);
      assert.notEqual((await client.load({ path: copy })).hash, here.hash);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
