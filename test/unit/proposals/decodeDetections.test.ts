import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { decodeDetections, DetectorMismatch, type OutputTensor, type Placing } from '../../../src/core/proposals/decodeDetections';
import { type DetectorConfig, parseDetectorConfig } from '../../../src/core/proposals/detectorConfig';
import { boxIou } from '../../../src/core/geometry/iou';
import { huggingFaceConfig } from '../../../src/core/proposals/huggingFaceConfig';
import { mapLabel } from '../../../src/core/proposals/mapLabel';
import type { Proposal } from '../../../src/core/proposals/proposal';
import { suppress } from '../../../src/core/proposals/suppress';
import { tokenScores } from '../../../src/core/proposals/tokenScores';

const size = { width: 200, height: 100 };
/** The picture stretched to 100 × 100. */
const stretched: Placing = { size, input: { width: 100, height: 100 }, scaleX: 0.5, scaleY: 1, offsetX: 0, offsetY: 0 };
/** The picture, half as large, in the middle of 100 × 100. */
const letterboxed: Placing = { size, input: { width: 100, height: 100 }, scaleX: 0.5, scaleY: 0.5, offsetX: 0, offsetY: 25 };

function config(output: object): DetectorConfig {
  const { value, fault } = parseDetectorConfig(JSON.stringify({ v: 1, input: { width: 100, height: 100 }, output, classes: ['cat', 'dog'] }));
  assert.ok(value, fault);
  return value;
}

const tensor = (dims: readonly number[], data: readonly number[]): OutputTensor => ({ dims, data });
const pair = (corners: string, more: object = {}): DetectorConfig => config({ kind: 'boxes-scores', boxes: 'b', scores: 's', corners, ...more });

describe('outputs of a detector', () => {
  it('become boxes in pixels of the original, whatever the order of their corners', () => {
    for (const [corners, numbers] of [['xyxy', [0.1, 0.2, 0.5, 0.6]], ['yxyx', [0.2, 0.1, 0.6, 0.5]], ['xywh', [0.1, 0.2, 0.4, 0.4]], ['cxcywh', [0.3, 0.4, 0.4, 0.4]]] as const) {
      const found = decodeDetections({ b: tensor([1, 1, 4], numbers), s: tensor([1, 1, 2], [0.1, 0.9]) }, pair(corners), stretched, ['cat', 'dog']);
      assert.deepEqual(found, [{ label: 'dog', score: 0.9, bbox: [20, 20, 100, 60] }]);
    }
  });

  it('read logits by sigmoid, and by softmax with a background', () => {
    const outputs = { b: tensor([1, 2, 4], [0, 0, 0.5, 0.5, 0.5, 0.5, 1, 1]), s: tensor([1, 2, 2], [0, -9, -9, 2]) };
    assert.deepEqual(decodeDetections(outputs, pair('xyxy', { activation: 'sigmoid' }), stretched, ['cat', 'dog']).map(({ label, score }) => [label, score]), [['dog', 0.8808], ['cat', 0.5]]);
    const withBackground = { b: tensor([1, 1, 4], [0, 0, 1, 1]), s: tensor([1, 1, 3], [1, 1, 5]) };
    assert.deepEqual(decodeDetections(withBackground, pair('xyxy', { activation: 'softmax', background: 'last' }), stretched, ['cat', 'dog']), [], 'the background is the likeliest by far');
    const [cat] = decodeDetections({ ...withBackground, s: tensor([1, 1, 3], [0, 3, 1]) }, pair('xyxy', { activation: 'softmax', background: 'first' }), stretched, ['cat', 'dog']);
    assert.deepEqual([cat?.label, cat?.score], ['cat', 0.8438]);
  });

  it('of YOLO lie on their side, in pixels of a letterboxed input', () => {
    // (1, 4 + classes, boxes): cx, cy, w, h, cat, dog of two boxes
    const output = tensor([1, 6, 2], [25, 75, 50, 50, 20, 20, 10, 10, 0.8, 0.1, 0.1, 0.7]);
    assert.deepEqual(decodeDetections({ out: output }, config({ kind: 'yolo' }), letterboxed, ['cat', 'dog']), [
      { label: 'cat', score: 0.8, bbox: [30, 40, 70, 60] },
      { label: 'dog', score: 0.7, bbox: [130, 40, 170, 60] },
    ]);
  });

  it('that were already suppressed are read too', () => {
    const outputs = { b: tensor([2, 4], [0, 0, 50, 50, 10, 10, 20, 20]), l: tensor([2], [1, 2]), s: tensor([2], [0.9, 0.01]) };
    const found = decodeDetections(outputs, config({ kind: 'final', boxes: 'b', labels: 'l', scores: 's', frame: 'input', labelsFrom: 1 }), stretched, ['cat', 'dog']);
    assert.deepEqual(found, [{ label: 'cat', score: 0.9, bbox: [0, 0, 100, 50] }]);
  });

  it('that are no numbers or no places are left out; those that do not fit are told', () => {
    const outputs = { b: tensor([1, 3, 4], [NaN, 0, 1, 1, 0.5, 0.5, 0.5, 0.9, 2, 2, 3, 3]), s: tensor([1, 3, 2], [1, 0, 1, 0, 1, 0]) };
    assert.deepEqual(decodeDetections(outputs, pair('xyxy'), stretched, ['cat', 'dog']), []);
    assert.throws(() => decodeDetections({ b: outputs.b }, pair('xyxy'), stretched, ['cat', 'dog']), new DetectorMismatch('It has no output "s"; it has "b".'));
    assert.throws(() => decodeDetections({ ...outputs, s: tensor([1, 3, 3], []) }, pair('xyxy'), stretched, ['cat', 'dog']), /of shape \(1, 3, 3\); the configuration says 3 rows of 2 scores/);
    assert.throws(() => decodeDetections({ ...outputs, b: tensor([2, 3, 4], []) }, pair('xyxy'), stretched, ['cat', 'dog']), /one picture gives/);
  });

  it('never leave the image, whatever they are', () => {
    const number = fc.oneof(fc.double({ min: -3, max: 3 }), fc.constantFrom(NaN, Infinity, -Infinity, 1e30));
    fc.assert(fc.property(fc.array(fc.array(number, { minLength: 6, maxLength: 6 }), { maxLength: 20 }), rows => {
      const outputs = { b: tensor([1, rows.length, 4], rows.flatMap(row => row.slice(0, 4))), s: tensor([1, rows.length, 2], rows.flatMap(row => row.slice(4))) };
      for (const { bbox: [x1, y1, x2, y2], score } of decodeDetections(outputs, pair('cxcywh'), letterboxed, ['cat', 'dog'])) {
        assert.ok(x1 >= 0 && y1 >= 0 && x2 <= 200 && y2 <= 100 && x1 < x2 && y1 < y2);
        assert.ok(score !== null && score >= 0 && score <= 1);
      }
    }));
  });
});

