import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { EditedRows, invertEdit, type RowEdit } from '../../../src/core/labels/editedRows';

describe('edited rows', () => {
  it('taken back in reverse are what they were', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.string()), { maxLength: 30 }), steps => {
        const rows = new EditedRows();
        const base = (row: number): string => `line ${row}`;
        const edits = steps.flatMap(([row, text]) => rows.edit(row, base(row), text) ?? []);
        const after = rows.all();
        for (const edit of [...edits].reverse()) assert.ok(rows.apply(invertEdit(edit)));
        assert.deepEqual(rows.unsaved(), []);
        for (const edit of edits) assert.ok(rows.apply(edit));
        assert.deepEqual(rows.all(), after);
      }),
    );
  });

  it('survive any order of editing, undoing, redoing and saving', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('edit' as const), row: fc.nat(3), text: fc.string() }),
      fc.constant({ kind: 'undo' as const }),
      fc.constant({ kind: 'redo' as const }),
      fc.constant({ kind: 'save' as const }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const rows = new EditedRows();
        const file = ['a', 'b', 'c', 'd'];
        const expected = [...file];
        const stack: { edit: RowEdit; row: number }[] = [];
        let at = 0;
        for (const action of steps) {
          if (action.kind === 'edit') {
            const edit = rows.edit(action.row, rows.at(action.row)?.base ?? file[action.row] ?? '', action.text);
            if (edit) stack.splice(at++, stack.length, { edit, row: action.row });
            expected[action.row] = action.text;
          } else if (action.kind === 'undo' && at > 0) {
            const { edit, row } = stack[--at]!;
            assert.ok(rows.apply(invertEdit(edit)));
            expected[row] = edit.before;
          } else if (action.kind === 'redo' && at < stack.length) {
            const { edit, row } = stack[at++]!;
            assert.ok(rows.apply(edit));
            expected[row] = edit.after;
          } else if (action.kind === 'save') {
            for (const { row, text } of rows.unsaved()) file[row ?? -1] = text;
            rows.markSaved(4);
            assert.deepEqual(file, expected);
          }
          assert.deepEqual(file.map((line, row) => rows.at(row)?.text ?? line), expected);
        }
      }),
    );
  });

  const edited = (): EditedRows => {
    const rows = new EditedRows();
    rows.edit(0, 'a', 'A');
    rows.edit(1, 'b', 'B');
    rows.edit(2, 'c', 'C');
    return rows;
  };

  it('move with their lines, and keep edits of lines that did not change on disk', () => {
    const rows = edited();
    rows.rebase(({ base, row }) => ({ row: (row ?? 0) + 10, text: base }));
    assert.deepEqual(rows.unsaved().map(({ row, text }) => [row, text]), [[10, 'A'], [11, 'B'], [12, 'C']]);
    assert.deepEqual(rows.conflicts(), []);
  });

  it('keep both versions of a line that changed here and on disk', () => {
    const rows = edited();
    rows.rebase(({ base, row }) => (base === 'b' ? { row: 1, text: 'b on disk' } : { row: row ?? 0, text: base }));
    assert.deepEqual(rows.conflicts().map(({ row, text, theirs }) => [row, text, theirs]), [[1, 'B', 'b on disk']]);
    const step = rows.resolve(2, 'theirs');
    assert.ok(step);
    assert.deepEqual([rows.at(1)?.text, rows.conflicts().length], ['b on disk', 0]);
    rows.apply(invertEdit(step));
    assert.equal(rows.at(1)?.text, 'B', 'taking theirs can be undone');
  });

  it('write mine over theirs only after it was chosen', () => {
    const rows = edited();
    rows.rebase(({ base, row }) => (base === 'b' ? { row: 1, text: 'b on disk' } : { row: row ?? 0, text: base }));
    rows.resolve(2, 'mine');
    assert.deepEqual(rows.at(1), { key: 2, row: 1, base: 'b on disk', text: 'B' });
  });

  it('keep an edit of a line that was deleted on disk until it is decided', () => {
    const gone = (rows: EditedRows): void => rows.rebase(({ base, row }) => (base === 'b' ? undefined : { row: row ?? 0, text: base }));
    const kept = edited();
    gone(kept);
    assert.deepEqual(kept.conflicts().map(({ text, theirs }) => [text, theirs]), [['B', null]]);
    kept.resolve(2, 'mine');
    assert.deepEqual(kept.unsaved().filter(({ row }) => row === undefined).map(({ text }) => text), ['B'], 'it is added to the file again');
    const dropped = edited();
    gone(dropped);
    dropped.resolve(2, 'theirs');
    assert.deepEqual(dropped.unsaved().map(({ text }) => text), ['A', 'C']);
  });

  it('without unsaved edits follow the file, and refuse an undo that would overwrite it', () => {
    const rows = new EditedRows();
    const edit = rows.edit(0, 'a', 'A');
    assert.ok(edit);
    rows.markSaved(1);
    rows.rebase(() => ({ row: 0, text: 'from elsewhere' }));
    assert.equal(rows.at(0)?.text, 'from elsewhere');
    assert.equal(rows.apply(invertEdit(edit)), undefined);
    assert.equal(rows.at(0)?.text, 'from elsewhere');
  });
});
