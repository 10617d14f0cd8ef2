import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { type Curve, decimate } from '../../../src/core/runs/decimate';

const value = fc.oneof({ weight: 9, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) });
const curve = (lengths: { min: number; max: number }): fc.Arbitrary<Curve> =>
  fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), value), { minLength: lengths.min, maxLength: lengths.max }).map(points => ({
    positions: Float64Array.from(points, ([position]) => position), values: Float64Array.from(points, ([, own]) => own),
  }));
const inside = ({ positions, values }: Curve, from: number, to: number): number[] =>
  [...values].filter((own, row) => !Number.isNaN(own) && (positions[row] as number) >= from && (positions[row] as number) <= to);

describe('drawing many steps', () => {
  it('keeps the least and the greatest value, draws no other than there are, and no more than two a pixel', () => {
    const range = fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 201, max: 400 }));
    fc.assert(fc.property(fc.array(curve({ min: 0, max: 300 }), { minLength: 1, maxLength: 3 }), range, fc.integer({ min: 1, max: 60 }), (curves, [from, to], pixels) => {
      const [positions, ...columns] = decimate(curves, from, to, pixels);
      assert.deepEqual(positions, [...positions].sort((a, b) => a - b));
      assert.ok(positions.length <= 2 * pixels * curves.length);
      curves.forEach((own, index) => {
        const drawn = (columns[index] ?? []).filter(each => each !== null);
        const all = inside(own, from, to);
        assert.equal(drawn.length === 0, all.length === 0);
        if (all.length === 0) return;
        // Two points of one step are one place: the later one counts where all are drawn as they are.
        assert.ok(drawn.every(each => all.includes(each)));
        if (new Set(own.positions).size === own.positions.length) assert.deepEqual([Math.min(...drawn), Math.max(...drawn)], [Math.min(...all), Math.max(...all)]);
      });
    }));
  });

  it('draws few points as they are, at their own steps', () => {
    const points: Curve = { positions: Float64Array.of(1, 2, 4), values: Float64Array.of(5, Number.NaN, 7) };
    const others: Curve = { positions: Float64Array.of(2, 9), values: Float64Array.of(1, 2) };
    assert.deepEqual(decimate([points, others], 0, 8, 100), [[1, 2, 4], [5, null, 7], [null, 1, null]]);
  });

  it('keeps a peak of one step among a hundred thousand, in the order in which it rose and fell', () => {
    const values = new Float64Array(100_000).fill(1);
    values[54_321] = 9;
    const [positions, column = []] = decimate([{ positions: Float64Array.from(values, (_, row) => row + 1), values }], 1, 100_000, 300);
    const peak = column.indexOf(9);
    assert.equal(positions.length, 600);
    assert.ok(Math.abs((positions[peak] ?? 0) - 54_322) < 400);
    assert.equal(column[peak - 1], 1);
  });
});
