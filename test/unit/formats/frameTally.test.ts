import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Bbox } from '../../../src/core/dataset/sample';
import type { FrameBox } from '../../../src/core/dataset/row';
import { type ForeignFrame, foreignToPixels, parseForeignFrame } from '../../../src/core/formats/foreignFrame';
import { type FrameDecision, FrameTally } from '../../../src/core/formats/frameTally';
import type { ForeignBox } from '../../../src/core/formats/importedRow';
import type { ImageSize } from '../../../src/core/geometry/boxFrame';
import { resizedSize } from '../../../src/core/geometry/resizedSize';

/** The other direction, written down here on its own. */
const written: Readonly<Record<string, (box: Bbox, size: ImageSize) => FrameBox>> = {
  pixel: box => box,
  'coco-xywh': ([a, b, c, d]) => [a, b, c - a, d - b],
  voc: ([a, b, c, d]) => [a + 1, b + 1, c, d],
  norm1: ([a, b, c, d], { width, height }) => [a / width, b / height, c / width, d / height],
  'norm1-xywh': ([a, b, c, d], { width, height }) => [a / width, b / height, (c - a) / width, (d - b) / height],
  'yolo-cxcywh': ([a, b, c, d], { width, height }) => [(a + c) / 2 / width, (b + d) / 2 / height, (c - a) / width, (d - b) / height],
  norm1000: ([a, b, c, d], { width, height }) => [(a * 1000) / width, (b * 1000) / height, (c * 1000) / width, (d * 1000) / height],
  norm999: ([a, b, c, d], { width, height }) => [(a * 999) / width, (b * 999) / height, (c * 999) / width, (d * 999) / height],
  norm1024: ([a, b, c, d], { width, height }) => [(a * 1024) / width, (b * 1024) / height, (c * 1024) / width, (d * 1024) / height],
  percent: ([a, b, c, d], { width, height }) => [(a * 100) / width, (b * 100) / height, (c * 100) / width, (d * 100) / height],
  'percent-xywh': ([a, b, c, d], { width, height }) => [(a * 100) / width, (b * 100) / height, ((c - a) * 100) / width, ((d - b) * 100) / height],
  'qwen2.5-resized': (box, size) => {
    const seen = resizedSize(size);
    return box.map((value, index) => (index % 2 === 0 ? (value * seen.width) / size.width : (value * seen.height) / size.height)) as unknown as FrameBox;
  },
};

const side = fc.integer({ min: 40, max: 4000 });
const boxIn = fc.record({ width: side, height: side }).filter(({ width, height }) => Math.max(width, height) / Math.min(width, height) < 100)
  .chain(size => fc.tuple(fc.integer({ min: 0, max: size.width - 9 }), fc.integer({ min: 0, max: size.height - 9 }), fc.constant(size)))
  .chain(([x, y, size]) => fc.record({ size: fc.constant(size), box: fc.tuple(fc.constant(x), fc.constant(y), fc.integer({ min: x + 8, max: size.width }), fc.integer({ min: y + 8, max: size.height })) }));

function decided(boxes: readonly { readonly numbers: FrameBox; readonly size?: ImageSize; readonly claim?: ForeignFrame; readonly layout?: ForeignBox['layout']; readonly isForModel?: boolean }[], chosen?: ForeignFrame): FrameDecision {
  const tally = new FrameTally();
  for (const { numbers, size, claim, layout, isForModel = false } of boxes) tally.add({ label: '', numbers, isForModel, ...(claim ? { claim } : {}), ...(layout ? { layout } : {}) }, size);
  return tally.decide(chosen);
}

