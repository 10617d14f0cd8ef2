import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { Bbox } from '../../../src/core/dataset/sample';
import { BoxIndex } from '../../../src/core/geometry/boxIndex';
import { boxTool, type BoxToolTarget, cutNote, type Preview, type ToolBox } from '../../../webview/datasetEditor/boxTool';
import type { DrawMode } from '../../../webview/datasetEditor/drawTool';
import type { CanvasTool, Drag, GestureKeys } from '../../../webview/shared/canvasTool';

const plain = { isShift: false, isFree: true };
const snapping = { isShift: false, isFree: false };
const shift = { isShift: true, isFree: true };

/** A page's state, as the tool sees it, with everything that it was told. */
class Target implements BoxToolTarget {
  readonly size = { width: 100, height: 80 };
  boxes: readonly ToolBox[] = [{ index: 0, bbox: [10, 10, 40, 40] }, { index: 1, bbox: [20, 20, 30, 30] }];
  selection: readonly number[] = [];
  isDrawing = false;
  drawMode: DrawMode = 'drag';
  shown: Preview | undefined;
  readonly told: string[] = [];

  get near(): BoxIndex {
    return new BoxIndex(this.boxes.map(box => box.bbox));
  }
  select(indexes: readonly number[]): void {
    this.selection = indexes;
    this.told.push(`select ${indexes.join(' ') || 'nothing'}`);
  }
  hover(): void {}
  preview(preview: Preview | undefined): void {
    this.shown = preview;
  }
  commitBoxes(boxes: ReadonlyMap<number, Bbox>): void {
    this.told.push(...[...boxes].map(([index, bbox]) => `box ${index}: ${bbox.join(' ')}`));
  }
  commitDrawn(bbox: Bbox): void {
    this.told.push(`drawn ${bbox.join(' ')}`);
  }
  rename(index: number): void {
    this.told.push(`rename ${index}`);
  }
  note(text: string): void {
    this.told.push(text);
  }
}

