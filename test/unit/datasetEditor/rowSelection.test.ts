import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { RowSelection } from '../../../webview/datasetEditor/rowSelection';

describe('the selection of rows', () => {
  it('is what a set of numbers would be, whatever is added, taken away and set', () => {
    const rows = fc.array(fc.integer({ min: 0, max: 200 }), { maxLength: 30 });
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('add', 'remove', 'set', 'clear'), rows), { maxLength: 20 }), steps => {
      const selection = new RowSelection();
      let model = new Set<number>();
      for (const [step, numbers] of steps) {
        if (step === 'set') selection.set(numbers, 201);
        else if (step === 'clear') selection.clear();
        else selection.add(numbers, step === 'add');
        if (step === 'set' || step === 'clear') model = new Set(step === 'set' ? numbers : []);
        else for (const row of numbers) step === 'add' ? model.add(row) : model.delete(row);
        assert.deepEqual([...selection.rows()], [...model].sort((a, b) => a - b));
        assert.equal(selection.count, model.size);
      }
    }));
  });
});
