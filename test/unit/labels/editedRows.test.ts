import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { byPlace, EditedRows, isUnsaved } from '../../../src/core/labels/editedRows';
import { invertEdit, type LineText, type RowEdit } from '../../../src/core/labels/rowEdit';

describe('edited rows', () => {
  const edit = (rows: EditedRows, row: number, base: string, after: LineText): RowEdit | undefined => {
    const step = rows.planned(row, base, base, after);
    if (step) assert.ok(rows.apply(step));
    return step;
  };

  it('taken back in reverse are what they were', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.option(fc.string())), { maxLength: 30 }), steps => {
        const rows = new EditedRows();
        const edits = steps.flatMap(([row, text]) => edit(rows, row, `line ${row}`, text) ?? []);
        const after = rows.all();
        for (const each of [...edits].reverse()) assert.ok(rows.apply(invertEdit(each)));
        assert.deepEqual(rows.unsaved(), []);
        for (const each of edits) assert.ok(rows.apply(each));
        assert.deepEqual(rows.all(), after);
      }),
    );
  });

  /** What saving writes. */
  const written = (file: readonly string[], rows: EditedRows): string[] => {
    const unsaved = [...rows.unsaved()].sort(byPlace);
    const before = (place: number): string[] => unsaved.flatMap(({ row, base, text }) => (base === null && text !== null && row === place ? [text] : []));
    return [...file.flatMap((line, row) => {
      const entry = rows.at(row);
      const now = entry && isUnsaved(entry) ? entry.text : line;
      return [...before(row), ...(now === null ? [] : [now])];
    }), ...before(file.length)];
  };

  it('survive any order of editing, deleting, undoing, redoing and saving', () => {
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('edit' as const), slot: fc.nat(4), text: fc.option(fc.string()) }) },
      { weight: 3, arbitrary: fc.constant({ kind: 'undo' as const }) },
      { weight: 2, arbitrary: fc.constant({ kind: 'redo' as const }) },
      { weight: 2, arbitrary: fc.constant({ kind: 'save' as const }) },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), steps => {
        const rows = new EditedRows();
        let file = ['a', 'b', 'c', 'd', 'e'];
        const slots: LineText[] = [...file]; // the lines as a person sees them; null where deleted
        let places: (number | undefined)[] = [0, 1, 2, 3, 4]; // rows of the slots in the file as last saved
        const stack: { edit: RowEdit; slot: number; before: LineText; after: LineText }[] = [];
        let at = 0;
        for (const action of steps) {
          if (action.kind === 'edit') {
            const place = places[action.slot];
            if (place === undefined || slots[action.slot] === null) continue; // not shown
            const done = edit(rows, place, rows.at(place)?.base ?? file[place] ?? '', action.text);
            if (done) stack.splice(at++, stack.length, { edit: done, slot: action.slot, before: slots[action.slot] ?? null, after: action.text });
            slots[action.slot] = action.text;
          } else if (action.kind === 'undo' && at > 0) {
            const { edit: back, slot, before } = stack[--at]!;
            assert.ok(rows.apply(invertEdit(back)));
            slots[slot] = before;
          } else if (action.kind === 'redo' && at < stack.length) {
            const { edit: again, slot, after } = stack[at++]!;
            assert.ok(rows.apply(again));
            slots[slot] = after;
          } else if (action.kind === 'save') {
            file = written(file, rows);
            rows.markSaved();
            assert.deepEqual(rows.unsaved(), []);
            let next = 0;
            places = slots.map(text => (text === null ? undefined : next++));
          }
          assert.deepEqual(written(file, rows), slots.filter(text => text !== null));
        }
      }),
      { numRuns: 500 },
    );
  });

  const edited = (): EditedRows => {
    const rows = new EditedRows();
    edit(rows, 0, 'a', 'A');
    edit(rows, 1, 'b', 'B');
    edit(rows, 2, 'c', 'C');
    return rows;
  };

  it('move with their lines, and keep edits of lines that did not change on disk', () => {
    const rows = edited();
    rows.rebase(({ base, row }) => ({ row: row + 10, text: base ?? '' }));
    assert.deepEqual(rows.unsaved().map(({ row, text }) => [row, text]), [[10, 'A'], [11, 'B'], [12, 'C']]);
    assert.deepEqual(rows.conflicts(), []);
  });

  it('keep both versions of a line that changed here and on disk', () => {
    const rows = edited();
    rows.rebase(({ base, row }) => (base === 'b' ? { row: 1, text: 'b on disk' } : { row, text: base ?? '' }));
    assert.deepEqual(rows.conflicts().map(({ row, text, theirs }) => [row, text, theirs]), [[1, 'B', 'b on disk']]);
    const step = rows.settled(2, 'b on disk');
    assert.ok(step);
    rows.apply(step);
    assert.deepEqual([rows.at(1)?.text, rows.conflicts().length, rows.unsaved().length], ['b on disk', 0, 2]);
    rows.apply(invertEdit(step));
    assert.deepEqual(rows.at(1), { key: 2, row: 1, order: 0, base: 'b', text: 'B', theirs: 'b on disk' }, 'a decision can be taken back');
    rows.apply(step);
    rows.markSaved();
    rows.apply(invertEdit(step));
    assert.deepEqual(rows.at(1), { key: 2, row: 1, order: 1, base: 'b', text: 'B', theirs: 'b on disk' }, 'also after saving: the file has theirs');
  });

  it('write mine over theirs only after it was chosen', () => {
    const rows = edited();
    rows.rebase(({ base, row }) => (base === 'b' ? { row: 1, text: 'b on disk' } : { row, text: base ?? '' }));
    const step = rows.settled(2, 'B');
    assert.ok(step);
    rows.apply(step);
    assert.deepEqual(rows.at(1), { key: 2, row: 1, order: 0, base: 'b on disk', text: 'B' });
  });

  it('ask before a row is deleted that changed on disk, and let go of one that was deleted there too', () => {
    const rows = new EditedRows();
    edit(rows, 0, 'a', null);
    edit(rows, 1, 'b', null);
    rows.rebase(({ base }) => (base === 'a' ? { row: 0, text: 'a on disk' } : undefined));
    assert.deepEqual(rows.unsaved().map(({ base, text, theirs }) => [base, text, theirs]), [['a', null, 'a on disk']]);
  });

  it('keep an edit of a line that was deleted on disk, and put it back at its place where that is chosen', () => {
    const rows = edited();
    rows.rebase(({ base, row }) => (base === 'b' ? undefined : { row: row > 1 ? row - 1 : row, text: base ?? '' }));
    assert.deepEqual(rows.conflicts().map(({ base, text, theirs }) => [base, text, theirs]), [['b', 'B', null]]);
    const step = rows.settled(2, 'B');
    assert.ok(step);
    rows.apply(step);
    assert.deepEqual(written(['a', 'c', 'd'], rows), ['A', 'B', 'C', 'd']);
    rows.apply(invertEdit(step));
    const drop = rows.settled(2, null);
    assert.ok(drop);
    rows.apply(drop);
    assert.deepEqual([rows.conflicts(), written(['a', 'c', 'd'], rows)], [[], ['A', 'C', 'd']]);
  });

  it('without unsaved edits follow the file, and refuse an undo that would overwrite it', () => {
    const rows = new EditedRows();
    const step = edit(rows, 0, 'a', 'A');
    assert.ok(step);
    rows.markSaved();
    rows.rebase(() => ({ row: 0, text: 'from elsewhere' }));
    assert.equal(rows.at(0)?.text, 'from elsewhere');
    assert.equal(rows.apply(invertEdit(step)), undefined);
    assert.equal(rows.at(0)?.text, 'from elsewhere');
  });
});