describe('scores by token', () => {
  const spans = [{ from: 1, to: 3 }, { from: 4, to: 5 }];

  it('become scores by text: that of its likeliest token', () => {
    const { dims, data } = tokenScores(tensor([1, 2, 6], [9, 1, 2, 9, -1, 9, 9, -5, -6, 9, -Infinity, 9]), spans, 'logits');
    assert.deepEqual([dims, [...(data as Float32Array)]], [[1, 2, 2], [2, -1, -5, -Infinity]]);
  });

  it('are told when there are fewer than tokens', () => {
    assert.throws(() => tokenScores(tensor([1, 2, 4], []), spans, 'logits'), new DetectorMismatch('Its output "logits" is of shape (1, 2, 4); the configuration says (1, boxes, tokens) for 5 tokens or more.'));
  });
});

describe('suppress', () => {
  const proposal = fc.tuple(fc.constantFrom('cat', 'dog'), fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(50), fc.nat(50), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }))
    .map(([label, score, x, y, w, h]): Proposal => ({ label, score, bbox: [x, y, x + w, y + h] }));

  it('keeps no two of one label that overlap by half, and leaves out none for a less sure one', () => {
    fc.assert(fc.property(fc.array(proposal, { maxLength: 40 }), proposals => {
      const kept = suppress(proposals);
      kept.forEach((one, at) => kept.slice(at + 1).forEach(other => assert.ok(boxIou(one.bbox, other.bbox) <= (one.label === other.label ? 0.5 : 0.8))));
      for (const lost of proposals.filter(each => !kept.includes(each))) assert.ok(kept.some(each => (each.score ?? 1) >= (lost.score ?? 1) && boxIou(each.bbox, lost.bbox) > 0.5));
      assert.deepEqual(suppress(kept), kept);
    }));
  });
});

describe('mapLabel', () => {
  it('takes the dataset’s own spelling', () => {
    assert.equal(mapLabel('Coffee cup', ['coffee_cup']), 'coffee_cup');
    assert.equal(mapLabel('cars', ['a', 'Car']), 'Car');
    assert.equal(mapLabel('glass', ['glas']), 'glass');
    assert.equal(mapLabel('Cat', ['cat'], { Cat: 'kitten' }), 'kitten');
    assert.equal(mapLabel('__proto__', [], {}), '__proto__');
  });
});

describe('a Hugging Face export', () => {
  const preprocessor = { size: { height: 640, width: 480 }, image_mean: [0.5, 0.5, 0.5], image_std: [0.2, 0.2, 0.2], do_normalize: false };

  it('tells how it is fed and read', () => {
    const { value } = huggingFaceConfig({ model_type: 'rt_detr', id2label: { 10: 'k', 2: 'c', 1: 'b' } }, preprocessor, 'onnx/model.onnx');
    assert.deepEqual([value?.classes, value?.input.width, value?.input.mean, value?.output], [['b', 'c', 'k'], 480, [0, 0, 0], { kind: 'boxes-scores', boxes: 'pred_boxes', scores: 'logits', frame: 'norm1', corners: 'cxcywh', activation: 'sigmoid', background: null }]);
    assert.equal(huggingFaceConfig({ model_type: 'owlv2' }, preprocessor, 'model.onnx').value?.text?.template, 'a photo of a {label}');
  });

  it('of Grounding DINO is asked with one text of all labels, on a square that is masked where there is no picture', () => {
    const { value } = huggingFaceConfig({ model_type: 'grounding-dino' }, { size: { shortest_edge: 800, longest_edge: 1333 } }, 'model.onnx');
    assert.deepEqual([value?.input.width, value?.input.height, value?.input.resize, value?.text?.joined, value?.text?.length, value?.text?.template], [800, 800, 'pad', true, 256, '{label}']);
  });

  it('of another kind is told, with what to do', () => {
    assert.match(huggingFaceConfig({ model_type: 'bert' }, preprocessor, 'm').fault ?? '', /"bert" is not read.*Write a pebr-model\.json/);
    assert.match(huggingFaceConfig({ model_type: 'yolos', id2label: { 0: 'a' } }, { size: { shortest_edge: 800 } }, 'm').fault ?? '', /no fixed "size"/);
  });
});
