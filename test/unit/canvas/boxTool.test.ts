import * as assert from 'node:assert/strict';
import type { Bbox } from '../../../src/core/dataset/sample';
import { boxTool, type BoxToolTarget, type ToolBox } from '../../../webview/datasetEditor/boxTool';

/** A page's state, as the tool sees it, with everything that it was told. */
class Target implements BoxToolTarget {
  readonly size = { width: 100, height: 80 };
  boxes: readonly ToolBox[] = [{ index: 0, bbox: [10, 10, 40, 40] }, { index: 1, bbox: [20, 20, 30, 30] }];
  selected: number | undefined;
  isDrawing = false;
  shown: Bbox | undefined;
  readonly told: string[] = [];

  select(index: number | undefined): void {
    this.selected = index;
    this.told.push(`select ${index ?? 'nothing'}`);
  }
  hover(): void {}
  preview(bbox: Bbox | undefined): void {
    this.shown = bbox;
  }
  commitBox(index: number, bbox: Bbox): void {
    this.told.push(`box ${index}: ${bbox.join(' ')}`);
  }
  commitDrawn(bbox: Bbox): void {
    this.told.push(`drawn ${bbox.join(' ')}`);
  }
  rename(index: number): void {
    this.told.push(`rename ${index}`);
  }
}

describe('box tool', () => {
  const scale = 2;
  let target: Target;
  beforeEach(() => (target = new Target()));
  const drag = (from: [number, number], ...through: [number, number][]) => {
    const gesture = boxTool(target).down({ x: from[0], y: from[1] }, scale);
    for (const [x, y] of through) gesture?.move({ x, y });
    return gesture;
  };

  it('selects the smallest box under the pointer, and a click changes nothing', () => {
    drag([25, 25])?.up({ x: 25, y: 25 });
    assert.deepEqual(target.told, ['select 1']);
  });

  it('moves a box and commits once, when the button is let go', () => {
    const gesture = drag([12, 35], [15, 36], [22, 45]);
    assert.deepEqual(target.shown, [20, 20, 50, 50]);
    assert.deepEqual(target.told, ['select 0'], 'nothing is committed on the way');
    gesture?.up({ x: 22, y: 45 });
    assert.deepEqual(target.told, ['select 0', 'box 0: 20 20 50 50']);
    assert.equal(target.shown, undefined);
  });

  it('keeps a moved box inside the image', () => {
    drag([12, 35], [500, 500])?.up({ x: 500, y: 500 });
    assert.deepEqual(target.told.at(-1), 'box 0: 70 50 100 80');
  });

  it('keeps hold of the selected box where a smaller one lies under the pointer', () => {
    target.selected = 0;
    drag([25, 25], [30, 25])?.up({ x: 30, y: 25 });
    assert.deepEqual(target.told, ['box 0: 15 10 45 40']);
  });

  it('resizes by a handle', () => {
    target.selected = 0;
    drag([40, 40], [60, 200])?.up({ x: 60, y: 200 });
    assert.deepEqual(target.told, ['box 0: 10 10 60 80']);
  });

  it('leaves no trace when a gesture is cancelled', () => {
    target.selected = 0;
    drag([40, 40], [60, 60])?.cancel();
    assert.deepEqual([target.told, target.shown], [[], undefined]);
  });

  it('does not take a trembling hand for a drag', () => {
    target.selected = 0;
    drag([25, 35], [26, 35])?.up({ x: 26, y: 35 });
    assert.deepEqual(target.told, []);
  });

  it('lets the picture be panned where there is no box', () => {
    assert.equal(drag([90, 70]), undefined);
    assert.deepEqual(target.told, []);
    target.selected = 0;
    assert.equal(drag([90, 70]), undefined);
    assert.deepEqual(target.told, ['select nothing']);
  });

  describe('while drawing', () => {
    beforeEach(() => (target.isDrawing = true));

    it('draws in any direction, over other boxes too, and cuts at the edge', () => {
      drag([25, 25], [-20, 60])?.up({ x: -20, y: 60 });
      assert.deepEqual(target.told, ['drawn 0 25 25 60']);
    });

    it('takes a click for choosing a box, not for a box without area', () => {
      drag([25, 25], [26, 26])?.up({ x: 26, y: 26 });
      assert.deepEqual(target.told, ['select 1']);
    });

    it('still resizes the selected box by its handles', () => {
      target.selected = 0;
      drag([10, 10], [5, 5])?.up({ x: 5, y: 5 });
      assert.deepEqual(target.told, ['box 0: 5 5 40 40']);
    });
  });
});
