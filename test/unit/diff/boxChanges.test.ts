import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { boxChanges } from '../../../src/core/diff/boxChanges';
import type { RowBox } from '../../../src/core/dataset/row';

const box = (label: string, ...numbers: [number, number, number, number]): Omit<RowBox, 'index'> => ({ label, numbers });
const boxes = (...list: readonly Omit<RowBox, 'index'>[]): readonly RowBox[] => list.map((each, index) => ({ ...each, index }));

describe('what became of the boxes of a row', () => {
  it('nothing, where only their order changed', () => {
    assert.deepEqual(boxChanges(boxes(box('a', 0, 0, 10, 10), box('b', 5, 5, 9, 9)), boxes(box('b', 5, 5, 9, 9), box('a', 0, 0, 10, 10)), 'pixel'), []);
  });

  it('one moved: with its overlap', () => {
    assert.deepEqual(boxChanges(boxes(box('a', 0, 0, 10, 10)), boxes(box('a', 5, 0, 15, 10)), 'pixel'), [{ kind: 'moved', old: 0, now: 0, iou: 1 / 3 }]);
  });

  it('one moved far away is still moved', () => {
    assert.deepEqual(boxChanges(boxes(box('a', 0, 0, 10, 10)), boxes(box('a', 50, 50, 60, 60)), 'pixel'), [{ kind: 'moved', old: 0, now: 0, iou: 0 }]);
  });

  it('two of one label are matched by overlap, not by order', () => {
    const changes = boxChanges(boxes(box('a', 0, 0, 10, 10), box('a', 50, 50, 60, 60)), boxes(box('a', 51, 50, 61, 60), box('a', 1, 0, 11, 10)), 'pixel');
    assert.deepEqual(changes.map(change => [change.kind, 'old' in change && change.old, 'now' in change && change.now]), [['moved', 0, 1], ['moved', 1, 0]]);
  });

  it('another label on the same place is relabelled; elsewhere it is another box', () => {
    const changes = boxChanges(boxes(box('cat', 0, 0, 10, 10), box('cow', 50, 50, 60, 60)), boxes(box('dog', 0, 0, 10, 9), box('bird', 80, 80, 90, 90)), 'norm1000');
    const rounded = changes.map(change => ('iou' in change ? { ...change, iou: Math.round(change.iou * 1000) / 1000 } : change));
    assert.deepEqual(rounded, [{ kind: 'relabelled', old: 0, now: 0, iou: 0.9 }, { kind: 'removed', old: 1 }, { kind: 'added', now: 1 }]);
  });

  it('every box is told once, for any two lists, in every frame', () => {
    const list = fc.array(fc.tuple(fc.constantFrom('a', 'b', ''), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 5 })), { maxLength: 8 })
      .map(all => boxes(...all.map(([label, x, y, side]) => box(label, x, y, x + side, y + side))));
    fc.assert(fc.property(list, list, fc.constantFrom('pixel' as const, 'norm1000' as const, 'qwen2.5-resized' as const), (old, now, frame) => {
      const changes = boxChanges(old, now, frame);
      const before = changes.flatMap(change => ('old' in change ? [change.old] : []));
      const after = changes.flatMap(change => ('now' in change ? [change.now] : []));
      assert.equal(new Set(before).size, before.length);
      assert.equal(new Set(after).size, after.length);
      const keyOf = ({ label, numbers }: RowBox): string => `${label} ${numbers.join()}`;
      const rest = (all: readonly RowBox[], told: readonly number[]): string[] => all.filter((_, at) => !told.includes(at)).map(keyOf).sort();
      assert.deepEqual(rest(old, before), rest(now, after)); // what is not told is the same on both sides
      for (const change of changes) {
        if (change.kind === 'moved') assert.equal(old[change.old]?.label, now[change.now]?.label);
        if (change.kind === 'relabelled') assert.ok(change.iou >= 0.5 && old[change.old]?.label !== now[change.now]?.label);
      }
      assert.deepEqual(boxChanges(old, old, frame), []);
    }));
  });
});
