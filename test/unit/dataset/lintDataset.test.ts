import * as assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import type { DatasetConfig } from '../../../src/core/project/project';
import { readDifficulty } from '../../../src/platform/dataset/difficultyFile';
import { groupRows } from '../../../src/platform/dataset/groupRows';
import { readImageSize, resolveImage } from '../../../src/platform/dataset/imageInfo';
import { lintDataset } from '../../../src/platform/dataset/lintDataset';
import { readSample, readSamples } from '../../../src/platform/dataset/readSample';
import { thumbnail } from '../../../src/platform/dataset/thumbnail';

const config: DatasetConfig = {
  id: 'd', stage: 'perception', path: 'rows.jsonl', heldOut: 'held.jsonl', imageRoot: 'images', columns: defaultColumns, boxFrame: 'norm1',
};
const row = (qid: string, change: object = {}): string =>
  JSON.stringify({ qid, problem: '<image>Which?', answer: '7', images: ['a.png'], key_words: ['x'], boxes: [{ label: 'x', bbox: [0, 0, 0.5, 1] }], ...change });

describe('a dataset on disk', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pebr-lint-'));
    await mkdir(path.join(folder, 'images'));
    const picture = sharp({ create: { width: 80, height: 40, channels: 3, background: '#336699' } });
    await picture.png().toFile(path.join(folder, 'images', 'a.png'));
    await picture.jpeg().withMetadata({ orientation: 6 }).toFile(path.join(folder, 'images', 'turned.jpg'));
    await writeFile(path.join(folder, 'images', 'broken.png'), 'no picture');
    await writeFile(path.join(folder, 'secret.png'), 'not to be read');
    const rows = [
      row('good'), row('missing', { images: ['none.png'] }), row('broken', { images: ['broken.png'] }), row('out', { images: ['../secret.png'] }),
      row('good'), row('large', { boxes: [{ label: 'x', bbox: [0, 0, 2, 1] }] }), '{"qid": "half", "prob',
    ];
    await writeFile(path.join(folder, 'rows.jsonl'), rows.join('\n'));
    await writeFile(path.join(folder, 'held.jsonl'), `${row('held', { images: ['turned.jpg'] })}\n${row('missing', { images: ['turned.jpg'] })}\n`);
  });
  after(() => rm(folder, { recursive: true }));

  it('is linted with file, line, sample and remedy', async () => {
    const { problems } = await lintDataset(folder, config);
    assert.deepEqual(problems.map(problem => [path.basename(problem.file), problem.line, problem.qid, problem.rule]), [
      ['rows.jsonl', 2, 'missing', 'dataset/missing-image'],
      ['rows.jsonl', 3, 'broken', 'dataset/unreadable-image'],
      ['rows.jsonl', 4, 'out', 'dataset/image-outside-root'],
      ['rows.jsonl', 5, 'good', 'dataset/duplicate-qid'],
      ['rows.jsonl', 6, 'large', 'dataset/box-outside'],
      ['rows.jsonl', 7, undefined, 'dataset/malformed-line'],
      ['held.jsonl', 1, 'held', 'dataset/rotated-image'],
      ['held.jsonl', 2, 'missing', 'dataset/rotated-image'],
      ['held.jsonl', 2, 'missing', 'dataset/duplicate-qid'],
    ]);
    assert.ok(problems.every(problem => /\.$/.test(problem.remedy)), 'every remedy is a sentence');
    assert.match(problems[0]?.message ?? '', /^The image "none\.png" is missing: there is no .*images[\\/]none\.png\.$/);
  });

  it('that is not there is a problem, not a crash', async () => {
    const { problems } = await lintDataset(folder, { ...config, path: 'nowhere.jsonl', heldOut: null });
    assert.deepEqual(problems.map(problem => [problem.rule, path.basename(problem.file)]), [['dataset/unreadable', 'nowhere.jsonl']]);
  });

  it('is sorted by what sampling found', async () => {
    const file = path.join(folder, 'difficulty.jsonl');
    const record = (qid: string, correct: number): string => JSON.stringify({ v: 1, qid, difficulty: correct === 8 ? 'easy' : correct ? 'medium' : 'hard', correct, responses: 8 });
    await writeFile(file, `${record('good', 8)}\n${record('missing', 3)}\nno json\n${record('out', 0)}\n`);
    const { records, problems } = await readDifficulty(file);
    assert.deepEqual(problems.map(problem => [problem.line, problem.rule]), [[3, 'difficulty/malformed-line']]);
    const { rowCount, groups } = await groupRows(path.join(folder, 'rows.jsonl'), defaultColumns, records);
    assert.equal(rowCount, 7);
    assert.deepEqual(groups, { easy: [0, 4], medium: [1], hard: [3], unsampled: [2, 5], unreadable: [6] });
  });

  it('that was not sampled has no difficulty and no problem', async () => {
    assert.deepEqual(await readDifficulty(path.join(folder, 'never.jsonl')), { records: new Map(), problems: [] });
  });

  it('gives samples with absolute images and boxes in pixels, held-out ones too', async () => {
    const found = await readSample(folder, config, 'held');
    assert.equal(path.basename(found?.file ?? ''), 'held.jsonl');
    assert.deepEqual(found?.sample.images, [path.join(folder, 'images', 'turned.jpg')]);
    assert.deepEqual(found?.sample.boxes, [{ label: 'x', bbox: [0, 0, 20, 80] }]);
    assert.equal(await readSample(folder, config, 'nobody'), undefined);
    assert.deepEqual((await readSamples(folder, config, { limit: 9, heldOut: true })).map(({ sample }) => sample.qid), ['held', 'missing']);
  });

  it('never leaves the image root', () => {
    assert.equal(resolveImage('/data/images', '../secret.png'), undefined);
    assert.equal(resolveImage('/data/images', '/etc/passwd'), undefined);
    assert.equal(resolveImage('/data/images', 'a/../../images2/b.png'), undefined);
    assert.equal(resolveImage('/data/images', 'a/../b.png'), '/data/images/b.png');
    assert.equal(resolveImage('/data/images', '..b.png'), '/data/images/..b.png');
  });

  it('measures an image as it is seen, after the rotation of its EXIF data', async () => {
    assert.deepEqual(await readImageSize(path.join(folder, 'images', 'turned.jpg')), { width: 40, height: 80 });
  });

  it('draws boxes on a thumbnail where they are', async () => {
    const picture = await thumbnail(path.join(folder, 'images', 'turned.jpg'), [{ label: '', bbox: [0, 40, 40, 80] }], 200);
    const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
    assert.deepEqual([info.width, info.height], [100, 200]);
    const red = (x: number, y: number): number => data[(y * info.width + x) * info.channels] ?? 0;
    assert.ok(red(50, 100) > red(50, 25) + 60, 'the upper edge of the box is yellow, the picture is blue');
  });
});
