import * as assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { Sample } from '../../../src/core/dataset/sample';
import { AppError } from '../../../src/core/errors';
import type { LoadedReward, Score } from '../../../src/core/rewards/score';
import { RewardClient } from '../../../src/platform/rewards/rewardClient';
import { until } from '../../until';

const file = path.resolve('test/fixtures/rewards/files/hostile.reward.ts');
const source = readFileSync(file, 'utf8').split('\n');
const sample: Sample = { qid: 'p-1', problem: '', answer: '7', images: [], key_words: [], boxes: [] };
const deadlineMs = 500;

/** What each is refused or ended with; `true` where the line that is told must be that of the act. */
const refusals: readonly (readonly [response: string, message: RegExp, hasLine: boolean])[] = [
  ['hoard buffers', /more than 128 MB|did not finish/, false],
  ['one huge list', /more than 128 MB|did not finish/, false],
  ['endless list', /more than 128 MB|did not finish/, false],
  ['endless expression', /did not finish within 500 ms/, true],
  ['sleep', /did not finish within 500 ms/, true],
  ...['flood of microtasks', 'flood of ticks', 'flood of promises'].map(act => [act, /did not finish within 500 ms/, false] as const),
  ['read what comes for others', /did not finish within 500 ms|EAGAIN/, false],
  ['endless recursion', /Maximum call stack/, false],
  ...['process.exit', 'process.reallyExit', 'process.abort', 'kill itself', 'kill its parent', 'global constructor'].map(act => [act, /may not end, signal or reach into a process/, true] as const),
  ['take the handles', /may not end, signal or reach into a process/, true],
  ['process.binding', /may not end, signal or reach into a process/, true],
  ['Object.prototype.x', /may not change Object\.prototype\.overall/, false],
  ['define on Object.prototype', /may not change Object\.prototype\.value/, false],
  ['Array.prototype.x', /may not change Array\.prototype\.x/, false],
  ['parent of Array.prototype', /may not change the prototype of Array\.prototype/, false],
  ['RegExp.prototype.exec', /may not change RegExp\.prototype\.exec/, false],
  ['Array.prototype.map', /may not change Array\.prototype\.map/, false],
  ...['JSON.stringify', 'JSON itself', 'Promise.prototype.then', 'Object.prototype.toString'].map(act => [act, /Cannot assign to read only property/, true] as const),
  ...['Buffer.from', 'TextEncoder', 'performance.now', 'AsyncLocalStorage'].map(act => [act, /Cannot assign to read only property/, true] as const),
  ['change a mode', /may not write files \(FileHandle\.chmod\)/, true],
  ['messages of the thread', /postMessage/, true],
  ...['fetch', 'net', 'http', 'https', 'tls', 'udp', 'dns', 'dns.promises', 'listen'].map(act => [act, /may not use the network/, true] as const),
  ...['writeFile', 'open to write', 'write stream', 'promises.writeFile', 'write to stdout', 'write to the channel', 'report'].map(act => [act, /may not write files/, true] as const),
  ['heap snapshot', /may not change the engine/, true],
  ...['import net', 'require child_process', 'import child_process', 'require module'].map(act => [act, /may not import/, true] as const),
  ...['exec', 'ChildProcess', 'Module._load'].map(act => [act, /may not start processes/, true] as const),
  ...['eval import', 'Function import'].map(act => [act, /dynamic import/, true] as const),
  ['mainModule', /TypeError|may not/, true],
  ['worker', /may not start threads/, true],
  ['inspector', /may not open a debugger/, true],
  ['async hook', /may not watch what others run/, true],
  ['huge error', /^e{2000}… \(10000000 characters\)$/, false],
  ['unreadable error', /cannot be read/, false],
  ['value that exits', /may not end/, false],
];

/** Without the permission model, as in the editor: what it would hold back. */
const inEditor = new Set(['hoard buffers', 'kill its parent', 'fetch', 'writeFile', 'open to write', 'promises.writeFile', 'write to the channel', 'exec', 'ChildProcess', 'Module._load', 'worker', 'heap snapshot', 'process.binding']);