describe('frames of foreign boxes', () => {
  it('come to the pixels that they were written from', () => {
    fc.assert(fc.property(boxIn, fc.constantFrom(...Object.keys(written)), ({ box, size }, name) => {
      const back = foreignToPixels(written[name]?.(box, size) as FrameBox, parseForeignFrame(name) as ForeignFrame, size);
      back.forEach((value, index) => assert.ok(Math.abs(value - (box[index] ?? NaN)) < 1e-6, `${name}: ${back.join()} is not ${box.join()}`));
    }), { numRuns: 500 });
  });

  it('are never taken for another one by evidence, whatever the boxes', () => {
    fc.assert(fc.property(fc.array(boxIn, { minLength: 1, maxLength: 40 }), fc.constantFrom('pixel', 'coco-xywh', 'norm1', 'yolo-cxcywh', 'norm1000'), (drawn, name) => {
      const decision = decided(drawn.map(({ box, size }) => ({ numbers: (written[name]?.(box, size) ?? box).map(value => (name === 'norm1000' ? Math.round(value) : value)) as unknown as FrameBox, size })));
      assert.ok(decision.frame === undefined || decision.frame === name || isSame(decision.frame, name, drawn), `${name} was taken for ${decision.frame ?? ''}: ${decision.why}`);
    }), { numRuns: 300 });
  });

  it('are decided by numbers that only one of them can have, and the counts are told', () => {
    const size = { width: 1280, height: 720 };
    const boxes = Array.from({ length: 30 }, (_, index): FrameBox => [index * 20, index * 10, 1100 + index, 600 + index]);
    const decision = decided(boxes.map(numbers => ({ numbers, size, layout: 'xyxy' as const, isForModel: true })));
    assert.equal(decision.frame, undefined, 'pixels of the resized image are as possible');
    assert.match(decision.why, /pixel, qwen2\.5-resized all agree with the boxes\. Pixels of the original and of the resized image are up to \d+ px apart here/);
    assert.equal(decided(boxes.map(numbers => ({ numbers, size, layout: 'xyxy' as const }))).frame, 'pixel', 'nothing says that they were written for a model');
    const coco = decided(boxes.map((_, index) => ({ numbers: [400 + index * 20, 300 + index * 10, 60, 50] as const, size })));
    assert.equal(coco.frame, 'coco-xywh');
    assert.match(coco.why, /^30 of 30 boxes lie on their image; .*pixel: 30 of 30 boxes would have their right or lower edge before the other/);
  });

  it('are asked about where pixels and thousandths both fit', () => {
    const decision = decided(Array.from({ length: 40 }, (_, index) => ({ numbers: [100 + index, 50, 900, 400] as const, size: { width: 1000, height: 1000 }, layout: 'xyxy' as const })));
    assert.equal(decision.frame, undefined);
    assert.equal(decision.by, 'undecided');
    assert.match(decision.why, /The data do not decide: .*pixel.*norm1000/);
  });

  it('are asked about where no image tells its size', () => {
    const decision = decided([{ numbers: [10, 20, 300, 400], layout: 'xyxy' }]);
    assert.equal(decision.frame, undefined);
    assert.match(decision.why, /known for 0 of 1 boxes/);
  });

  it('of a format are denied by boxes that do not lie on their images', () => {
    const size = { width: 640, height: 480 };
    const boxes = Array.from({ length: 20 }, (_, index) => ({ numbers: [300 + index, 200, 630, 470] as const, size, claim: 'coco-xywh' as const }));
    const decision = decided(boxes);
    assert.equal(decision.frame, undefined);
    assert.match(decision.why, /The format says coco-xywh, but then 20 of 20 boxes would reach beyond their image/);
    assert.equal(decided(boxes, 'pixel').frame, 'pixel');
  });

  it('of VOC are counted from 0 where a box begins at 0', () => {
    const size = { width: 100, height: 80 };
    const box = (x: number): { numbers: FrameBox; size: ImageSize; claim: 'voc'; layout: 'xyxy' } => ({ numbers: [x, 5, 60, 70], size, claim: 'voc', layout: 'xyxy' });
    assert.equal(decided([box(1), box(7)]).frame, 'voc');
    const zero = decided([box(0), box(7)]);
    assert.equal(zero.frame, 'pixel');
    assert.match(zero.why, /counts pixels from 1, but 1 of 2 boxes begin at 0/);
  });
});

/** Two frames may mean the same pixels for these boxes. */
function isSame(found: ForeignFrame, name: string, drawn: readonly { readonly box: Bbox; readonly size: ImageSize }[]): boolean {
  return drawn.every(({ box, size }) => foreignToPixels((written[name]?.(box, size) ?? box), found, size).every((value, index) => Math.abs(value - (box[index] ?? NaN)) < 2));
}
