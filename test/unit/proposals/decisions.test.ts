import * as assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { mergeCuration, untouched } from '../../../src/core/curation/curation';
import { parseCuration, printCuration } from '../../../src/core/curation/curationLine';
import { parseRow } from '../../../src/core/dataset/parseRow';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import type { ProposalDecision } from '../../../src/core/proposals/decision';
import { openProposals } from '../../../src/core/proposals/openProposals';
import { curationFile, readCuration } from '../../../src/platform/dataset/curationFile';
import { EditSession } from '../../../src/platform/dataset/editSession';

const decision = (label: string, more: Partial<ProposalDecision> = {}): ProposalDecision => ({
  verdict: 'accepted', model: 'm', hash: 'h', label, score: 0.9, box: [1, 2, 30, 40], date: '2026-11-21T14:00:00.000Z', isEdited: false, ...more,
});

describe('decisions about proposed boxes', () => {
  let folder: string;
  let file: string;
  let session: EditSession;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pebr-decisions-'));
    file = path.join(folder, 'data.jsonl');
    await writeFile(file, '{"qid": "a", "problem": "?", "answer": "1", "images": ["a.png"], "boxes": []}\n{"problem": "?", "answer": "1", "images": ["a.png"]}\n');
    session = await EditSession.open(file, { columns: () => defaultColumns });
  });
  afterEach(async () => {
    await session.close();
    await rm(folder, { recursive: true });
  });

  const boxes = async (): Promise<number> => parseRow((await session.readRows(0, 1))[0]?.text ?? '', defaultColumns).row?.boxes.length ?? -1;
  const accept = (label: string): ReturnType<EditSession['change']> => session.change(0, { type: 'addBoxes', boxes: [{ label, numbers: [1, 2, 30, 40] }], title: `Accept ${label}` }, [decision(label)]);

  it('are one step with their boxes: undone, redone and saved together', async () => {
    const step = await accept('cat');
    assert.equal(step?.label, 'Accept cat');
    await step?.undo();
    assert.deepEqual([await boxes(), session.curationOf('a')], [0, untouched]);
    await step?.redo();
    await session.save();
    assert.deepEqual((await readCuration(curationFile(file))).records.get('a')?.proposals, [decision('cat')]);
    assert.equal(await boxes(), 1);
  });

  it('say when an accepted box is another one now, and no more when it is back', async () => {
    await accept('cat');
    const isEdited = (): boolean | undefined => session.curationOf('a').proposals?.[0]?.isEdited;
    const moved = await session.change(0, { type: 'setBox', index: 0, numbers: [2, 2, 30, 40] });
    assert.equal(isEdited(), true);
    await moved?.undo();
    assert.equal(isEdited(), false);
    await session.change(0, { type: 'renameBox', index: 0, label: 'dog' });
    assert.equal(isEdited(), true);
    await session.change(0, { type: 'renameBox', index: 0, label: 'cat' });
    assert.equal(isEdited(), false);
  });

  it('to reject leave the row as it is to the byte', async () => {
    const step = await session.change(0, undefined, [decision('cat', { verdict: 'rejected' })]);
    assert.equal(step?.label, 'Reject a proposed box');
    const before = await readFile(file, 'utf8');
    await session.save();
    assert.equal(await readFile(file, 'utf8'), before);
    await assert.rejects(session.change(1, undefined, [decision('cat')]), /no id/);
  });

  it('merge like tags: of two people each keeps theirs, and what one took back is gone', () => {
    const of = (...labels: readonly string[]): typeof untouched => ({ ...untouched, proposals: labels.map(label => decision(label)) });
    assert.deepEqual(mergeCuration(of('a', 'b'), of('b', 'c'), of('a', 'b', 'd')).merged.proposals?.map(({ label }) => label), ['b', 'c', 'd']);
    assert.deepEqual(mergeCuration(of('a'), untouched, of('a')).merged, untouched);
  });

  it('are read back as written; a line with something else there is a problem and stays', () => {
    const curation = { ...untouched, proposals: [decision('cat', { score: null, isEdited: true }), decision('dog', { verdict: 'rejected' })] };
    const line = printCuration({ qid: 'a', curation }, '2026-11-21');
    assert.deepEqual(parseCuration(line).value?.curation, curation);
    assert.ok(!printCuration({ qid: 'a', curation: untouched }, '2026-11-21', line).includes('cat'), 'taken back');
    for (const wrong of ['{"qid": "a", "proposals": 3}', '{"qid": "a", "proposals": [{"verdict": "perhaps"}]}']) assert.match(parseCuration(wrong).fault ?? '', /"proposals"/);
  });
});

describe('openProposals', () => {
  const row = parseRow('{"qid": "a", "problem": "?", "answer": "1", "images": ["a.png"], "boxes": [{"label": "cat", "bbox": [100, 100, 200, 200]}]}', defaultColumns).row;
  const size = { width: 2000, height: 1000 };
  const proposals = [
    { label: 'cat', score: 0.9, bbox: [200, 100, 400, 200] as const }, // the box of the row, in its frame
    { label: 'dog', score: 0.9, bbox: [200, 100, 400, 200] as const },
    { label: 'cat', score: null, bbox: [0, 0, 100, 100] as const },
    { label: 'cat', score: 0.2, bbox: [1000, 0, 1100, 100] as const },
  ];

  it('are those that are sure enough, not in the row under their label, and not decided for this model', () => {
    assert.ok(row);
    const question = { row, frame: 'norm1000' as const, size, decisions: [decision('dog', { verdict: 'rejected', box: [101, 101, 200, 200] })], hash: 'h', threshold: 0.5 };
    assert.deepEqual(openProposals(proposals, question), [proposals[2]]);
    assert.deepEqual(openProposals(proposals, { ...question, hash: 'other' }), [proposals[1], proposals[2]], 'another model may propose it again');
    assert.deepEqual(openProposals(proposals, { ...question, threshold: 0 }), [proposals[2], proposals[3]]);
  });
});
