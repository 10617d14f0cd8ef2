import * as assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Sample } from '../../../src/core/dataset/sample';
import type { LoadedReward, Score } from '../../../src/core/rewards/score';
import { RewardClient } from '../../../src/platform/rewards/rewardClient';

const file = path.resolve('test/fixtures/rewards/files/hostile_easyr1.py');
const source = readFileSync(file, 'utf8').split('\n');
const venv = path.resolve('trainer/.venv/bin/python');
const python = [process.env['PEBR_TEST_PYTHON'] ?? (existsSync(venv) ? venv : 'python3')];
const sample: Sample = { qid: 'p-1', problem: '', answer: '7', images: [], key_words: [], boxes: [] };
const deadlineMs = 500;

const refusals: readonly (readonly [response: string, message: RegExp, hasLine: boolean])[] = [
  ...['loop', 'native loop', 'big number'].map(act => [act, /did not finish within 500 ms/, true] as const),
  ['recursion', /RecursionError/, true],
  ['sys.exit', /sys\.exit, code 3/, true],
  ...['os._exit', 'os.abort'].map(act => [act, /may not end the process/, true] as const),
  ['os.kill', /may not signal processes/, true],
  ...['system', 'subprocess', 'exec', 'fork'].map(act => [act, /may not start processes/, true] as const),
  ['ctypes', /may not call native code/, true],
  ...['write', 'os.open', 'rename', 'remove', 'rmtree', 'mkdir'].map(act => [act, /may not write outside of temporary and cache folders/, true] as const),
  ...['socket', 'urlopen', 'dns', 'listen'].map(act => [act, /may not use the network/, true] as const),
  ['builtins', /may not change builtins\.sum/, false],
  ['json', /may not change json\.dumps/, false],
  ['channel', /wrote into the answers/, false],
  ['forged answer', /wrote into the answers/, false],
  ['huge error', /^ValueError: e{1000,}… \(10000012 characters\)$/, true],
  ['many names', /gave 100001 entries/, false],
];

describe('a hostile Python reward', function () {
  this.timeout(60_000);
  const client = new RewardClient({ dist: path.resolve('dist') }, () => undefined);
  let loaded: Promise<LoadedReward> | undefined;
  after(() => client.dispose());

  /** Three responses of which the second is the hostile one: the others must be scored. */
  async function act(response: string): Promise<Score> {
    const { reward } = await (loaded ??= client.load({ path: file, memoryMb: 128, python }));
    const { scores } = await client.score({ reward, deadlineMs, items: ['a', response, 'b'].map(each => ({ response: each, sample })) });
    assert.deepEqual([scores[0]?.overall, scores[2]?.overall], [1, 1]);
    assert.ok(existsSync(file) && !existsSync('written-by-a-reward.txt') && !existsSync(path.join(path.dirname(file), 'written-by-a-reward.txt')), 'nothing was written or removed');
    assert.ok(scores[1]);
    return scores[1];
  }

  for (const [response, message, hasLine] of refusals) {
    it(`fails “${response}” alone`, async () => {
      const { overall, error } = await act(response);
      assert.equal(overall, null);
      assert.match(error?.message ?? '', message);
      if (!hasLine) return;
      const from = source.findIndex(line => line.includes(`what == "${response}"`));
      const to = source.findIndex((line, index) => index > from && /^ {4}(?:if|return)/.test(line));
      assert.equal(error?.file, file);
      assert.ok((error.line ?? 0) > from && (error.line ?? 0) <= to, `line ${error.line ?? 'none'} is not in ${from + 1} to ${to}`);
    });
  }

  for (const response of ['hoard', 'one huge list']) {
    it(`is ended over its memory limit by “${response}”`, async () => {
      const { reward } = await client.load({ path: file, memoryMb: 128, python });
      const { scores } = await client.score({ reward, deadlineMs: 20_000, items: ['a', response, 'b'].map(each => ({ response: each, sample })) });
      assert.deepEqual([scores[0]?.overall, scores[1]?.overall, scores[2]?.overall], [1, null, 1]);
      assert.match(scores[1]?.error?.message ?? '', /more than 128 MB/);
      assert.equal(scores[1]?.error?.file, file);
      assert.match(source[(scores[1]?.error?.line ?? 0) - 1] ?? '', response === 'hoard' ? /append|while|bytearray/ : /\*|list/);
    });
  }

  it('is named where the process itself crashes', async () => assert.match((await act('crash')).error?.message ?? '', /ended its own process \(SIGSEGV/));

  for (const response of ['print', 'thread', 'asyncio', 'temporary file']) {
    it(`may “${response}”`, async () => assert.equal((await act(response)).overall, 1));
  }
});
