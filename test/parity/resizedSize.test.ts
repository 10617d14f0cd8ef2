import * as assert from 'node:assert/strict';
import { resizedSize } from '../../src/core/geometry/resizedSize';
import { askPython } from './askPython';
import { Random } from './random';

describe('resizedSize', () => {
  it('gives 2000 images the size that Qwen2-VL’s processor gives them', async function () {
    this.timeout(120_000);
    const random = new Random(28);
    const questions = Array.from({ length: 2000 }, () => ({
      width: random.int(1, random.of([60, 1000, 9000])), height: random.int(1, random.of([60, 1000, 9000])), factor: random.of([28, 32]), minPixels: random.of([3136, 200_704]), maxPixels: random.of([602_112, 802_816, 12_845_056]),
    }));
    const theirs = await askPython<readonly number[] | null>(questions, 60); // the first one imports Transformers
    const ours = questions.map(({ width, height, ...limits }) => {
      try {
        const size = resizedSize({ width, height }, limits);
        return [size.width, size.height];
      } catch {
        return null;
      }
    });
    assert.deepEqual(ours, theirs);
  });
});
