import * as assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import { inspectRow } from '../../../src/platform/dataset/inspectRow';
import { viewableImage } from '../../../src/platform/dataset/viewableImage';

describe('pictures of all kinds', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'pebr-pictures-'))));
  after(() => rm(folder, { recursive: true }));

  const plain = (width: number, height: number): Sharp => sharp({ limitInputPixels: false, create: { width, height, channels: 3, background: '#c03020' } });
  const at = (name: string): string => path.join(folder, name);
  const inspected = async (name: string): ReturnType<typeof inspectRow> =>
    inspectRow({ row: 0, line: 1, text: JSON.stringify({ qid: 'a', problem: '<image>?', answer: '1', images: [name] }) }, { file: at('data.jsonl'), imageRoot: folder, stage: 'reasoning', columns: defaultColumns, boxFrame: 'pixel', maxPromptTokens: null });
  const sizeOf = async (name: string): Promise<unknown> => (await inspected(name)).images[0]?.size;

  it('have their size told and a copy that any page shows: TIFF, CMYK, 16 bits, GIF, WebP, AVIF', async () => {
    await plain(60, 40).tiff().toFile(at('a.tiff'));
    await plain(60, 40).toColourspace('cmyk').jpeg().toFile(at('cmyk.jpg'));
    await plain(60, 40).toColourspace('rgb16').png().toFile(at('deep.png'));
    await plain(60, 40).gif().toFile(at('a.gif'));
    await plain(60, 40).webp().toFile(at('a.webp'));
    await plain(60, 40).avif().toFile(at('a.avif'));
    for (const name of ['a.tiff', 'cmyk.jpg', 'deep.png', 'a.gif', 'a.webp', 'a.avif']) {
      assert.deepEqual(await sizeOf(name), { width: 60, height: 40 }, name);
      const { format, width, height, space } = await sharp(await viewableImage(at(name))).metadata();
      assert.deepEqual([format, width, height, space], ['jpeg', 60, 40, 'srgb'], name);
      const { channels: [red, , blue] } = await sharp(await viewableImage(at(name))).stats();
      assert.ok((red?.mean ?? 0) > 120 && (blue?.mean ?? 255) < 110, `${name} keeps its colours`);
    }
  });

  it('are as large as a person sees them in each of the eight EXIF orientations', async () => {
    for (let orientation = 1; orientation <= 8; orientation++) {
      const name = `exif${orientation}.jpg`;
      await plain(60, 40).withMetadata({ orientation }).jpeg().toFile(at(name));
      const { width, height } = await sharp(await viewableImage(at(name))).metadata();
      assert.deepEqual(await sizeOf(name), { width, height }, name);
      assert.deepEqual([width, height], orientation >= 5 ? [40, 60] : [60, 40], name);
    }
  });

  it('of 20,000 × 20,000 px become a copy of 4096, without their pixels in memory', async function () {
    this.timeout(180_000);
    await plain(20_000, 20_000).png({ compressionLevel: 1 }).toFile(at('huge.png'));
    assert.deepEqual(await sizeOf('huge.png'), { width: 20_000, height: 20_000 });
    const before = process.memoryUsage().rss;
    const { width, height } = await sharp(await viewableImage(at('huge.png'))).metadata();
    assert.deepEqual([width, height], [4096, 4096]);
    const grown = (process.memoryUsage().rss - before) / 1e6;
    assert.ok(grown < 600, `it took ${Math.round(grown)} MB; the picture itself is 1,200`);
  });

  it('that are empty, no pictures or cut off are told as that', async () => {
    await writeFile(at('empty.png'), '');
    await writeFile(at('text.png'), 'not a picture');
    const noise = await sharp({ create: { width: 200, height: 200, channels: 3, background: '#000', noise: { type: 'gaussian', mean: 128, sigma: 60 } } }).png().toBuffer();
    await writeFile(at('cut.png'), noise.subarray(0, noise.length / 2));
    for (const name of ['empty.png', 'text.png']) {
      const { problems, images } = await inspected(name);
      assert.equal(images[0]?.size, undefined);
      assert.ok(problems.some(({ severity, message }) => severity === 'error' && message.includes(name)), JSON.stringify(problems));
    }
    await assert.rejects(viewableImage(at('cut.png')));
    assert.equal((await readFile(at('cut.png'))).length, Math.floor(noise.length / 2), 'it is left as it is');
  });
});
