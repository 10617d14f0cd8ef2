import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Sample } from '../../../src/core/dataset/sample';
import { AppError } from '../../../src/core/errors';
import type { LoadedReward } from '../../../src/core/rewards/score';
import { RewardClient } from '../../../src/platform/rewards/rewardClient';

const files = path.resolve('test/fixtures/rewards/files');
const numbers = path.resolve('test/fixtures/rewards/numbers');
const venv = path.resolve('trainer/.venv/bin/python');
const python = [process.env['PEBR_TEST_PYTHON'] ?? (existsSync(venv) ? venv : 'python3')];
const sample: Sample = { qid: 'p-1', problem: '<image>Which digit?', answer: '7', images: [], key_words: ['red 7', 'blue 3'], boxes: [] };

describe('the source of a reward', function () {
  this.timeout(60_000);
  let client: RewardClient;
  beforeEach(() => {
    client = new RewardClient({ dist: path.resolve('dist') }, () => undefined);
  });
  afterEach(() => client.dispose());

  /** Name, value and the text at the offsets; the value must be what the text says. */
  async function numbersOf(file: string): Promise<readonly (readonly [name: string, value: number, text: string])[]> {
    const source = (await readFile(path.join(numbers, file), 'utf8')).replace(/^\uFEFF/, '');
    const loaded = await client.load({ path: path.join(numbers, file), python });
    return loaded.numbers.map(({ name, value, start, end, line }) => {
      assert.equal(line, source.slice(0, start).split('\n').length, name);
      return [name, value, source.slice(start, end)] as const;
    });
  }

  it('shows the numbers of a TypeScript reward that can be tried, however it is written', async () => {
    assert.deepEqual(await numbersOf('odd.reward.ts'), [
      ['tau', 0.4, '0.4'],
      ['offset', -0.15, '-/* below */1.5e-1'],
      ['unused', 1000, '1_000'],
      ['half', 0.5, '.5'],
      ['weights.clip', 0.2, '0.2'],
      ['weights.key', 0.25, '+0.25'],
      ['weights.odd', -0.1, '- 0.1'],
      ['components.late.tau', 0.45, '0.45'],
      ['components.iou.mislabelled', 0.5, '0.5'],
      ['components.nested.0', 2, '2'],
      ['components.nested.a.b', -3, '-3'],
      ['components.nested.a.c.0', 4, '4'],
      ['components.nested.a.c.1', 5, '5'],
      ['components.twice.0', 12, '12'],
    ]);
  });

  it('shows those of the sample project’s rewards', async () => {
    const loaded = await client.load({ path: path.resolve('samples/cards/rewards/perception.reward.ts') });
    assert.deepEqual(loaded.numbers.map(({ name, value }) => `${name} ${value}`), [
      'components.clip.tau 0.4', 'components.length.limit 512', 'weights.clip 0.2', 'weights.key_word 0.3', 'weights.iou 0.3', 'weights.format 0.1', 'weights.length 0.1',
    ]);
  });

  it('shows the numbers of a Python reward that can be tried, past emoji, carriage returns and a byte order mark', async () => {
    assert.deepEqual(await numbersOf('odd_easyr1.py'), [
      ['LIMIT', 512, '512'],
      ['WEIGHTS.format', 0.1, '0.1'],
      ['TAU', 0.4, '+0.4'],
      ['BIG', 1000, '1_000'],
      ['compute_score.format_weight', 0.1, '0.1'],
    ]);
    assert.deepEqual(await numbersOf('odd_trl.py'), [
      ['reward_weights.0', 0.25, '0.25'],
      ['reward_weights.2', -0.75, '-0.75'],
      ['first.scale', 2, '2'],
      ['second.penalty', -0.5, '-0.5'],
    ]);
  });

  const edits: readonly [file: string, from: string, to: string][] = [
    ['good.reward.ts', 'words: 1', 'words: 3'],
    ['easyr1.py', '"overall": 0.5 * hit', '"overall": 0.25 * hit'],
  ];
  for (const [name, from, to] of edits) {
    it(`scores ${name} as it stands in the editor, with the hash it will have when saved`, async () => {
      const folder = await mkdtemp(path.join(tmpdir(), 'pebr-source-'));
      try {
        await cp(files, folder, { recursive: true });
        const file = path.join(folder, name);
        const saved = await readFile(file, 'utf8');
        assert.ok(saved.includes(from), `${name} has no ${from}`);
        const source = saved.replace(from, to);
        const score = async (loaded: LoadedReward): Promise<unknown> => (await client.score({ reward: loaded.reward, items: [{ response: 'red 7 b', sample }] })).scores[0];
        const [before, edited] = [await client.load({ path: file, python }), await client.load({ path: file, source, python })];
        const [was, is] = [await score(before), await score(edited)];
        assert.notDeepEqual(is, was);
        assert.notEqual(edited.hash, before.hash);
        assert.deepEqual(edited.files, before.files);
        await writeFile(file, source);
        const after = await client.load({ path: file, python });
        assert.equal(after.hash, edited.hash);
        assert.deepEqual(after.numbers, edited.numbers);
        assert.deepEqual(await score(after), is);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }

  for (const [name, source, line] of [
    ['good.reward.ts', "import { half } from './shared/half';\n\nthrow new Error(`broken ${typeof half}`);", 3],
    ['trl.py', 'import helpers\n\n\nraise ValueError(f"broken {helpers.__name__}")\n', 4],
  ] as const) {
    it(`names the line of an unsaved ${name} that throws, past its imports`, async () => {
      await assert.rejects(client.load({ path: path.join(files, name), source, python }), error => AppError.is(error, 'reward.failed') && /broken/.test(error.details.reason) && error.details.line === line);
    });
  }

  it('scores a reward that was never saved, and goes on with its text after it was ended', async () => {
    const source = `import { defineReward } from 'pebr';
export default defineReward({ components: { a: ({ response }) => { if (response === 'exit') process.exit(1); return 0.25; } }, weights: { a: 1 } });`;
    const { reward } = await client.load({ path: path.join(files, 'neverSaved.reward.ts'), source });
    const { scores } = await client.score({ reward, items: ['a', 'exit', 'b'].map(response => ({ response, sample })) });
    assert.deepEqual(scores.map(score => score.overall), [0.25, null, 0.25]);
  });
});
