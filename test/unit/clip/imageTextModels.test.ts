import * as assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { ImageTextModels } from '../../../src/platform/clip/imageTextModels';
import type { Similarity } from '../../../src/platform/clip/similarity';
import { TextTokens } from '../../../src/platform/clip/textTokens';

const folder = path.resolve('test/fixtures/clip/tiny');
const model = path.join(folder, 'model');
const expected = JSON.parse(readFileSync(path.join(folder, 'expected.json'), 'utf8')) as {
  readonly similarities: readonly { readonly image: string; readonly text: string; readonly similarity: number }[];
  readonly texts: readonly string[];
  readonly wordLevel: readonly (readonly number[])[];
  readonly bytePairs: readonly (readonly number[])[];
};
const value = (similarity: Similarity | undefined): number => (similarity && 'similarity' in similarity ? similarity.similarity : Number.NaN);
const error = (similarity: Similarity | undefined): string => (similarity && 'error' in similarity ? similarity.error : 'none');

describe('image-text models', function () {
  this.timeout(60_000);

  for (const [name, file, ids] of [['word-level', 'model', expected.wordLevel], ['byte-pair', 'bpe', expected.bytePairs]] as const) {
    it(`split texts with a ${name} tokenizer.json as Python does`, () => {
      const tokens = new TextTokens(JSON.parse(readFileSync(path.join(folder, file, 'tokenizer.json'), 'utf8')) as object, {});
      for (const [index, text] of expected.texts.entries()) {
        const { ids: got, mask } = tokens.encode([text]);
        assert.deepEqual([...got].filter((_, at) => mask[at] === 1n).map(Number), ids[index], text);
      }
    });
  }

  it('join phrases to one text as Python does, and say which tokens each of them is', () => {
    const tokens = new TextTokens(JSON.parse(readFileSync('test/fixtures/clip/wordPieces/tokenizer.json', 'utf8')) as object, {});
    const { ids, mask, spans } = tokens.encodeJoined(['A cat', 'red cards'], '.', 16);
    assert.deepEqual([...ids].map(Number), [2, 5, 7, 4, 6, 9, 10, 4, 3]); // [CLS] a cat . red card ##s . [SEP]
    assert.deepEqual([mask.every(each => each === 1n), spans], [true, [{ from: 1, to: 3 }, { from: 4, to: 7 }]]);
    assert.deepEqual(tokens.encodeJoined(['a cat', 'red cards'], '.', 8).spans, [{ from: 1, to: 3 }]);
  });

  it('pad a batch to its longest text', () => {
    const tokens = new TextTokens(JSON.parse(readFileSync(path.join(model, 'tokenizer.json'), 'utf8')) as object, {});
    const { ids, mask, length } = tokens.encode(['a red card', 'red']);
    assert.deepEqual([length, [...ids].map(Number), [...mask].map(Number)], [3, [2, 8, 4, 8, 0, 0], [1, 1, 1, 1, 0, 0]]);
  });

  it('give the similarities that Python gives: wide, grey, turned and transparent pictures', async () => {
    const results = await new ImageTextModels().similarities(model, expected.similarities.map(({ image, text }) => ({ image: path.join(folder, image), text })));
    const worst = expected.similarities.map((each, index) => ({ ...each, error: Math.abs(value(results[index]) - each.similarity) })).sort((a, b) => b.error - a.error)[0];
    assert.ok(worst && worst.error < 0.02, JSON.stringify(worst)); // sharp and Pillow round the last bits of a resized picture differently
  });

  it('give the same for one pair as for a batch, and again from the cache', async () => {
    const models = new ImageTextModels();
    const pair = { image: path.join(folder, 'wide.png'), text: 'a red card' };
    const [alone] = await models.similarities(model, [pair]);
    const [, again] = await models.similarities(model, [{ image: path.join(folder, 'grey.png'), text: 'a blue sky over green grass' }, pair]);
    assert.ok(Math.abs(value(alone) - value(again)) < 1e-6);
  });

  it('read a picture again that has changed', async () => {
    const work = mkdtempSync(path.join(tmpdir(), 'pebr-clip-'));
    try {
      const image = path.join(work, 'picture.png');
      const models = new ImageTextModels();
      cpSync(path.join(folder, 'wide.png'), image);
      const [before] = await models.similarities(model, [{ image, text: 'red' }]);
      cpSync(path.join(folder, 'grey.png'), image);
      utimesSync(image, new Date(), new Date(Date.now() + 5000));
      const [after] = await models.similarities(model, [{ image, text: 'red' }]);
      assert.ok(Math.abs(value(before) - value(after)) > 0.01);
    } finally {
      rmSync(work, { recursive: true });
    }
  });

  it('tell what is wrong with an image, for its pairs alone', async () => {
    const work = mkdtempSync(path.join(tmpdir(), 'pebr-clip-'));
    try {
      writeFileSync(path.join(work, 'no-picture.png'), 'not a picture');
      const images = [path.join(folder, 'wide.png'), path.join(work, 'gone.png'), path.join(work, 'no-picture.png')];
      const results = await new ImageTextModels().similarities(model, images.map(image => ({ image, text: 'red' })));
      assert.ok(Number.isFinite(value(results[0])));
      assert.match(error(results[1]), /gone\.png cannot be read/);
      assert.match(error(results[2]), /no-picture\.png cannot be decoded/);
    } finally {
      rmSync(work, { recursive: true });
    }
  });

  it('tell what is wrong with the folder, and what to do', async () => {
    const pair = { image: path.join(folder, 'wide.png'), text: 'red' };
    assert.match(error((await new ImageTextModels().similarities('/nowhere/model', [pair]))[0]), /no such folder.*pebr\.json/);
    assert.match(error((await new ImageTextModels().similarities(path.join(folder, 'bpe'), [pair]))[0]), /vision_model\.onnx, text_model\.onnx, preprocessor_config\.json missing/);
  });

  it('give PyTorch’s similarities with the model of the sample project, the right description first', async () => {
    const { image, texts } = JSON.parse(readFileSync('test/fixtures/clip/expected.json', 'utf8')) as { image: string; texts: { text: string; similarity: number }[] };
    const picture = path.resolve('test/fixtures/clip', image);
    const results = (await new ImageTextModels().similarities(path.resolve('samples/cards/models/clip'), texts.map(({ text }) => ({ image: picture, text })))).map(value);
    texts.forEach(({ text, similarity }, index) => assert.ok(Math.abs((results[index] ?? Number.NaN) - similarity) < 0.005, `${text}: ${results[index]} instead of ${similarity}`));
    assert.equal(Math.max(...results), results[0]);
  });
});
