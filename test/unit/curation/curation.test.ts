import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { CuratedSamples, type CurationEdit, invertCurationEdit } from '../../../src/core/curation/curatedSamples';
import { applyCurationChange, type Curation, type CurationChange, mergeCuration, reviews, sortedTags, stageOverrides, untouched } from '../../../src/core/curation/curation';
import { parseCuration, printCuration } from '../../../src/core/curation/curationLine';
import { difficulties } from '../../../src/core/dataset/difficulty';

const tag = fc.constantFrom('blurry', 'wrong box', 'ü 🙂', 'a', 'b');
const note = fc.oneof(fc.constantFrom('', 'look again', 'two\nlines\u2028"quoted"'), fc.string({ unit: 'grapheme' }));
const curation: fc.Arbitrary<Curation> = fc.record({
  tags: fc.array(tag, { maxLength: 3 }).map(sortedTags),
  review: fc.constantFrom(...reviews),
  note,
  stage: fc.constantFrom(null, ...stageOverrides),
  difficulty: fc.constantFrom(null, ...difficulties),
  rollout: fc.constantFrom(null, 'run/group/0'),
  second: fc.constantFrom(null, { answer: '7', key_words: [], boxes: [], at: '2026-11-21T10:00:00.000Z' }, { answer: '8', key_words: ['red'], boxes: [{ label: 'a', bbox: [1, 2, 3, 4] as const }], by: 'Ada', at: '2026-11-21T11:00:00.000Z' }),
}, { noNullPrototype: true });
const change: fc.Arbitrary<CurationChange> = fc.oneof(
  fc.record({ type: fc.constantFrom('addTag' as const, 'removeTag' as const), tag }),
  fc.record({ type: fc.constant('setReview' as const), review: fc.constantFrom(...reviews) }),
  fc.record({ type: fc.constant('setNote' as const), note }),
  fc.record({ type: fc.constant('setStage' as const), stage: fc.constantFrom(null, ...stageOverrides) }),
  fc.record({ type: fc.constant('setDifficulty' as const), difficulty: fc.constantFrom(null, ...difficulties) }),
);

describe('curation', () => {
  it('is what it was after printing and reading, in one line, with the fields that this release does not know', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), curation, (qid, value) => {
        const line = printCuration({ qid, curation: value }, '2026-11-21', '{"qid":"old","third":{"iou":0.5}}');
        assert.ok(!line.includes('\n'));
        assert.deepEqual(parseCuration(line).value, { qid, curation: value });
        assert.deepEqual((JSON.parse(line) as { third: unknown }).third, { iou: 0.5 });
      }),
    );
  });

  it('says what is wrong with a line', () => {
    const faults = ['{"qid":"a","tags":["x"', '[]', '{"tags":[]}', '{"qid":"a","review":"maybe"}', '{"qid":"a","stage":"warmup"}', '{"qid":"a","tags":"x"}', '{"v":2,"qid":"a"}'].map(line => parseCuration(line).fault);
    assert.deepEqual(faults, [
      'This line ends in the middle (the writer was stopped while it wrote).', 'This line is not a JSON object.', 'The line names no "qid".',
      '"review" is "maybe", which is none of its values.', '"stage" is "warmup", which is none of its values.', '"tags" is no list of texts.',
      'The line has version 2; this release reads 1.',
    ]);
    assert.deepEqual(parseCuration('{"qid":"a","__proto__":{"note":"x"},"note":NaN}\r').value, { qid: 'a', curation: untouched });
  });

  it('merges what only one side changed, and keeps mine of what both did', () => {
    fc.assert(
      fc.property(curation, curation, (base, theirs) => {
        assert.deepEqual(mergeCuration(base, base, theirs), { merged: theirs, conflicts: [] });
        assert.deepEqual(mergeCuration(base, theirs, base), { merged: theirs, conflicts: [] });
        assert.deepEqual(mergeCuration(base, theirs, theirs), { merged: theirs, conflicts: [] });
      }),
    );
    const base: Curation = { ...untouched, tags: ['a', 'b'] };
    const { merged, conflicts } = mergeCuration(base, { ...base, tags: ['b', 'c'], review: 'accepted', note: 'mine' }, { ...base, tags: ['a', 'b', 'd'], review: 'rejected', stage: 'excluded' });
    assert.deepEqual([merged, conflicts], [{ ...untouched, tags: ['b', 'c', 'd'], review: 'accepted', note: 'mine', stage: 'excluded' }, ['review']]);
  });

  it('of samples survives any order of changing, undoing, redoing and saving', () => {
    const action = fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('change' as const), qids: fc.subarray(['a', 'b', 'c'], { minLength: 1 }), change }) },
      { weight: 2, arbitrary: fc.constant({ kind: 'undo' as const }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'redo' as const }) },
      { weight: 1, arbitrary: fc.constant({ kind: 'save' as const }) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 40 }), actions => {
        const samples = new CuratedSamples(new Map([['a', { ...untouched, tags: ['blurry'] }]]));
        const stack: CurationEdit[] = [];
        const states = [['a', 'b', 'c'].map(qid => samples.of(qid))]; // before each step of the stack, and after the last one done
        let at = 0;
        for (const step of actions) {
          if (step.kind === 'change') {
            const edit = samples.planned(step.qids, step.change);
            if (!edit) continue;
            samples.apply(edit);
            stack.splice(at++, stack.length, edit);
            states.splice(at, states.length, ['a', 'b', 'c'].map(qid => applyTo(states[at - 1]?.[['a', 'b', 'c'].indexOf(qid)] ?? untouched, step.qids.includes(qid), step.change)));
          } else if (step.kind === 'undo' && at > 0) samples.apply(invertCurationEdit(stack[--at] as CurationEdit));
          else if (step.kind === 'redo' && at < stack.length) samples.apply(stack[at++] as CurationEdit);
          else if (step.kind === 'save') {
            samples.markSaved();
            assert.equal(samples.unsaved.size, 0);
          }
          assert.deepEqual(['a', 'b', 'c'].map(qid => samples.of(qid)), states[at]);
        }
      }),
    );
  });

  const applyTo = (value: Curation, isTouched: boolean, what: CurationChange): Curation => (isTouched ? applyCurationChange(value, what) : value);

  it('follows its file: the other fields of theirs are taken, mine is kept and told', () => {
    const samples = new CuratedSamples();
    const edit = samples.planned(['a', 'b', 'a'], { type: 'setReview', review: 'accepted' });
    assert.deepEqual(edit?.qids, ['a', 'b']);
    samples.apply(edit);
    const conflicts = samples.rebase(new Map([['a', { ...untouched, review: 'rejected', note: 'theirs' }], ['b', { ...untouched, review: 'accepted' }]]));
    assert.deepEqual(conflicts, ['a']);
    assert.deepEqual(samples.of('a'), { ...untouched, review: 'accepted', note: 'theirs' });
    assert.deepEqual([...samples.unsaved.keys()], ['a'], 'the file says the same of b');
    samples.apply(invertCurationEdit(edit));
    assert.deepEqual(samples.of('a'), { ...untouched, note: 'theirs' }, 'an undo takes back what the step did, and nothing else');
  });
});
