import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { frameDecimals, fromPixels, nudgeStep, toPixels } from '../../../src/core/geometry/boxFrame';
import type { Bbox } from '../../../src/core/dataset/sample';
import type { BoxFrame } from '../../../src/core/project/project';

const frames: readonly BoxFrame[] = ['pixel', 'norm1', 'norm1000', 'percent-xywh', 'coco-xywh', 'yolo-cxcywh', 'qwen2.5-resized', 'qwen2.5-resized{28,3136,40000}'];
const size = { width: 400, height: 200 };

describe('box frames', () => {
  const cases: readonly [BoxFrame, readonly [number, number, number, number]][] = [
    ['pixel', [100, 50, 200, 150]],
    ['norm1', [0.25, 0.25, 0.5, 0.75]],
    ['norm1000', [250, 250, 500, 750]],
    ['percent-xywh', [25, 25, 25, 50]],
    ['coco-xywh', [100, 50, 100, 100]],
    ['yolo-cxcywh', [0.375, 0.5, 0.25, 0.5]],
    ['qwen2.5-resized', [98, 49, 196, 147]], // 400 × 200 is seen as 392 × 196
    ['qwen2.5-resized{28,3136,40000}', [70, 35, 140, 105]], // and as 280 × 140 where it may have 40,000 pixels
  ];
  for (const [frame, numbers] of cases) {
    it(`${frame} means the same box`, () => {
      assert.deepEqual(toPixels(numbers, frame, size), [100, 50, 200, 150]);
      assert.deepEqual(fromPixels([100, 50, 200, 150], frame, size, frameDecimals(frame, [])), numbers);
    });
  }

  it('to the frame and back moves no corner by more than the frame can tell', () => {
    const side = fc.integer({ min: 28, max: 4000 });
    fc.assert(
      fc.property(fc.constantFrom(...frames), side, side, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }), (frame, width, height, [a = 0, b = 0, c = 1, d = 1]) => {
        const bbox = [Math.min(a, c) * width, Math.min(b, d) * height, Math.max(a, c) * width, Math.max(b, d) * height].map(Math.round) as unknown as Bbox;
        const digits = frameDecimals(frame, []);
        const back = toPixels(fromPixels(bbox, frame, { width, height }, digits), frame, { width, height });
        const step = nudgeStep(frame, { width, height }, digits);
        const allowed = frame === 'pixel' || frame === 'coco-xywh' ? 1e-9 : Math.max(step.x, step.y); // half a step for each of two numbers
        back.forEach((value, corner) => assert.ok(Math.abs(value - (bbox[corner] ?? 0)) <= allowed, `${frame} ${bbox.join()} → ${back.join()}`));
      }),
    );
  });

  it('writes as many decimals as the row has', () => {
    assert.equal(frameDecimals('pixel', [[1, 2, 3, 4]]), 0);
    assert.equal(frameDecimals('pixel', [[1.25, 2, 3, 4]]), 2);
    assert.equal(frameDecimals('norm1', []), 5);
  });

  it('nudges by what the frame can tell, and by a pixel at least', () => {
    assert.deepEqual(nudgeStep('norm1000', { width: 4000, height: 500 }, 0), { x: 4, y: 1 });
    assert.deepEqual(nudgeStep('pixel', { width: 4000, height: 500 }, 0), { x: 1, y: 1 });
  });
});
