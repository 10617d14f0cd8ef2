import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { type Curve, curveFrom, decimate, valueNear } from '../../../src/core/runs/decimate';
import { Extremes } from '../../../src/core/runs/extremes';

const value = fc.oneof({ weight: 9, arbitrary: fc.double({ min: -100, max: 100, noNaN: true }) }, { weight: 1, arbitrary: fc.constant(Number.NaN) });
const curve = (lengths: { min: number; max: number }): fc.Arbitrary<Curve> =>
  fc.array(fc.tuple(fc.integer({ min: 0, max: 400 }), value), { minLength: lengths.min, maxLength: lengths.max }).map(points => curveFrom(Float64Array.from(points, ([position]) => position), Float64Array.from(points, ([, own]) => own)));
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
    const points = curveFrom(Float64Array.of(1, 2, 4), Float64Array.of(5, Number.NaN, 7));
    const others = curveFrom(Float64Array.of(2, 9), Float64Array.of(1, 2));
    assert.deepEqual(decimate([points, others], 0, 8, 100), [[1, 2, 4], [5, null, 7], [null, 1, null]]);
  });

  it('keeps the places of a hole, so that no line hides it', () => {
    assert.deepEqual(decimate([curveFrom(Float64Array.of(1, 2, 3), Float64Array.of(5, Number.NaN, 7))], 0, 8, 100), [[1, 2, 3], [5, null, 7]]);
  });

  it('keeps a peak of one step among a hundred thousand, in the order in which it rose and fell', () => {
    const values = new Float64Array(100_000).fill(1);
    values[54_321] = 9;
    const [positions, column = []] = decimate([curveFrom(Float64Array.from(values, (_, row) => row + 1), values)], 1, 100_000, 300);
    const peak = column.indexOf(9);
    assert.equal(positions.length, 600);
    assert.ok(Math.abs((positions[peak] ?? 0) - 54_322) < 400);
    assert.equal(column[peak - 1], 1);
  });

  it('tells the value at a place or the last one before it, none from far away', () => {
    const points = curveFrom(Float64Array.of(1, 2, 4, 3), Float64Array.of(5, Number.NaN, 7, 6));
    assert.deepEqual([0, 1, 2, 3, 9].map(at => valueNear(points, at, 2)), [null, 5, 5, 6, null]);
  });
});

describe('extremes of a growing column', () => {
  it('are those of the rows, however it grew', () => {
    const lengths = fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(fc.array(value, { maxLength: 2500 }), lengths, fc.nat(2500), fc.nat(2500), (all, growth, a, b) => {
      const extremes = new Extremes();
      let rows = 0;
      for (const by of [...growth, all.length]) extremes.grow(Float64Array.from(all.slice(0, (rows = Math.min(all.length, rows + by)))));
      const [from, to] = [Math.min(a, b, all.length), Math.min(Math.max(a, b), all.length)];
      extremes.find(from, to);
      const there = all.slice(from, to).filter(each => !Number.isNaN(each));
      assert.equal(extremes.least, there.length === 0 ? -1 : all.indexOf(Math.min(...there), from));
      assert.equal(extremes.greatest, there.length === 0 ? -1 : all.indexOf(Math.max(...there), from));
    }));
  });
});
