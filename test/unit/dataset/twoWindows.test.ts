import * as assert from 'node:assert/strict';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { parseRow } from '../../../src/core/dataset/parseRow';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import { EditSession } from '../../../src/platform/dataset/editSession';

const qids = ['a', 'b', 'c', 'd'];
const line = (qid: string, answer: string): string => `{"qid": "${qid}", "problem": "?", "answer": "${answer}", "boxes": []}`;
const rowOf = (text: string): { readonly qid: string; readonly answer: string } => {
  const { row } = parseRow(text, defaultColumns);
  assert.ok(row, text);
  return row;
};

/** What somebody typed over an answer that the file had then. */
interface Typed {
  readonly over: string | undefined;
  readonly value: string;
}

/** A window on the file, and what its person typed and did not save, by qid. */
interface Window {
  readonly session: EditSession;
  readonly typed: Map<string, Typed>;
}

describe('two windows on one file, and a script that writes it', () => {
  let folder: string;
  let file: string;
  const sessions: EditSession[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pebr-windows-'));
    file = path.join(folder, 'data.jsonl');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const replace = async (lines: readonly string[]): Promise<void> => {
    await writeFile(`${file}.new`, lines.map(each => `${each}\n`).join(''));
    await rename(`${file}.new`, file);
  };
  const lines = async (): Promise<readonly string[]> => (await readFile(file, 'utf8')).split('\n').slice(0, -1);
  const answers = async (): Promise<Map<string, string>> => new Map((await lines()).map(rowOf).map(({ qid, answer }) => [qid, answer]));
  const open = async (): Promise<Window> => {
    const session = await EditSession.open(file, { columns: () => defaultColumns, journalFolder: path.join(folder, 'journals') });
    sessions.push(session);
    return { session, typed: new Map() };
  };

  /** Saving writes what was typed and leaves all else, or refuses and writes nothing: then a person chooses. */
  const save = async ({ session, typed }: Window, take: 'mine' | 'theirs'): Promise<void> => {
    const before = await answers();
    const error = await session.save().then(() => undefined, (reason: { readonly code?: string }) => reason);
    if (!error) {
      for (const [qid, { over }] of typed) assert.equal(before.get(qid), over, `what another wrote for ${qid} was overwritten`);
      assert.deepEqual(Object.fromEntries(await answers()), Object.fromEntries([...before, ...[...typed].map(([qid, { value }]) => [qid, value] as const)]));
      typed.clear();
      return;
    }
    assert.equal(error.code, 'dataset.changedOnDisk');
    assert.deepEqual(await answers(), before, 'nothing is overwritten before somebody chose');
    for (const { text, theirs } of session.unsaved.rows.conflicts()) {
      const [mine, other] = [rowOf(text ?? ''), rowOf(theirs ?? '')];
      assert.deepEqual([typed.get(mine.qid)?.value, before.get(other.qid)], [mine.answer, other.answer], 'both are there to choose from');
      if (take === 'theirs') typed.delete(mine.qid);
      else typed.set(mine.qid, { over: other.answer, value: mine.answer });
    }
    await session.resolve(take);
    await save({ session, typed }, take);
  };

  it('lose nothing that was typed, in any order', async function () {
    this.timeout(120_000);
    const window = fc.nat(1);
    const qid = fc.constantFrom(...qids);
    const action = fc.oneof(
      { weight: 5, arbitrary: fc.record({ kind: fc.constant('type' as const), window, qid }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('save' as const), window, take: fc.constantFrom('mine' as const, 'theirs' as const) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('notice' as const), window }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('script' as const), qid, order: fc.shuffledSubarray(qids, { minLength: qids.length }) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 3, maxLength: 25 }), async actions => {
        await replace(qids.map(each => line(each, '0')));
        const windows = [await open(), await open()] as const;
        let next = 1;
        for (const each of actions) {
          if (each.kind === 'type') {
            const { session, typed } = windows[each.window]!;
            const value = String(next++);
            const shown = (await session.readRows(0, 10)).findIndex(({ text }) => rowOf(text).qid === each.qid);
            await session.change(shown, { type: 'setText', field: 'answer', value }, [], { qid: each.qid, numbering: session.numbering });
            typed.set(each.qid, { over: typed.get(each.qid)?.over ?? (await answers()).get(each.qid), value });
          } else if (each.kind === 'save') await save(windows[each.window]!, each.take);
          else if (each.kind === 'notice') await windows[each.window]!.session.follow();
          else {
            const now = await answers();
            await replace(each.order.map(name => line(name, name === each.qid ? String(next++) : (now.get(name) ?? ''))));
          }
          for (const { session, typed } of windows) {
            const shown = new Map((await session.readRows(0, 10)).map(({ text }) => rowOf(text)).map(row => [row.qid, row.answer]));
            for (const [name, { value }] of typed) assert.equal(shown.get(name), value, `what was typed for ${name} is not shown any more`);
          }
        }
        for (const session of sessions.splice(0)) await session.close();
      }),
      { numRuns: Number(process.env['PEBR_RUNS'] ?? 60) },
    );
  });
});
