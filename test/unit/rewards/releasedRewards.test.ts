import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import type { Sample } from '../../../src/core/dataset/sample';
import { AppError } from '../../../src/core/errors';
import { RewardClient } from '../../../src/platform/rewards/rewardClient';
import { until } from '../../until';

const file = path.resolve('test/fixtures/rewards/released/stage1.py');
const clip = path.resolve('samples/cards/models/clip');
const venv = path.resolve('trainer/.venv/bin/python');
const python = [process.env['PEBR_TEST_PYTHON'] ?? (existsSync(venv) ? venv : 'python3')];
const image = path.resolve('test/fixtures/rewards/grey.png');
const sample: Sample = { qid: 'p-1', problem: '', answer: '7', images: [image], key_words: ['red 7', 'blue 3'], boxes: [] };
const response = '### Image Description:\nred 7 on the left\n### Rationales:\nnone';

describe('a released stage-1 reward, dropped in unchanged', function () {
  this.timeout(120_000);
  let printed = '';
  let folder = '';
  let client: RewardClient;
  /** A Python of its own without Ray, torch and transformers, but with Pillow. */
  let bare: readonly string[];
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pebr-released-'));
    const done = spawnSync(python[0] ?? '', ['-c', 'import PIL, os; print(os.path.dirname(os.path.dirname(PIL.__file__)))'], { encoding: 'utf8' });
    const made = spawnSync(python[0] ?? '', ['-m', 'venv', '--without-pip', folder], { encoding: 'utf8' });
    assert.equal(made.status, 0, made.stderr);
    const bin = path.join(folder, process.platform === 'win32' ? 'Scripts' : 'bin', 'python');
    const site = spawnSync(bin, ['-c', 'import sysconfig; print(sysconfig.get_path("purelib"))'], { encoding: 'utf8' }).stdout.trim();
    const { symlinkSync, readdirSync } = await import('node:fs');
    for (const name of readdirSync(done.stdout.trim()).filter(each => /^(?:PIL|pillow)/i.test(each))) symlinkSync(path.join(done.stdout.trim(), name), path.join(site, name));
    bare = [bin];
    client = new RewardClient({ dist: path.resolve('dist') }, text => (printed += text));
  });
  after(async () => {
    client.dispose();
    await rm(folder, { recursive: true });
  });

  it('says which import is missing: its name, its line, which Python, and what to do', async () => {
    await assert.rejects(client.load({ path: file, python: bare }), error => {
      assert.ok(AppError.is(error, 'reward.failed'));
      assert.match(error.details.reason, /No module named 'ray'/);
      assert.equal(error.details.line, 5);
      assert.ok(error.details.remedy?.includes(`${bare[0]} -m pip install ray`), error.details.remedy);
      assert.match(error.details.remedy ?? '', /import pebr\.stand_in/);
      return true;
    });
  });

  it('is answered by PeBR’s own image-text model once it says so, and every score tells', async () => {
    const source = `import pebr.stand_in\n${await readFile(file, 'utf8')}`;
    const { reward } = await client.load({ path: file, source, python: bare, clip });
    await until(() => /pebr\.stand_in: ray, torch, transformers not installed/.test(printed));
    const { scores } = await client.score({ reward, items: [{ response, tokens: 9, sample }, { response: 'nothing', tokens: 9, sample }] });
    const own = await client.load({
      path: path.resolve('own.reward.ts'), clip,
      source: "import { clip, defineReward } from 'pebr'; export default defineReward({ components: { clip: clip() }, weights: { clip: 1 } });",
    });
    const [ours] = (await client.score({ reward: own.reward, items: [{ response, sample }] })).scores;
    assert.ok(typeof ours?.overall === 'number' && ours.overall !== 0);
    assert.ok(Math.abs((scores[0]?.components['clip'] ?? Number.NaN) - ours.overall) < 1e-5);
    assert.deepEqual(scores[0]?.components['key_word'], 0.5);
    assert.match(scores[0].evidence[0]?.note ?? '', /own image-text model, which stands in for FGCLIPScorer: ray, torch, transformers not installed/);
  });

  it('may ask the model itself', async () => {
    const source = `from pebr import clip_similarity
from PIL import Image
def compute_score(reward_inputs):
    return [{"overall": clip_similarity(each["image"], "red 7"), "again": clip_similarity(each["image"].rotate(0), "red 7")} for each in reward_inputs]
`;
    const { reward } = await client.load({ path: path.resolve('asks.py'), source, python: bare, clip, imageRoot: path.dirname(image) });
    const [score] = (await client.score({ reward, items: [{ response, sample }] })).scores;
    assert.ok(typeof score?.overall === 'number' && Math.abs(score.overall - (score.components['again'] ?? 9)) < 1e-5, JSON.stringify(score));
    const bad = await client.load({ path: path.resolve('asks.py'), source, python: bare });
    assert.match((await client.score({ reward: bad.reward, items: [{ response, sample }] })).scores[0]?.error?.message ?? '', /no image-text model/);
  });

  it('does not count the time of the model as the reward’s', async () => {
    // Pictures that take the model longer than the reward takes to ask; each is asked about once, because what it saw is kept.
    const noise = await sharp({ create: { width: 1000, height: 1000, channels: 3, background: 'grey', noise: { type: 'gaussian', mean: 128, sigma: 30 } } }).png().toBuffer();
    await Promise.all(Array.from({ length: 24 }, (_, index) => writeFile(path.join(folder, `noise${index}.png`), noise)));
    const source = `from pebr import clip_similarity
def compute_score(reward_inputs):
    for number in range(int(reward_inputs[0]["response"]), int(reward_inputs[0]["response"]) + 12):
        value = clip_similarity(f"${folder}/noise{number}.png", "red 7")
    return [{"overall": value}]
`;
    const fresh = new RewardClient({ dist: path.resolve('dist') }, () => undefined);
    try {
      const { reward } = await fresh.load({ path: path.resolve('slow.py'), source, python: bare, clip });
      // How long the model takes here and now, all loaded: a deadline of a third of it is kept only where that time is not counted, on a busy machine too.
      const ask = async (response: string, deadlineMs: number): Promise<number> => {
        const start = performance.now();
        const [score] = (await fresh.score({ reward, deadlineMs, items: [{ response, sample: { ...sample, images: [] } }] })).scores;
        assert.equal(typeof score?.overall, 'number', score?.error?.message);
        return performance.now() - start;
      };
      const all = await ask('0', 60_000);
      await ask('12', all / 3);
    } finally {
      fresh.dispose();
    }
  });
});