describe('box tool', () => {
  const scale = 2;
  let target: Target;
  let tool: CanvasTool;
  beforeEach(() => {
    target = new Target();
    tool = boxTool(target);
  });
  let keys: GestureKeys = plain;
  afterEach(() => (keys = plain));
  interface Held extends Pick<Drag, 'cancel'> {
    up(): void;
  }
  const drag = (from: [number, number], ...through: [number, number][]): Held | undefined => {
    const held = keys;
    const gesture = tool.down({ x: from[0], y: from[1] }, scale, held);
    for (const [x, y] of through) gesture?.move({ x, y }, held);
    const [x, y] = through.at(-1) ?? from;
    return gesture && { up: () => gesture.up({ x, y }), cancel: () => gesture.cancel() };
  };
  const click = (x: number, y: number): void => drag([x, y])?.up();

  it('selects the smallest box under the pointer, and a click changes nothing', () => {
    drag([25, 25])?.up();
    assert.deepEqual(target.told, ['select 1']);
  });

  it('moves a box and commits once, when the button is let go', () => {
    const gesture = drag([12, 35], [15, 36], [22, 45]);
    assert.deepEqual(target.shown?.changed?.get(0), [20, 20, 50, 50]);
    assert.deepEqual(target.told, ['select 0'], 'nothing is committed on the way');
    gesture?.up();
    assert.deepEqual(target.told, ['select 0', 'box 0: 20 20 50 50']);
    assert.equal(target.shown, undefined);
  });

  it('keeps a moved box inside the image', () => {
    drag([12, 35], [500, 500])?.up();
    assert.deepEqual(target.told.at(-1), 'box 0: 70 50 100 80');
  });

  it('keeps hold of the selected box where a smaller one lies under the pointer', () => {
    target.selection = [0];
    drag([25, 25], [30, 25])?.up();
    assert.deepEqual(target.told, ['box 0: 15 10 45 40']);
  });

  it('resizes by a handle', () => {
    target.selection = [0];
    drag([40, 40], [60, 200])?.up();
    assert.deepEqual(target.told, [cutNote, 'box 0: 10 10 60 80']);
  });

  it('leaves no trace when a gesture is cancelled', () => {
    target.selection = [0];
    drag([40, 40], [60, 60])?.cancel();
    assert.deepEqual([target.told, target.shown], [[], undefined]);
  });

  it('does not take a trembling hand for a drag', () => {
    target.selection = [0];
    drag([25, 35], [26, 35])?.up();
    assert.deepEqual(target.told, []);
  });

  it('lets the picture be panned where there is no box', () => {
    assert.equal(drag([90, 70]), undefined);
    assert.deepEqual(target.told, []);
    target.selection = [0];
    assert.equal(drag([90, 70]), undefined);
    assert.deepEqual(target.told, ['select nothing']);
  });

  describe('while drawing', () => {
    beforeEach(() => (target.isDrawing = true));

    it('draws in any direction, over other boxes too, and cuts at the edge', () => {
      drag([25, 25], [-20, 60])?.up();
      assert.deepEqual(target.told, [cutNote, 'drawn 0 25 25 60']);
    });

    it('takes a click for choosing a box, not for a box without area', () => {
      drag([25, 25], [26, 26])?.up();
      assert.deepEqual(target.told, ['select 1']);
    });

    it('still resizes the selected box by its handles', () => {
      target.selection = [0];
      drag([10, 10], [5, 5])?.up();
      assert.deepEqual(target.told, ['box 0: 5 5 40 40']);
    });
  });

  describe('with several boxes', () => {
    it('reaches each box of a stack by clicking again', () => {
      for (let times = 0; times < 3; times++) click(25, 25);
      assert.deepEqual(target.told, ['select 1', 'select 0', 'select 1']);
    });

    it('renames by a double click the box that the first click selected', () => {
      click(25, 25);
      click(25, 25);
      tool.doubleClick?.({ x: 25, y: 25 }, scale);
      assert.equal(target.told.at(-1), 'rename 1');
    });

    it('adds to the selection and takes from it with Shift', () => {
      target.selection = [0];
      keys = shift;
      click(25, 25);
      click(25, 25);
      assert.deepEqual(target.told, ['select 0 1', 'select 0']);
    });

    it('selects with Shift what lies in a region, while drawing too', () => {
      target.isDrawing = true;
      keys = shift;
      drag([15, 15], [35, 35])?.up();
      drag([5, 5], [45, 45])?.up();
      assert.deepEqual(target.told, ['select 1', 'select 1 0']);
    });

    it('moves all that is selected by the same way, once, and no farther than the image', () => {
      target.boxes = [{ index: 3, bbox: [10, 10, 40, 40] }, { index: 5, bbox: [60, 50, 90, 70] }];
      target.selection = [3, 5];
      drag([12, 12], [32, 17])?.up();
      assert.deepEqual(target.told, ['box 3: 20 15 50 45', 'box 5: 70 55 100 75']);
    });
  });

  describe('snapping', () => {
    beforeEach(() => (keys = snapping));

    it('puts an edge on that of another box or the image, and shows where', () => {
      target.boxes = [...target.boxes, { index: 2, bbox: [60, 50, 80, 70] }];
      target.selection = [2];
      const gesture = drag([70, 60], [52, 70]); // the left edge comes to 42, two screen pixels beside 40
      assert.deepEqual(target.shown?.guides, { x: 40, y: 80 });
      gesture?.up();
      assert.deepEqual(target.told, ['box 2: 40 60 60 80']);
    });

    it('is off while Ctrl is held', () => {
      target.boxes = [...target.boxes, { index: 2, bbox: [60, 50, 80, 70] }];
      target.selection = [2];
      keys = plain;
      drag([70, 60], [52, 69])?.up();
      assert.deepEqual(target.told, ['box 2: 42 59 62 79']);
    });
  });

  describe('drawing by clicks', () => {
    beforeEach(() => (target.isDrawing = true));

    it('takes two corners in any order', () => {
      target.drawMode = 'corners';
      click(70, 60);
      assert.deepEqual(target.told, []);
      tool.hover?.({ x: 60, y: 55 }, scale, plain);
      assert.deepEqual(target.shown?.drawn, [60, 55, 70, 60]);
      click(50, 45);
      assert.deepEqual([target.told, target.shown], [['drawn 50 45 70 60'], undefined]);
    });

    it('takes four extreme points', () => {
      target.drawMode = 'extremes';
      for (const [x, y] of [[60, 20], [45, 40], [55, 70], [90, 33]] as const) click(x, y);
      assert.deepEqual(target.told, ['drawn 45 20 90 70']);
    });

    it('forgets its points when it is cancelled, and then again has nothing to cancel', () => {
      target.drawMode = 'extremes';
      click(60, 20);
      assert.deepEqual([tool.cancel?.(), tool.cancel?.(), target.shown], [true, false, undefined]);
    });

    it('still draws by a drag', () => {
      target.drawMode = 'extremes';
      drag([50, 50], [70, 70])?.up();
      assert.deepEqual(target.told, ['drawn 50 50 70 70']);
    });
  });

  it('never leaves the image, whatever is dragged where', () => {
    const point = fc.tuple(fc.integer({ min: -200, max: 300 }), fc.integer({ min: -200, max: 300 }));
    fc.assert(
      fc.property(point, fc.array(point, { minLength: 1, maxLength: 6 }), fc.boolean(), fc.boolean(), fc.constantFrom([], [0], [1], [0, 1]), (from, through, isDrawing, isFree, selection) => {
        const page = Object.assign(new Target(), { isDrawing, selection });
        const gesture = boxTool(page).down({ x: from[0], y: from[1] }, scale, { isShift: false, isFree });
        for (const [x, y] of through) gesture?.move({ x, y }, { isShift: false, isFree });
        gesture?.up({ x: 0, y: 0 });
        for (const [, numbers = ''] of page.told.flatMap(text => [...text.matchAll(/^(?:drawn|box \d:) (.*)$/g)])) {
          const [x1 = 0, y1 = 0, x2 = 0, y2 = 0] = numbers.split(' ').map(Number);
          assert.ok(0 <= x1 && x1 <= x2 && x2 <= 100 && 0 <= y1 && y1 <= y2 && y2 <= 80, page.told.join());
        }
      }),
      { numRuns: 500 },
    );
  });
});
