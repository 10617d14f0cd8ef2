import * as assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import type { Curation } from '../../../src/core/curation/curation';
import type { BulkEdit } from '../../../src/core/labels/bulkEdit';
import type { BulkPreview } from '../../../src/core/labels/bulkPreview';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import { curationFile, readCuration } from '../../../src/platform/dataset/curationFile';
import { EditSession } from '../../../src/platform/dataset/editSession';
import type { DocumentEdit } from '../../../src/platform/dataset/editSteps';
import { errorInWords } from '../../../src/core/errorWords';
import { findQids } from '../../../src/platform/dataset/findQids';
import { printBackup } from '../../../src/platform/dataset/restoreEdits';
import { unsavedRows } from '../../../src/platform/dataset/unsavedRows';

describe('edit session', () => {
  let folder: string;
  let file: string;
  const sessions: EditSession[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pebr-session-'));
    file = path.join(folder, 'data.jsonl');
  });
  afterEach(async () => {
    for (const session of sessions.splice(0)) await session.close();
    await rm(folder, { recursive: true });
  });

  const line = (qid: string, answer = '1', label = 'card'): string => `{"qid": "${qid}", "problem": "?", "answer": "${answer}", "boxes": [{"label": "${label}", "bbox": [1, 2, 3.50, 4]}]}`;
  const write = (lines: readonly string[]): Promise<void> => writeFile(file, lines.map(each => `${each}\n`).join(''));
  const lines = async (): Promise<string[]> => (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  const open = async (options: { backup?: string; journalFolder?: string } = {}): Promise<EditSession> => {
    const session = await EditSession.open(file, { columns: () => defaultColumns, ...options });
    sessions.push(session);
    return session;
  };
  const shown = async (session: EditSession): Promise<(string | null)[]> =>
    (await session.saved.readRows(0, 1000)).map(({ row, text }) => session.unsaved.textOf(row, text));
  const rowsOf = (...rows: number[]): Uint32Array => Uint32Array.from(rows);

  /** As after `kill -9`: what is in the journal now, of a process that is gone. */
  const crashed = async (session: EditSession, journalFolder: string): Promise<string> => {
    await session.committed();
    const after = await mkdtemp(path.join(folder, 'after-'));
    for (const name of await readdir(journalFolder).catch(() => [])) {
      const text = await readFile(path.join(journalFolder, name), 'utf8');
      await writeFile(path.join(after, name), text.replace(`"pid":${process.pid}`, '"pid":4194303'));
    }
    return after;
  };

  it('refuses a bulk edit of rows that were selected before the file changed on disk, and takes one after its own save', async () => {
    await write([line('a'), line('b'), line('c')]);
    const session = await open();
    const { numbering } = session;
    await session.bulk(rowsOf(0), { type: 'setAnswer', value: '2' }, { numbering });
    await session.save();
    await session.bulk(rowsOf(0), { type: 'setAnswer', value: '3' }, { numbering });
    await session.save();
    await write([line('c'), line('b'), line('a')]); // as long as before, as after `git checkout`
    for (const edit of [{ type: 'deleteRows' }, { type: 'addTag', tag: 'x' }] as const) {
      await assert.rejects(session.bulk(rowsOf(0), edit, { numbering }), { code: 'dataset.rowsMoved' });
      await assert.rejects(session.previewBulk(rowsOf(0), edit, { numbering }), { code: 'dataset.rowsMoved' });
    }
    assert.equal(session.unsaved.unsavedCount, 0);
    const second = session.numbering;
    await session.bulk(rowsOf(0), { type: 'deleteRows' }, { numbering: second });
    await session.save();
    assert.notEqual(session.numbering, second, 'rows after a deleted one have other numbers');
    assert.deepEqual(await lines(), [line('b'), line('a')]);
  });

  it('gives what was typed before the file was replaced to its sample, and refuses what names boxes by their places', async () => {
    await write([line('a'), line('b'), line('c')]);
    const session = await open();
    const seen = { qid: 'b', numbering: session.numbering };
    await write([line('c'), line('new'), line('a'), line('b')]);
    await session.change(1, { type: 'setText', field: 'answer', value: '7' }, [], seen);
    assert.deepEqual(await shown(session), [line('c'), line('new'), line('a'), line('b', '7')]);
    await assert.rejects(session.change(1, { type: 'removeBox', index: 0 }, [], seen), { code: 'dataset.rowsMoved' });
    await session.save();
    await write([line('c')]);
    const lost = async (work: Promise<unknown>): Promise<string> => work.then(() => assert.fail('it was done'), errorInWords);
    assert.match(await lost(session.change(0, { type: 'setText', field: 'answer', value: 'typed' }, [], seen)), /typed/, 'what was typed is not lost');
    assert.match(await lost(session.change(0, { type: 'setKeyWords', value: ['ace', 'king'] }, [], seen)), /key words ace, king/);
    assert.match(await lost(session.change(0, { type: 'addBox', label: 'ace', numbers: [1, 2, 3, 4] }, [], seen)), /ace at 1, 2, 3, 4/);
    assert.match(await lost(session.change(0, { type: 'renameBox', index: 0, label: 'queen' }, [], seen)), /label queen/);
    assert.match(await lost(session.change(0, undefined, { type: 'setNote', note: 'blurred' }, seen)), /note blurred/);
    assert.deepEqual(await shown(session), [line('c')]);
  });

  it('gives what was decided before the file was replaced to its sample, and corrects no other one', async () => {
    await write([line('a'), line('b')]);
    const session = await open();
    const seen = { qid: 'b', numbering: session.numbering };
    await write([line('x'), line('a'), line('b')]);
    await session.change(1, undefined, { type: 'addTag', tag: 'blurry' }, seen);
    const rejected = { verdict: 'rejected', model: 'm', hash: 'h', label: 'ace', score: 0.5, box: [1, 2, 3, 4], date: '', isEdited: false } as const;
    await session.change(1, undefined, [rejected], seen);
    assert.deepEqual([session.curationOf('b').tags, session.curationOf('b').proposals?.length, session.curationOf('a').tags], [['blurry'], 1, []]);
    await assert.rejects(session.change(1, { type: 'replaceLine', base: line('b'), text: line('b', '2'), title: 'Correct' }, [], seen), { code: 'dataset.rowsMoved' });
  });

  it('finds samples where they are after the file was replaced', async () => {
    await write([line('new'), line('c'), line('a')]);
    const { saved } = await open();
    const places = [{ qid: 'a', row: 0 }, { qid: 'b', row: 1 }, { qid: 'c', row: 1 }, { qid: '', row: 2 }];
    assert.deepEqual(await findQids(saved, defaultColumns, places), [2, null, 1, null]);
  });

  it('saves tags, review and notes beside the file, and leaves the file', async () => {
    await write([line('a'), line('b')]);
    const session = await open();
    const before = await readFile(file);
    assert.ok(await session.changeCuration([0, 1], { type: 'addTag', tag: 'blurry' }));
    const step = await session.changeCuration([1], { type: 'setReview', review: 'accepted' });
    assert.equal(await session.changeCuration([1], { type: 'setReview', review: 'accepted' }), undefined);
    assert.equal(session.unsaved.unsavedCount, 2);
    await session.save();
    await step?.undo();
    assert.equal(session.curationOf('b').review, 'todo');
    assert.deepEqual((await readCuration(curationFile(file))).records.get('b')?.review, 'accepted');
    await session.save();
    assert.deepEqual([...(await readCuration(curationFile(file))).records].map(([qid, { tags, review }]) => [qid, tags, review]), [['a', ['blurry'], 'todo'], ['b', ['blurry'], 'todo']]);
    assert.deepEqual(await readFile(file), before);
  });

  it('follows a curation file that changes, and tells what both changed', async () => {
    await write([line('a'), line('b')]);
    const session = await open();
    await session.changeCuration([0, 1], { type: 'setReview', review: 'accepted' });
    await writeFile(curationFile(file), '{"qid":"a","review":"rejected","note":"theirs"}\n{"qid":"b","note":"theirs"}\n');
    let decisions = -1;
    session.events.onDidFollow(followed => (decisions = followed.decisions));
    await session.follow();
    assert.equal(decisions, 1);
    assert.deepEqual([session.curationOf('a').review, session.curationOf('a').note, session.curationOf('b').note], ['accepted', 'theirs', 'theirs']);
    await session.save();
    assert.deepEqual([...(await readCuration(curationFile(file))).records.values()].map(({ review, note }) => [review, note]), [['accepted', 'theirs'], ['accepted', 'theirs']]);
  });

  it('shows rows before a very large curation file is read, and changes nothing before that', async () => {
    await write([line('a'), line('q-0')]);
    const note = 'x'.repeat(100);
    await writeFile(curationFile(file), Array.from({ length: 40_000 }, (_, index) => `{"qid":"q-${index}","note":"${note}","tags":["old"]}\n`).join(''));
    const session = await open();
    assert.equal((await session.readRows(0, 1))[0]?.text, line('a'));
    await session.changeCuration([1], { type: 'addTag', tag: 'new' });
    assert.deepEqual(session.curationOf('q-0').tags, ['new', 'old']);
    await session.save();
    const { records } = await readCuration(curationFile(file));
    assert.deepEqual([records.get('q-0')?.tags, records.get('q-0')?.note, records.size], [['new', 'old'], note, 40_000]);
  });

  it('deletes rows at the next save, and puts them back after it, to the very bytes', async () => {
    await writeFile(file, `${line('a')}\r\n${line('b')}\r\n\r\n${line('c')}\r\n${line('d')}`);
    const before = await readFile(file, 'utf8');
    const session = await open();
    const step = await session.bulk(rowsOf(3, 1), { type: 'deleteRows' });
    assert.deepEqual((await shown(session)).map(text => text === null), [false, true, false, true]);
    await assert.rejects(session.change(1, { type: 'setText', field: 'answer', value: '2' }), { code: 'argument.invalid' });
    await session.save();
    assert.equal(await readFile(file, 'utf8'), `${line('a')}\r\n\r\n${line('c')}`);
    assert.ok(await session.change(1, { type: 'setText', field: 'answer', value: '2' }));
    await session.save();
    await step?.undo();
    assert.equal(session.unsaved.unsavedCount, 2);
    await session.save();
    assert.equal((await readFile(file, 'utf8')).replace(line('c', '2'), line('c')), before.replace(`${line('b')}\r\n\r\n`, `\r\n${line('b')}\r\n`)); // a blank line belongs to no row
    assert.deepEqual((await shown(session)).map(text => JSON.parse(text ?? '').qid as string), ['a', 'b', 'c', 'd']);
  });

  for (const mostTextKept of [1 << 20, 0]) {
    describe(mostTextKept === 0 ? 'with a bulk edit of more rows than are kept' : 'with a bulk edit', () => {
      const bulk = (session: EditSession, rows: Uint32Array, edit: BulkEdit): Promise<DocumentEdit | undefined> => session.bulk(rows, edit, { mostTextKept });

      it('is one step, shows it, saves just its rows, and previews the same', async () => {
        const before = [line('a'), line('b', '1', 'Card'), '{"qid": "c", "answer": ["1"]}', 'no row', line('e')];
        await write(before);
        const session = await open();
        const edit: BulkEdit = { type: 'renameLabel', from: 'card', to: 'ace' };
        const { changed, unchanged, refusedCount, examples } = JSON.parse(JSON.stringify(await session.previewBulk(rowsOf(4, 0, 1, 2, 3), edit))) as BulkPreview; // as a page gets it
        assert.deepEqual([changed, unchanged, refusedCount], [2, 3, 0]);
        assert.deepEqual(examples, [{ row: 0, qid: 'a', before: 'card', after: 'ace' }, { row: 4, qid: 'e', before: 'card', after: 'ace' }]);
        assert.deepEqual((await session.previewBulk(rowsOf(2, 3), { type: 'setAnswer', value: '7' })).refused, [
          { row: 2, reason: 'Its answer is a list.' }, { row: 3, reason: 'It is no row that can be edited here; correct the line in the text editor.' },
        ]);
        const step = await bulk(session, rowsOf(4, 0, 1, 2, 3), edit);
        assert.equal(step?.label, 'Rename label card to ace (2 rows)');
        const after = [line('a', '1', 'ace'), ...before.slice(1, 4), line('e', '1', 'ace')];
        assert.deepEqual([await shown(session), session.unsaved.unsavedCount], [after, 2]);
        await step.undo();
        assert.deepEqual([await shown(session), session.unsaved.unsavedCount], [before, 0]);
        await step.redo();
        await session.save();
        assert.deepEqual([await lines(), session.unsaved.unsavedCount], [after, 0]);
      });

      it('keeps other edits under it and over it apart', async () => {
        await write([line('a'), line('b'), line('c')]);
        const session = await open();
        await session.change(0, { type: 'setText', field: 'answer', value: 'mine' });
        const all = await bulk(session, rowsOf(0, 1, 2), { type: 'renameLabel', from: 'card', to: 'ace' });
        const over = await session.change(1, { type: 'setText', field: 'answer', value: '2' });
        assert.deepEqual(await shown(session), [line('a', 'mine', 'ace'), line('b', '2', 'ace'), line('c', '1', 'ace')]);
        assert.equal(session.unsaved.unsavedCount, 3);
        await over?.undo();
        await all?.undo();
        assert.deepEqual(await shown(session), [line('a', 'mine'), line('b'), line('c')]);
        assert.equal(session.unsaved.unsavedCount, 1);
        await all?.redo();
        await over?.redo();
        await session.save();
        assert.deepEqual(await lines(), [line('a', 'mine', 'ace'), line('b', '2', 'ace'), line('c', '1', 'ace')]);
      });

      it('follows a file that changes: rows that are others now are left as they are there', async () => {
        await write([line('a'), line('b'), line('c')]);
        const session = await open();
        const step = await bulk(session, rowsOf(0, 1, 2), { type: 'renameLabel', from: 'card', to: 'ace' });
        await writeFile(`${file}.new`, [line('new'), line('c'), line('a'), line('b', 'theirs')].map(each => `${each}\n`).join(''));
        await rename(`${file}.new`, file);
        let followed = { conflicts: 0, left: 0 };
        session.events.onDidFollow(now => (followed = now));
        await session.follow();
        assert.deepEqual((await shown(session)).filter((_, row) => row < 3), [line('new'), line('c', '1', 'ace'), line('a', '1', 'ace')]);
        assert.equal(followed.conflicts + followed.left, 1, 'b is told');
        await step?.undo();
        assert.deepEqual((await shown(session)).filter((_, row) => row < 3), [line('new'), line('c'), line('a')]);
      });

      it('deletes rows among others that are edited', async () => {
        await write(['a', 'b', 'c', 'd', 'e'].map(qid => line(qid)));
        const session = await open();
        await session.change(4, { type: 'setText', field: 'answer', value: '5' });
        await bulk(session, rowsOf(0, 2, 3), { type: 'deleteRows' });
        await session.change(1, { type: 'setText', field: 'answer', value: '2' });
        await session.save();
        assert.deepEqual(await lines(), [line('b', '2'), line('e', '5')]);
        await session.change(1, { type: 'setText', field: 'answer', value: '6' });
        assert.deepEqual(await shown(session), [line('b', '2'), line('e', '6')]);
      });

      it('is there again after a crash, and after it was undone it is not', async () => {
        await write([line('a'), line('b'), line('c')]);
        const journalFolder = path.join(folder, 'journals');
        const session = await open({ journalFolder });
        await session.change(0, { type: 'setText', field: 'answer', value: 'mine' });
        const step = await bulk(session, rowsOf(0, 1, 2), { type: 'renameLabel', from: 'card', to: 'ace' });
        await session.changeCuration([2], { type: 'addTag', tag: 'x' });
        const again = await open({ journalFolder: await crashed(session, journalFolder) });
        assert.deepEqual(await shown(again), [line('a', 'mine', 'ace'), line('b', '1', 'ace'), line('c', '1', 'ace')]);
        assert.deepEqual([again.restored.count, again.restored.isFromCrash, again.restored.lost, again.curationOf('c').tags], [4, true, [], ['x']]);
        await step?.undo();
        const undone = await open({ journalFolder: await crashed(session, journalFolder) });
        assert.deepEqual([await shown(undone), undone.restored.count], [[line('a', 'mine'), line('b'), line('c')], 2]);
        await session.save();
        const saved = await open({ journalFolder: await crashed(session, journalFolder) });
        assert.equal(saved.restored.count, 0, 'nothing is unsaved');
      });

      it('takes up a crash on a file that changed since, row by row', async () => {
        await write([line('a'), line('b')]);
        const journalFolder = path.join(folder, 'journals');
        const session = await open({ journalFolder });
        await session.change(1, { type: 'setText', field: 'answer', value: 'mine' });
        await bulk(session, rowsOf(0), { type: 'renameLabel', from: 'card', to: 'ace' });
        const left = await crashed(session, journalFolder);
        await write([line('new'), line('a'), line('b', 'theirs')]);
        const again = await open({ journalFolder: left });
        assert.deepEqual(again.unsaved.rows.conflicts().map(({ row, theirs }) => [row, theirs]), [[2, line('b', 'theirs')]]);
        if (mostTextKept > 0) assert.deepEqual([await shown(again), again.restored.lost], [[line('new'), line('a', '1', 'ace'), line('b', 'mine')], []]);
        else assert.deepEqual([(await shown(again))[1], again.restored.lost], [line('a'), ['Rename label card to ace (1 rows)']]);
      });
    });
  }

  it('takes back a bulk edit after it was saved, also a large one, also through a crash', async () => {
    await write([line('a'), line('b'), line('c', 'ü'), line('d')]);
    const journalFolder = path.join(folder, 'journals');
    const session = await open({ journalFolder });
    const small = await session.bulk(rowsOf(0, 1), { type: 'setAnswer', value: '2' });
    const large = await session.bulk(rowsOf(2, 3), { type: 'setAnswer', value: '3' }, { mostTextKept: 0 });
    await session.save();
    await session.bulk(rowsOf(0), { type: 'deleteRows' });
    await session.save();
    await large?.undo();
    const expected = [line('b', '2'), line('c', 'ü'), line('d')];
    assert.deepEqual([await shown(session), session.unsaved.unsavedCount], [expected, 2]);
    const again = await open({ journalFolder: await crashed(session, journalFolder) });
    assert.deepEqual([await shown(again), again.restored.count], [expected, 2]);
    await session.save();
    assert.deepEqual(await lines(), expected);
    await large?.redo();
    await small?.undo();
    assert.deepEqual(await shown(session), [line('b'), line('c', '3'), line('d', '3')]);
  });

  it('puts back very many rows that were deleted and saved, over and under other edits; a later window says that it cannot', async () => {
    const before = [line('a'), line('b'), line('c'), line('d')];
    await write(before);
    const journalFolder = await mkdtemp(path.join(folder, 'journals-'));
    const session = await open({ journalFolder });
    const answered = await session.bulk(rowsOf(0, 1, 2), { type: 'setAnswer', value: '3' }, { mostTextKept: 0 });
    const deleted = await session.bulk(rowsOf(0, 2), { type: 'deleteRows' }, { mostTextKept: 0 });
    await session.save();
    assert.deepEqual(await lines(), [line('b', '3'), line('d')]);
    await deleted?.undo();
    assert.equal(session.unsaved.unsavedCount, 2);
    const again = await open({ journalFolder: await crashed(session, journalFolder) });
    assert.equal(again.restored.count, 2, 'a crash keeps what was put back');
    await session.save();
    assert.deepEqual(await lines(), [line('a', '3'), line('b', '3'), line('c', '3'), line('d')]);
    await answered?.undo();
    await session.save();
    assert.deepEqual(await lines(), before);
    await answered?.redo();
    await deleted?.redo();
    await session.save();
    assert.deepEqual(await lines(), [line('b', '3'), line('d')]);
    const later = await open({ journalFolder: await crashed(session, journalFolder) });
    const said: string[] = [];
    later.events.onDidFindStale(text => said.push(text));
    await later.past.steps[1]?.undo();
    assert.match(said.join(), /^Undo of "Delete rows \(2 rows\)" is not possible any more/);
    assert.deepEqual(await lines(), [line('b', '3'), line('d')]);
  });

  it('says that it cannot undo over a file that somebody else changed', async () => {
    await write([line('b'), line('c')]);
    const session = await open();
    const said: string[] = [];
    session.events.onDidFindStale(text => said.push(text));
    const answered = await session.bulk(rowsOf(0, 1), { type: 'setAnswer', value: '3' }, { mostTextKept: 0 });
    await session.save();
    await write([line('b', '3'), line('c', '4')]);
    await session.follow();
    await answered?.undo();
    assert.deepEqual([await shown(session), said.length], [[line('b', '3'), line('c', '4')], 1]);
  });

  it('changes nothing when a bulk edit is stopped', async () => {
    await write([line('a'), line('b')]);
    const session = await open();
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(session.bulk(rowsOf(0, 1), { type: 'setAnswer', value: '2' }, { signal: stop.signal }), { name: 'AbortError' });
    assert.equal(session.unsaved.unsavedCount, 0);
  });

  it('lets a crash lose only what was not whole in the journal', async () => {
    await write([line('a'), line('b')]);
    const journalFolder = path.join(folder, 'journals');
    const session = await open({ journalFolder });
    await session.change(0, { type: 'setText', field: 'answer', value: '2' });
    await session.change(1, { type: 'setText', field: 'answer', value: '3' });
    const left = await crashed(session, journalFolder);
    const [name = ''] = await readdir(left);
    const text = await readFile(path.join(left, name));
    await writeFile(path.join(left, name), text.subarray(0, text.length - 9));
    const again = await open({ journalFolder: left });
    assert.deepEqual(await shown(again), [line('a', '2'), line('b')]);
  });

  it('remembers through a crash which rows a large bulk edit does not hold for', async () => {
    await write([line('a'), line('b')]);
    const journalFolder = path.join(folder, 'journals');
    const session = await open({ journalFolder });
    await session.bulk(rowsOf(0, 1), { type: 'renameLabel', from: 'card', to: 'ace' }, { mostTextKept: 0 });
    await session.bulk(rowsOf(1), { type: 'renameLabel', from: 'ace', to: 'card' });
    const expected = [line('a', '1', 'ace'), line('b')];
    const again = await open({ journalFolder: await crashed(session, journalFolder) });
    assert.deepEqual([await shown(session), await shown(again)], [expected, expected]);
    const fromBackup = await open({ backup: printBackup(file, again.snapshot()) });
    assert.deepEqual(await shown(fromBackup), expected);
  });

  it('takes up no journal twice, where a crash came before the one that was taken up was gone', async () => {
    await write([line('a')]);
    const journalFolder = path.join(folder, 'journals');
    const first = await open({ journalFolder });
    await first.change(0, { type: 'setText', field: 'answer', value: '2' });
    const left = await crashed(first, journalFolder);
    const before = (await readdir(left)).map(name => path.join(left, name));
    const old = await readFile(before[0] ?? '');
    const second = await open({ journalFolder: left });
    assert.equal(second.restored.count, 1);
    await writeFile(before[0] ?? '', old);
    const after = await crashed(second, left);
    const third = await open({ journalFolder: after });
    assert.equal(third.restored.count, 1);
    await third.revert();
    const fourth = await open({ journalFolder: await crashed(third, after) });
    assert.deepEqual([fourth.restored.count, fourth.past.steps.length], [0, 0], 'what was given up does not come back at the next opening');
  });

  it('prefers the journal to an older backup, and takes the backup where there is none', async () => {
    await write([line('a'), line('b')]);
    const journalFolder = path.join(folder, 'journals');
    const session = await open({ journalFolder });
    await session.change(0, { type: 'setText', field: 'answer', value: '2' });
    const backup = printBackup(file, session.snapshot());
    await session.change(1, { type: 'setText', field: 'answer', value: '3' });
    const fromBackup = await open({ backup, journalFolder: path.join(folder, 'elsewhere') });
    assert.deepEqual([await shown(fromBackup), fromBackup.restored.isFromCrash], [[line('a', '2'), line('b')], false]);
    const fromJournal = await open({ backup, journalFolder: await crashed(session, journalFolder) });
    assert.deepEqual([await shown(fromJournal), fromJournal.restored.isFromCrash], [[line('a', '2'), line('b', '3')], true]);
    const sameBackup = printBackup(file, session.snapshot());
    const afterKill = await open({ backup: sameBackup, journalFolder: await crashed(session, journalFolder) });
    session.end();
    const afterReload = await open({ backup: sameBackup, journalFolder: await crashed(session, journalFolder) });
    assert.deepEqual([afterKill.restored.isFromCrash, afterReload.restored.isFromCrash], [true, false], 'a person is told of a crash, and not of a reload');
    await assert.rejects(open({ backup: '{"v":9}' }));
  });

  describe('keeps the undo history', () => {
    const answer = (value: string): { type: 'setText'; field: 'answer'; value: string } => ({ type: 'setText', field: 'answer', value });

    it('of ten thousand steps through a crash, and steps back through all of it', async function () {
      this.timeout(60_000);
      const qids = ['a', 'b', 'c', 'd', 'e'];
      await write(qids.map(qid => line(qid)));
      const before = await readFile(file, 'utf8');
      const journalFolder = path.join(folder, 'journals');
      const session = await open({ journalFolder });
      for (let step = 0; step < 10_000; step++) {
        await session.change(step % 5, answer(`${step + 2}`));
        if (step === 6000) await session.save();
      }
      const again = await open({ journalFolder: await crashed(session, journalFolder) });
      const { steps, position, savedAt } = again.past;
      assert.deepEqual([steps.length, position, savedAt, await shown(again)], [10_000, 10_000, 6001, await shown(session)]);
      for (const step of [...steps].reverse()) await step.undo();
      await again.save();
      assert.equal(await readFile(file, 'utf8'), before);
      assert.equal(again.past.position, 0);
    });

    it('keeps an undo through a crash, also past what was saved, and redoes', async () => {
      await write([line('a')]);
      const journalFolder = path.join(folder, 'journals');
      const session = await open({ journalFolder });
      for (const value of ['2', '3', '4']) await session.change(0, answer(value));
      await session.save();
      for (const step of session.past.steps.slice(1).reverse()) await step.undo();
      const again = await open({ journalFolder: await crashed(session, journalFolder) });
      assert.deepEqual([await shown(again), again.past.position, again.past.savedAt, again.restored.count], [[line('a', '2')], 1, 3, 1]);
      await again.save();
      assert.deepEqual(await lines(), [line('a', '2')]);
      for (const step of again.past.steps.slice(1)) await step.redo();
      assert.deepEqual(await shown(again), [line('a', '4')]);
      await again.change(0, answer('5'));
      assert.deepEqual([again.past.steps.length, again.past.savedAt], [4, 1]);
      await again.past.steps[3]?.undo();
      await again.past.steps[2]?.undo();
      await again.past.steps[1]?.undo();
      assert.equal(again.unsaved.unsavedCount, 0, 'back at what is saved');
      await again.past.steps[0]?.undo();
      await again.change(0, answer('6'));
      assert.equal(again.past.savedAt, undefined, 'another branch than the saved one');
    });

    it('after closing without saving up to what is saved, and of a file that changed only what can be taken back', async () => {
      await write([line('a'), line('b'), line('c')]);
      const journalFolder = path.join(folder, 'journals');
      const session = await open({ journalFolder });
      await session.change(0, answer('2'));
      await session.change(1, answer('3'));
      await session.changeCuration([2], { type: 'addTag', tag: 'x' });
      await session.save();
      await session.change(2, answer('given up'));
      await session.close();
      await write([line('a', 'theirs'), line('c'), line('b', '3')]);
      const again = await open({ journalFolder });
      assert.deepEqual([again.past.steps.map(({ label }) => label), again.past.position, again.past.savedAt, again.restored.count], [['Edit answer', 'Add tag x'], 2, 2, 0]);
      for (const step of [...again.past.steps].reverse()) await step.undo();
      assert.deepEqual([await shown(again), again.curationOf('c').tags], [[line('a', 'theirs'), line('c'), line('b')], []]);
    });
  });

  it('keeps what can be done again after a bulk edit without texts, through closing', async () => {
    await write([line('a'), line('b')]);
    const journalFolder = await mkdtemp(path.join(folder, 'journals-'));
    const session = await open({ journalFolder });
    const bulk = await session.bulk(Uint32Array.of(0), { type: 'setAnswer', value: '2' }, { mostTextKept: 0 });
    const change = await session.change(0, { type: 'setText', field: 'answer', value: '7' });
    await change?.undo();
    await bulk?.undo();
    await session.close();
    const again = await open({ journalFolder });
    assert.deepEqual([again.past.steps.length, again.past.position], [2, 0]);
    for (const step of again.past.steps) await step.redo();
    assert.deepEqual(await shown(again), [line('a', '7'), line('b')]);
  });

  it('survives any order of steps, undo, redo, save, crash and reopening', async () => {
    const qids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const rows = fc.uniqueArray(fc.nat(qids.length - 1), { minLength: 1 });
    const edit: fc.Arbitrary<BulkEdit> = fc.oneof(
      fc.record({ type: fc.constant('setAnswer' as const), value: fc.constantFrom('1', '2', 'ü') }),
      fc.record({ type: fc.constant('renameLabel' as const), from: fc.constantFrom('card', 'ace'), to: fc.constantFrom('card', 'ace') }),
      fc.constant({ type: 'deleteRows' as const }),
      fc.record({ type: fc.constantFrom('addTag' as const, 'removeTag' as const), tag: fc.constantFrom('x', 'y') }),
    );
    const action = fc.oneof(
      { weight: 5, arbitrary: fc.record({ kind: fc.constant('bulk' as const), rows, edit, mostTextKept: fc.constantFrom(0, 1 << 20) }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('change' as const), row: fc.nat(qids.length - 1), value: fc.constantFrom('7', '8', '9') }) },
      { weight: 4, arbitrary: fc.constant({ kind: 'undo' as const }) },
      { weight: 2, arbitrary: fc.constant({ kind: 'redo' as const }) },
      { weight: 2, arbitrary: fc.constant({ kind: 'save' as const }) },
      { weight: 2, arbitrary: fc.constant({ kind: 'crash' as const }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'close' as const }) },
    );
    interface State { readonly texts: readonly string[]; readonly tags: readonly (readonly string[])[] }
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 30 }), async actions => {
        await rm(curationFile(file), { force: true });
        await write(qids.map(qid => line(qid)));
        let journalFolder = await mkdtemp(path.join(folder, 'journals-'));
        let session = await open({ journalFolder });
        /** VS Code's stack as it is built anew. */
        const reopened = async (from: string): Promise<void> => {
          journalFolder = from;
          windows++;
          session = await open({ journalFolder });
          const { past } = session;
          assert.deepEqual([past.steps.length, past.position], [stack.length, at]);
          stack = stack.map((each, place) => ({ ...each, step: past.steps[place]! }));
        };
        /** What a person has: the lines that saving would leave, and the tags. */
        const state = async (): Promise<State> => {
          const texts: string[] = [];
          const changed = new Map<number, string | null>();
          const added: { row: number; text: string }[] = [];
          for await (const batch of unsavedRows(session.saved, session.unsaved)) {
            for (const { row, base, text } of batch) {
              if (base === null) added.push({ row, text: text ?? '' });
              else changed.set(row, text);
            }
          }
          const saved = await session.saved.readRows(0, 1000);
          for (let row = 0; row <= saved.length; row++) {
            for (const each of added) if (each.row === row) texts.push(each.text);
            const now = changed.has(row) ? changed.get(row) : saved[row]?.text;
            if (typeof now === 'string') texts.push(now);
          }
          return { texts, tags: qids.map(qid => session.curationOf(qid).tags) };
        };
        let stack: { step: DocumentEdit; before: State; after: State; isLarge: boolean; save: number; window: number }[] = [];
        let at = 0;
        let saves = 0;
        let windows = 0;
        /** Many deleted rows are put back by the window that saved them, not by a later one, as is told. */
        const isGone = ({ isLarge, save, window }: (typeof stack)[number]): boolean => isLarge && save !== saves && window !== windows;
        const take = async (work: () => Promise<DocumentEdit | undefined>, isLarge: boolean): Promise<void> => {
          const before = await state();
          const step = await work().catch((error: { code?: string }) => {
            assert.equal(error.code, 'argument.invalid'); // a deleted row, or one that is not there
            return undefined;
          });
          if (step) stack.splice(at++, stack.length, { step, before, after: await state(), isLarge, save: saves, window: windows });
          else assert.deepEqual(await state(), before);
        };
        for (const each of actions) {
          if (each.kind === 'bulk') await take(() => session.bulk(Uint32Array.from(each.rows), each.edit, { mostTextKept: each.mostTextKept }), each.mostTextKept === 0 && each.edit.type === 'deleteRows');
          else if (each.kind === 'change') await take(() => session.change(each.row, { type: 'setText', field: 'answer', value: each.value }), false);
          else if (each.kind === 'undo' && at > 0) {
            const { step, before } = stack[at - 1]!;
            if (isGone(stack[at - 1]!)) continue;
            at--;
            await step.undo();
            assert.deepEqual(await state(), before);
          } else if (each.kind === 'redo' && at < stack.length) {
            const { step, after } = stack[at]!;
            if (isGone(stack[at]!)) continue;
            at++;
            await step.redo();
            assert.deepEqual(await state(), after);
          } else if (each.kind === 'save') {
            const before = await state();
            await session.save();
            saves++;
            assert.deepEqual(await state(), before);
            assert.deepEqual([await lines(), session.unsaved.unsavedCount], [before.texts, 0]);
            const { records } = await readCuration(curationFile(file));
            assert.deepEqual(qids.map(qid => (records.get(qid) as Curation | undefined)?.tags ?? []), before.tags);
          } else if (each.kind === 'crash') {
            const before = await state();
            await reopened(await crashed(session, journalFolder));
            assert.deepEqual(await state(), before);
          } else if (each.kind === 'close') {
            const before = await state();
            await session.save();
            saves++;
            await session.close();
            await reopened(journalFolder);
            assert.deepEqual(await state(), before);
          }
          assert.equal(session.past.position, at);
        }
        await session.save();
      }),
      { numRuns: Number(process.env.PEBR_RUNS ?? 60) },
    );
  });
});