for (const sandbox of [true, false]) {
  describe(`a hostile reward, ${sandbox ? 'with' : 'without'} Node’s permission model`, function () {
    this.timeout(60_000);
    let printed = '';
    let client: RewardClient;
    let loaded: Promise<LoadedReward> | undefined;
    before(() => {
      client = new RewardClient({ dist: path.resolve('dist'), sandbox }, text => (printed += text));
    });
    after(() => client.dispose());

    /** Four responses of which the second is the hostile one: the others must be scored. */
    async function act(response: string, within = deadlineMs): Promise<Score> {
      const { reward } = await (loaded ??= client.load({ path: file, deadlineMs, memoryMb: 128 }));
      const pid = client.pid;
      const { scores } = await client.score({ reward, deadlineMs: within, items: ['a', response, 'b', 'c'].map((each, index) => ({ response: each, sample: { ...sample, qid: `p-${index}` } })) });
      assert.deepEqual([scores[0]?.overall, scores[2]?.overall, scores[3]?.overall], [1, 1, 1]);
      assert.equal(client.pid, pid, 'the worker lives on');
      assert.ok(!existsSync('written-by-a-reward.txt'), 'nothing was written');
      assert.ok(JSON.stringify(scores).length < 200_000);
      assert.ok(scores[1]);
      return scores[1];
    }

    for (const [response, message, hasLine] of refusals.filter(([name]) => sandbox || inEditor.has(name))) {
      it(`fails “${response}” alone`, async () => {
        const { overall, error } = await act(response);
        assert.equal(overall, null);
        assert.match(error?.message ?? '', message);
        if (!hasLine) return;
        assert.equal(error?.file, file);
        const from = source.findIndex(line => line.includes(`'${response}':`));
        const to = source.findIndex((line, index) => index > from && /^ {2}'/.test(line));
        assert.ok((error.line ?? 0) > from && (error.line ?? 0) <= to, `line ${error.line ?? 'none'} is not in ${from + 1} to ${to}`);
      });
    }

    it('is ended over its memory limit, also for memory outside of JavaScript’s heap', async () => {
      const { reward } = await client.load({ path: file, memoryMb: 128 });
      const { scores } = await client.score({ reward, deadlineMs: 20_000, items: ['hoard array buffers', 'a'].map(response => ({ response, sample })) });
      assert.match(scores[0]?.error?.message ?? '', /more than 128 MB/);
      assert.equal(scores[1]?.overall, 1);
    });

    it('shortens a note of 10 MB and leaves out all but some of 200,000', async () => {
      const [long, many] = [await act('huge note', 10_000), await act('many notes', 10_000)];
      assert.equal(long.overall, 1);
      assert.match(long.evidence[0]?.note ?? '', /^n{2000}… \(10000000 characters\)$/);
      assert.equal(many.overall, 1);
      assert.match(many.evidence.at(-1)?.note ?? '', /^199500 more/);
    });

    it('takes the numbers of a box out of its list once, whatever else the list is', async () => {
      for (const response of ['list with a voice', 'list that changes']) {
        const { overall, evidence } = await act(response);
        assert.equal(overall, 1);
        assert.deepEqual(evidence[0]?.bbox, [1, 2, 3, 4]);
      }
    });

    it('keeps the lines of later errors when stacks were switched off', async () => {
      await act('no stacks');
      const { error } = await act('JSON.stringify');
      assert.equal(error?.file, file);
      assert.ok((error.line ?? 0) > 0);
    });

    for (const response of ['nobody awaits', 'microtask that throws']) {
      it(`tells “${response}” with its sample, which keeps its score`, async () => {
        printed = '';
        const { overall, evidence } = await act(response);
        assert.equal(overall, 1);
        assert.match(evidence[0]?.note ?? '', /nobody waits for me/);
        await until(() => /sample p-1.*nobody waits for me/.test(printed));
      });
    }

    for (const response of ['close the pipe', 'close everything']) {
      it(`scores what comes after “${response}” in another process`, async () => {
        const { reward } = await client.load({ path: file, deadlineMs });
        const score = async (response: string): Promise<Score | undefined> => (await client.score({ reward, deadlineMs, items: [{ response, sample }] })).scores[0];
        const first = await score(response);
        assert.ok(first?.overall === 1 || first?.error, JSON.stringify(first));
        assert.equal((await score('a'))?.overall, 1);
        assert.equal((await score('a'))?.overall, 1);
      });
    }

    it('ends a loop that a response left behind, and scores what comes next', async () => {
      const { reward } = await client.load({ path: file, deadlineMs });
      const score = async (response: string): Promise<unknown> => (await client.score({ reward, deadlineMs, items: [{ response, sample }] })).scores[0]?.overall;
      assert.equal(await score('late loop'), 1);
      await until(() => /After its last response:.*hostile\.reward\.ts:\d+/s.test(printed));
      assert.equal(await score('a'), 1);
    });
  });
}

describe('a reward that is hostile while it loads', function () {
  this.timeout(30_000);
  const client = new RewardClient({ dist: path.resolve('dist') }, () => undefined);
  after(() => client.dispose());

  for (const [line, reason] of [
    ["(Object.prototype as any).x = 1;", /may not change Object\.prototype\.x/],
    ["JSON.stringify = () => '';", /read only property 'stringify'/],
    ['process.exit(0);', /may not end/],
    ['for (;;) Buffer.alloc(1e8, 1);', /did not finish|more than 64 MB/],
    ["require('fs').writeFileSync('written-by-a-reward.txt', '');", /may not write files/],
  ] as const) {
    it(`is refused: ${line}`, async () => {
      const text = `import { defineReward } from 'pebr';\n${line}\nexport default defineReward({ components: { a: () => 1 }, weights: { a: 1 } });`;
      await assert.rejects(client.load({ path: path.resolve('hostile.reward.ts'), source: text, deadlineMs, memoryMb: 64 }), error => AppError.is(error, 'reward.failed') && reason.test(error.details.reason));
      assert.ok(!existsSync('written-by-a-reward.txt'));
    });
  }

  it('may use packages that set toString, name and constructor on their own objects', async () => {
    const text = `import { defineReward } from 'pebr';
function Old() {}
Old.prototype.toString = function () { return 'old'; };
Old.prototype.constructor = Old;
const error = new Error('x'); error.name = 'Mine'; error.message = 'y';
const bag = {}; bag.hasOwnProperty = () => true; bag.valueOf = () => 3;
export default defineReward({ components: { a: () => (String(new Old()) === 'old' && String(error) === 'Mine: y' && +bag === 3 ? 1 : 0) }, weights: { a: 1 } });`;
    const { reward } = await client.load({ path: path.resolve('old.reward.js'), source: text });
    assert.equal((await client.score({ reward, items: [{ response: '', sample }] })).scores[0]?.overall, 1);
  });
});
