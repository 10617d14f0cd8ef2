import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { resizedSize } from '../../../src/core/geometry/resizedSize';
import { type WrittenFrame, writtenToPixels } from '../../../src/core/geometry/writtenFrame';

const size = { width: 640, height: 480 };

describe('the frame of a written box', () => {
  // 640 × 480 is seen as 644 × 476 by a processor with the factor 28, and as 280 × 196 where it may have 60,000 pixels.
  const table: readonly [frame: WrittenFrame, written: readonly [number, number, number, number], pixels: readonly [number, number, number, number]][] = [
    ['pixel', [64, 48, 320, 240], [64, 48, 320, 240]], ['norm1', [0.1, 0.1, 0.5, 0.5], [64, 48, 320, 240]], ['norm1000', [100, 100, 500, 500], [64, 48, 320, 240]],
    ['norm1024', [256, 512, 1024, 1024], [160, 240, 640, 480]], ['coco-xywh', [64, 48, 256, 192], [64, 48, 320, 240]], ['percent-xywh', [10, 10, 40, 40], [64, 48, 320, 240]], ['yolo-cxcywh', [0.3, 0.3, 0.4, 0.4], [64, 48, 320, 240]],
    ['qwen2.5-resized', [64.4, 47.6, 322, 238], [64, 48, 320, 240]], [{ resized: {} }, [64.4, 47.6, 322, 238], [64, 48, 320, 240]], [{ resized: { maxPixels: 60_000 } }, [28, 19.6, 140, 98], [64, 48, 320, 240]],
    ['qwen2.5-resized{28,3136,60000}', [28, 19.6, 140, 98], [64, 48, 320, 240]],
  ];
  for (const [frame, written, pixels] of table) {
    it(`${JSON.stringify(frame)} is brought to pixels`, () => writtenToPixels(written, frame, size).forEach((value, index) => assert.ok(Math.abs(value - (pixels[index] ?? NaN)) < 1e-9, `${value} instead of ${pixels[index]}`)));
  }

  it('resized keeps whole multiples, and the area within its limits', () => {
    const side = fc.integer({ min: 1, max: 6000 });
    fc.assert(fc.property(side, side, fc.constantFrom(28, 32), fc.constantFrom(3136, 200_704), fc.constantFrom(602_112, 802_816, 12_845_056), (width, height, factor, minPixels, maxPixels) => {
      fc.pre(Math.max(width, height) / Math.min(width, height) <= 200);
      const seen = resizedSize({ width, height }, { factor, minPixels, maxPixels });
      assert.ok(seen.width % factor === 0 && seen.height % factor === 0 && seen.width > 0 && seen.height > 0);
      assert.ok(seen.width * seen.height >= minPixels);
      assert.ok(seen.width * seen.height <= maxPixels || seen.width === factor || seen.height === factor);
    }));
  });

  it('resized maps the whole image to the whole image', () => {
    const side = fc.integer({ min: 28, max: 4000 });
    fc.assert(fc.property(side, side, (width, height) => {
      fc.pre(Math.max(width, height) / Math.min(width, height) <= 200);
      const seen = resizedSize({ width, height });
      const [, , x2, y2] = writtenToPixels([0, 0, seen.width, seen.height], 'qwen2.5-resized', { width, height });
      assert.ok(Math.abs(x2 - width) < 1e-6 && Math.abs(y2 - height) < 1e-6);
    }));
  });

  it('refuses an image that the processor refuses', () => assert.throws(() => writtenToPixels([0, 0, 1, 1], 'qwen2.5-resized', { width: 4000, height: 10 }), /4000 × 10.*too unequal/));
});
