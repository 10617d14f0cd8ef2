import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { blindQuery } from '../../../src/core/query/blindQuery';
import type { ParsedQuery } from '../../../src/core/query/chip';
import { parseQuery } from '../../../src/core/query/parseQuery';
import { chipOf, printQuery } from '../../../src/core/query/printQuery';

/** A query without the places of its chips. */
function meaning(query: ParsedQuery): unknown {
  return query.kind === 'sql' ? query.condition : query.chips.map(({ name, isNegated, values }) => ({ name, isNegated, values }));
}

describe('the text of a query', () => {
  it('reads chips, words, alternatives, comparisons and quotes', () => {
    const query = parseQuery('difficulty:hard|medium -tag:blurry boxes:>=3 "how many" cat|dog question:"a \\"b\\"" tag:""');
    assert.deepEqual(query.faults, []);
    assert.ok(query.kind === 'chips');
    const values = (index: number): unknown => query.chips[index]?.values.map(({ comparison, text, isQuoted }) => [comparison, text, isQuoted]);
    assert.deepEqual(query.chips.map(({ name, isNegated }) => [name, isNegated]), [['difficulty', false], ['tag', true], ['boxes', false], [null, false], [null, false], ['question', false], ['tag', false]]);
    assert.deepEqual([0, 1, 2, 3, 4, 5, 6].map(values), [
      [[null, 'hard', false], [null, 'medium', false]], [[null, 'blurry', false]], [['>=', '3', false]], [[null, 'how many', true]],
      [[null, 'cat', false], [null, 'dog', false]], [[null, 'a "b"', true]], [[null, '', true]],
    ]);
  });

  it('leaves out for a blind pass what tells of the first labels', () => {
    const blind = (text: string) => blindQuery({ text, sort: [], groupBy: null }).text;
    assert.equal(blind('answer:B question:left -boxes:>3 qid:p-1|p-2 "red 7" majority:disagrees'), 'question:left qid:p-1|p-2 "red 7"');
    assert.equal(blind("sql: answer = 'B'"), '');
    assert.equal(blind('row.answer:x solution:y'), '');
    const open = { text: 'tag:twice left', sort: [{ column: 'qid', isDescending: true }], groupBy: 'tags' };
    assert.equal(blindQuery(open), open);
    assert.deepEqual(blindQuery({ text: 'left', sort: [{ column: 'pass_rate', isDescending: false }, { column: 'qid', isDescending: false }], groupBy: 'answer' }), { text: 'left', sort: [{ column: 'qid', isDescending: false }], groupBy: null });
  });

  it('says where each chip stands', () => {
    const text = '  difficulty:hard   -"two words" ';
    const query = parseQuery(text);
    assert.deepEqual(query.kind === 'chips' && query.chips.map(({ from, to }) => text.slice(from, to)), ['difficulty:hard', '-"two words"']);
  });

  it('takes everything after sql: as one condition', () => {
    const query = parseQuery(' SQL:  box_count > 3 and "a:b" <> \'x\'  ');
    assert.deepEqual(query, { kind: 'sql', condition: 'box_count > 3 and "a:b" <> \'x\'', offset: 7, faults: [] });
    assert.equal(parseQuery('sql:').faults[0]?.message, 'There is no condition after "sql:".');
  });

  for (const [text, offset, message] of [
    ['tag:', 4, '"tag:" has no value.'],
    ['tag: x', 4, '"tag:" has no value.'],
    ['a tag:x|', 8, '"tag:x|" has no value.'],
    ['boxes:>', 6, '"boxes:>" has no value.'],
    ['tag:"open', 4, 'A quotation mark is never closed.'],
    ['tag:"a"b c', 7, 'Something stands right after a closing quotation mark.'],
    ['-', 1, '"-" has no value.'],
  ] as const) {
    it(`finds fault with ${text}`, () => {
      const [fault] = parseQuery(text).faults;
      assert.equal(fault?.message, message);
      assert.equal(fault?.offset, offset);
      assert.notEqual(fault?.remedy, '');
    });
  }

  it('is the same after printing and reading again', () => {
    const piece = fc.oneof(fc.constantFrom('tag:', '-', '|', '"', '\\', ':', ' ', '>', '>=', '..', '*', 'sql', 'a', 'boxes:', '3', '-x', '__proto__:'), fc.string({ unit: 'binary', maxLength: 3 }));
    fc.assert(fc.property(fc.array(piece, { maxLength: 12 }), pieces => {
      const query = parseQuery(pieces.join(''));
      const again = parseQuery(printQuery(query));
      assert.deepEqual(meaning(again), meaning(query));
      if (query.kind === 'chips') assert.deepEqual(again.faults, []);
    }), { numRuns: 2000 });
  });

  it('names any value of any column in one chip', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', minLength: 1 }), fc.string({ unit: 'binary' }), (name, value) => {
      const query = parseQuery(chipOf(name, value));
      assert.deepEqual(query.faults, []);
      assert.ok(query.kind === 'chips' && query.chips.length === 1);
      const [chip] = query.chips;
      assert.deepEqual([chip?.name, chip?.values.map(({ text, comparison }) => [text, comparison])], [name, [[value, null]]]);
    }), { numRuns: 1000 });
  });
});
