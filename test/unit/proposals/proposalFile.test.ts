import * as assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import type { SampleProposals } from '../../../src/core/proposals/proposal';
import { parseProposalLine, printSampleProposals } from '../../../src/core/proposals/proposalLine';
import { ProposalFile, proposalFilePath } from '../../../src/platform/proposals/proposalFile';

const model = { name: 'cards', hash: 'abc' };
const sample = (qid: string, score: number | null = 0.5): SampleProposals => ({
  qid, image: 'a.png', size: { width: 10, height: 20 }, date: '2026-11-21T14:00:00.000Z', proposals: [{ label: 'cat', score, bbox: [1, 2, 3, 4] }],
});

describe('the file of proposals', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'pebr-proposals-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('keeps what was proposed, the last line of a sample, across a half line', async () => {
    const place = proposalFilePath(folder, 'my set/../x', model);
    assert.equal(path.relative(folder, place), path.join('.pebr', 'proposals', 'my-set-..-x.cards.jsonl'));
    const first = await ProposalFile.open(place, model);
    assert.ok(!existsSync(place), 'looking writes nothing');
    await Promise.all([first.add(sample('a')), first.add(sample('b', null))]);
    await first.add(sample('a', 0.75));
    appendFileSync(place, '{"v": 1, "qid": "c", "ima'); // killed while it wrote
    const second = await ProposalFile.open(place, model);
    assert.deepEqual([second.of('a')?.proposals[0]?.score, second.of('b')?.proposals[0]?.score, second.of('c')], [0.75, null, undefined]);
    assert.deepEqual(second.problems.map(({ line, rule }) => [line, rule]), [[5, 'proposals/malformed-line']]);
    await second.add(sample('d'));
    assert.deepEqual([...(await ProposalFile.open(place, model)).all()].map(({ qid }) => qid), ['a', 'b', 'd']);
  });

  it('forgets what another version of the model proposed', async () => {
    const place = proposalFilePath(folder, 'set', model);
    await (await ProposalFile.open(place, model)).add(sample('a'));
    const other = await ProposalFile.open(place, { ...model, hash: 'def' });
    assert.equal(other.size, 0);
    await other.add(sample('b'));
    assert.deepEqual(readFileSync(place, 'utf8').trim().split('\n').map(line => (JSON.parse(line) as { qid?: string }).qid), [undefined, 'b']);
  });

  it('reads every line that it writes, and no other one throws', () => {
    const number = fc.double({ min: 0, max: 1000, noNaN: true });
    const proposals = fc.array(fc.record({ label: fc.string(), score: fc.option(fc.double({ min: 0, max: 1, noNaN: true }).map(score => score + 0)), bbox: fc.tuple(number, number, number, number).map(([x, y, w, h]) => [x + 0, y + 0, x + w + 1, y + h + 1] as const) }, { noNullPrototype: true }), { maxLength: 5 });
    fc.assert(fc.property(fc.string({ minLength: 1 }), proposals, (qid, list) => {
      const written: SampleProposals = { ...sample(qid), proposals: list };
      assert.deepEqual(parseProposalLine(printSampleProposals(written)).value, { kind: 'sample', sample: written });
    }));
    fc.assert(fc.property(fc.json(), line => void parseProposalLine(line)));
    assert.match(parseProposalLine('{"qid": "a", "image": "a", "size": [0, 1], "proposals": []}').fault ?? '', /size/);
    assert.match(parseProposalLine('{"v": 2}').fault ?? '', /version 2/);
  });
});
