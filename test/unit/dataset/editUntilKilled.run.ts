// Edits and saves a dataset, step after step, until it is killed. Before a step it says what will be, once the step is on the disk that it is.
// node editUntilKilled.run.js <dataset> <journal folder> <seed>
import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import type { BulkEdit } from '../../../src/core/labels/bulkEdit';
import { applyBulk, isCurationEdit } from '../../../src/core/labels/bulkEdit';
import { applyChange, type LabelChange } from '../../../src/core/labels/labelChange';
import { applyCurationChange, type Curation } from '../../../src/core/curation/curation';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import { EditSession } from '../../../src/platform/dataset/editSession';
import type { DocumentEdit } from '../../../src/platform/dataset/editSteps';
import { qidOf } from '../../../src/platform/dataset/planBulk';

/** The lines that a save would leave, and what is decided about their samples. */
interface State {
  readonly lines: readonly (string | null)[];
  readonly curation: ReadonlyMap<string, Curation>;
}

const digest = ({ lines, curation }: State): string =>
  createHash('sha1')
    .update(lines.filter(line => line !== null).join('\n'))
    .update(JSON.stringify([...curation].filter(([, { tags, review }]) => tags.length > 0 || review !== 'todo').sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('hex');
const say = (what: 'is' | 'will', state: State): void => void writeSync(1, `${what} ${digest(state)}\n`);

async function main([file = '', journalFolder = '', seed = '']: readonly string[]): Promise<void> {
  let random = Number(seed);
  const below = (limit: number): number => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    return Math.floor((random / 2 ** 32) * limit);
  };
  const session = await EditSession.open(file, { columns: () => defaultColumns, journalFolder });
  const now = async (): Promise<State> => {
    const lines = (await session.saved.readRows(0, 1e6)).map(({ row, text }) => session.unsaved.textOf(row, text));
    const qids = lines.flatMap(line => (line === null ? [] : [qidOf(line, defaultColumns)]));
    return { lines, curation: new Map(qids.map(qid => [qid, session.curationOf(qid)])) };
  };
  let state = await now();
  say('is', state);
  let stack: { readonly step: DocumentEdit; readonly before: State }[] = [];
  const done = async (expected: State): Promise<void> => {
    await session.committed();
    state = await now();
    if (digest(state) !== digest(expected)) throw new Error('A step did another thing than it should');
    say('is', state);
  };
  const take = async (expected: State, work: () => Promise<DocumentEdit | undefined>): Promise<void> => {
    const before = state;
    say('will', expected);
    const step = await work();
    if (step) stack.push({ step, before });
    await done(expected);
  };
  for (;;) {
    const kind = below(10);
    const alive = state.lines.flatMap((line, row) => (line === null ? [] : [row]));
    const row = alive[below(Math.min(20, alive.length))] ?? 0;
    if (kind < 4) {
      const change: LabelChange = { type: 'setText', field: 'answer', value: String(below(1e6)) };
      await take(withLines(state, [row], line => applyChange(line, change, defaultColumns)), () => session.change(row, change));
    } else if (kind < 7) {
      const words = ['ace', 'card', 'king'];
      const edits: readonly BulkEdit[] = [
        { type: 'addTag', tag: words[below(3)] ?? '' }, { type: 'setReview', review: below(2) === 0 ? 'accepted' : 'todo' },
        { type: 'renameLabel', from: words[below(3)] ?? '', to: words[below(3)] ?? '' }, { type: 'setAnswer', value: String(below(9)) }, { type: 'deleteRows' },
      ];
      const edit = edits[below(alive.length > 100 ? edits.length : edits.length - 1)] as BulkEdit; // never all rows
      const rows = edit.type === 'deleteRows' ? [row] : below(2) === 0 ? alive : alive.slice(0, 10);
      await take(afterBulk(state, rows, edit), () => session.bulk(Uint32Array.from(rows), edit, { mostTextKept: 20_000 }));
    } else if (kind < 9) {
      const last = stack.pop();
      if (!last) continue;
      say('will', last.before);
      await last.step.undo();
      await done(last.before);
    } else {
      say('will', state);
      await session.save();
      stack = []; // deleted rows have no place in the list of lines any more, and a large bulk edit cannot be taken back
      await done({ ...state, lines: state.lines.filter(line => line !== null) });
    }
  }
}

function withLines({ lines, curation }: State, rows: readonly number[], change: (line: string) => string | null): State {
  const changed = new Set(rows);
  return { lines: lines.map((line, row) => (line === null || !changed.has(row) ? line : change(line))), curation };
}

function afterBulk(state: State, rows: readonly number[], edit: BulkEdit): State {
  if (!isCurationEdit(edit)) {
    const { lines } = withLines(state, rows, line => applyBulk(line, edit, defaultColumns).text ?? null);
    const left = new Set(lines.flatMap(line => (line === null ? [] : [qidOf(line, defaultColumns)])));
    return { lines, curation: new Map([...state.curation].filter(([qid]) => left.has(qid))) };
  }
  const qids = new Set(rows.map(row => qidOf(state.lines[row] ?? '', defaultColumns)));
  return { lines: state.lines, curation: new Map([...state.curation].map(([qid, value]) => [qid, qids.has(qid) ? applyCurationChange(value, edit) : value])) };
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
