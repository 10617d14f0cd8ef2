import * as assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { AppError } from '../../../src/core/errors';
import { untouched } from '../../../src/core/curation/curation';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import { parseQuery } from '../../../src/core/query/parseQuery';
import type { RowQuery } from '../../../src/core/query/rowQuery';
import { DatasetFile } from '../../../src/platform/dataset/datasetFile';
import { DatasetQuery } from '../../../src/platform/query/datasetQuery';
import type { EditedText, QuerySource, RowProblem } from '../../../src/platform/query/querySource';
import { holds, valuesOf } from './plainEvaluation';

describe('DatasetQuery', () => {
  let folder: string;
  let closing: (() => Promise<void>)[] = [];
  before(() => (folder = mkdtempSync(path.join(tmpdir(), "pebr query's ü-"))));
  after(() => rmSync(folder, { recursive: true }));
  afterEach(async () => {
    for (const close of closing.reverse()) await close();
    closing = [];
  });

  let files = 0;
  function write(content: string | Buffer): string {
    const file = path.join(folder, `rows ${files++}.jsonl`);
    writeFileSync(file, content);
    return file;
  }

  async function open(content: string | Buffer | readonly object[], source: Partial<QuerySource> = {}): Promise<DatasetQuery> {
    const dataset = await DatasetFile.open(write(typeof content === 'string' || Buffer.isBuffer(content) ? content : content.map(row => JSON.stringify(row)).join('\n')));
    closing.push(() => dataset.close());
    const query = await DatasetQuery.open({ dataset, columns: defaultColumns, ...source });
    closing.push(() => query.close());
    return query;
  }

  async function rowsOf(query: DatasetQuery, text: string, more: Partial<RowQuery> = {}): Promise<readonly number[]> {
    return [...(await query.answer({ text, sort: [], groupBy: null, ...more })).rows];
  }

  async function faultOf(query: DatasetQuery, text: string): Promise<{ readonly message: string; readonly remedy: string; readonly offset?: number }> {
    const error: unknown = await query.answer({ text, sort: [], groupBy: null }).then(() => undefined, (reason: unknown) => reason);
    assert.ok(AppError.is(error, 'query.invalid'), `no fault: ${String(error)}`);
    return error.details;
  }

  const cards = [
    { qid: 'c1', problem: '<image>How many red cards?', answer: '3', images: ['a/1.png'], key_words: ['red', 'cards'], boxes: [{ label: 'card', bbox: [1, 2, 3, 4] }, { label: 'Card', bbox: [5, 6, 7, 8] }], source: 'geo', weight: 0.25 },
    { qid: 'c2', problem: '<image>Which is left?', answer: '(B)', images: 'a/2.png', key_words: [], boxes: [], source: 'chart', weight: 0.5 },
    { qid: 'c3', problem: 'Is it so?', answer: 'yes', source: 'geo', weight: 2, boxes: [{ label: 'dog', bbox: [1, 2, 3, 4] }, { label: 'cat', bbox: [1, 2] }] },
    { qid: 'c4', problem: 'Say a word.', answer: '', source: null },
  ];

  it('answers chips about the rows', async () => {
    const query = await open(cards);
    for (const [text, rows] of [
      ['', [0, 1, 2, 3]], ['source:geo', [0, 2]], ['-source:geo', [1, 3]], ['source:""', [3]], ['box:card', [0]], ['boxes:>=1', [0, 2]], ['boxes:0', [1, 3]], ['weight:0.3..2', [1, 2]], ['weight:0.25..<0.5', [0]],
      ['answer_type:number', [0]], ['answer_type:choice|yes-no', [1, 2]], ['answer_type:empty', [3]], ['left', [1]], ['RED|so', [0, 2]], ['image:2.png', [1]], ['image_count:1', [0, 1]],
      ['key_word:red', [0]], ['question:"a word"', [3]], ['qid:c*', [0, 1, 2, 3]], ['qid:"c*"', []], ['answer:"(b)"', [1]], ['difficulty:unsampled review:todo -tag:x', [0, 1, 2, 3]], ['edited:yes', []],
    ] as const) assert.deepEqual(await rowsOf(query, text), rows, text);
  });

  it('tells a blind pass nothing of the first labels: no column, word, order, group or count has them', async () => {
    const query = await open(cards);
    const asBlind = (text: string, more: Partial<RowQuery> = {}) => query.answer({ text, sort: [], groupBy: null, ...more }, undefined, true);
    for (const [text, rows] of [['', [0, 1, 2, 3]], ['left', [1]], ['c1|so', [0, 2]], ['yes', []], ['so*', [2]], ['ye*', []], ['qid:c*', [0, 1, 2, 3]], ['image:2.png', [1]]] as const) assert.deepEqual([...(await asBlind(text)).rows], rows, text);
    for (const text of ['answer:yes', '-answer:yes', 'box:card', 'boxes:2', 'key_word:red', 'problem:*', 'difficulty:hard', 'pass_rate:>0', 'majority:disagrees', 'agreement:<1', 'second:open', 'review:accepted', 'note:x', 'source:geo', 'answer_type:number', "sql: answer = 'yes'"]) {
      const error: unknown = await asBlind(text).then(() => undefined, (reason: unknown) => reason);
      assert.ok(AppError.is(error, 'query.invalid') && /hidden in a blind pass/.test(error.details.message), `${text}: ${String(error)}`);
    }
    for (const more of [{ sort: [{ column: 'answer', isDescending: false }] }, { groupBy: 'answer' }]) await assert.rejects(asBlind('', more), /hidden in a blind pass/);
    await assert.rejects(query.facet('answer', undefined, undefined, true), /hidden in a blind pass/);
    await assert.rejects(query.facet('qid', { text: 'answer:yes' }, undefined, true), /hidden in a blind pass/);
    assert.deepEqual((await query.columns(true)).map(({ name }) => name), ['qid', 'problem', 'images', 'image_count', 'tags', 'stage']);
    assert.equal((await query.facet('image_count', undefined, undefined, true)).rowCount, 4);
  });

  it('finds ids of nineteen digits by each of them', async () => {
    const query = await open(['{"qid":"a","image_id":1234567890123456788}', '{"qid":"b","image_id":1234567890123456789}', '{"qid":"c","image_id":7}'].join('\n'));
    assert.deepEqual(await rowsOf(query, 'image_id:1234567890123456789'), [1]);
    assert.deepEqual(await rowsOf(query, 'image_id:7'), [2]);
    assert.deepEqual(await rowsOf(query, "sql: image_id = '1234567890123456788'"), [0]);
  });

  it('answers SQL over the same columns, subqueries included', async () => {
    const query = await open([...cards, { ...cards[0], qid: 'c5' }]);
    assert.deepEqual(await rowsOf(query, "sql: box_count > 0 and source = 'geo' -- more than none"), [0, 2, 4]);
    assert.deepEqual(await rowsOf(query, 'sql: problem in (select problem from samples group by problem having count(*) > 1)'), [0, 4]);
    assert.deepEqual(await rowsOf(query, "sql: list_contains(labels, 'card') or weight is null"), [0, 3, 4]);
  });

  it('agrees with a plain evaluation on random rows and chips', async () => {
    const word = fc.constantFrom('cat', 'Dog', 'a b', "it's", '50%', 'x_y', 'ü', '3', '-2.5', 'B', 'yes', '', '[1, 2, 3, 4]', '\\', '"', '*');
    const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> => fc.option(fc.option(value, { nil: null }), { nil: undefined });
    const box = fc.record({ label: word, bbox: fc.oneof(fc.constant([1, 2, 3, 4]), fc.constant([1, 2, 3]), fc.constant('none'), fc.constant([1, 2, null, 4])) });
    const row = fc.record({
      qid: fc.oneof(word, fc.integer()), problem: maybe(word), answer: maybe(fc.oneof(word, fc.constantFrom(7, 0.5))), images: maybe(fc.oneof(word, fc.array(word, { maxLength: 3 }))), key_words: maybe(fc.array(word, { maxLength: 3 })),
      boxes: maybe(fc.oneof(fc.array(fc.oneof(box, fc.constant({ bbox: [1, 2, 3, 4] }), fc.constant(5), fc.constant(null)), { maxLength: 3 }), fc.constant('none'))),
      source: maybe(word), weight: maybe(fc.constantFrom(-1, 0, 0.3, 2, 1e9)), flag: maybe(fc.boolean()), words: maybe(fc.array(word, { maxLength: 2 })),
    });
    const line = fc.oneof({ weight: 12, arbitrary: row.map(value => JSON.stringify(value)) }, { weight: 1, arbitrary: fc.constantFrom('{"qid": "cut', 'null', '[1]', '7') });
    const typed = { qid: 'always', source: 'x', weight: 1, flag: true, words: ['x'] };
    const number = fc.constantFrom('0', '1', '>0', '<=2', '0..1', '..0.3', '-1..<2', '""');
    const textual = fc.tuple(fc.constantFrom('', '*'), word, fc.constantFrom('', '*')).map(([before, text, after]) => (/^[\w.%]+$/.test(text) ? `${before}${text}${after}` : JSON.stringify(text)));
    const chip = fc.oneof(
      fc.tuple(fc.constantFrom('qid', 'question', 'answer', 'source', 'image', 'key_word', 'box', 'words'), textual, fc.option(textual)).map(([name, text, other]) => `${name}:${text}${other === null ? '' : `|${other}`}`),
      fc.tuple(fc.constantFrom('boxes', 'image_count', 'weight'), number).map(([name, text]) => `${name}:${text}`),
      fc.tuple(fc.constantFrom('answer', 'source'), fc.constantFrom('>', '<='), word).map(([name, sign, text]) => `${name}:${sign}${JSON.stringify(text)}`),
      fc.constantFrom('flag:yes', 'flag:no', 'flag:""', 'answer_type:number', 'answer_type:choice|boxes', 'answer_type:text', 'answer_type:empty', 'cat', '"a b"|Dog', '*3*'),
    );
    const text = fc.array(fc.tuple(fc.constantFrom('', '-'), chip), { minLength: 1, maxLength: 3 }).map(chips => chips.map(([sign, each]) => sign + each).join(' '));
    await fc.assert(fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 30 }), fc.array(text, { minLength: 20, maxLength: 20 }), async (lines, texts) => {
      const all = [JSON.stringify(typed), ...lines];
      const query = await open(`${all.join('\n')}\n`);
      const columns = await query.columns();
      const values = all.map(valuesOf);
      let count = 0;
      for (const asked of texts) {
        const parsed = parseQuery(asked);
        assert.ok(parsed.kind === 'chips' && parsed.faults.length === 0, asked);
        const expected = values.flatMap((each, index) => (holds(parsed.chips, each, columns) ? [index] : []));
        assert.deepEqual(await rowsOf(query, asked), expected, `from the file: ${asked}\n${all.join('\n')}`);
        if (count++ % 4 === 0) {
          await query.prepare((await query.columns()).map(({ name }) => name));
          query.refresh(['edited']); // forgets the answer
          assert.deepEqual(await rowsOf(query, asked), expected, `from columns: ${asked}\n${all.join('\n')}`);
        }
      }
      await closing.pop()?.();
      await closing.pop()?.();
    }), { numRuns: 25 });
  }).timeout(60_000);

  it('numbers rows as the editor does: BOM, CRLF, blank, malformed and half lines, NaN, bytes that are no UTF-8', async () => {
    const content = Buffer.concat([
      Buffer.from('\ufeff{"qid":"bom","n":1}\r\n\r\n   \t\r\n{"qid":"nan","n":NaN,"answer":"-Infinity"}\r\n{"qid":"c", half\n[1,2]\n"text"\n\n{"qid":7}\n{"qid":"bad '),
      Buffer.from([0xff, 0xfe]), Buffer.from('"}\n{"qid":"half pair \\ud800"}\n{"qid":"x"} {"qid":"y"}\n{"answer":"no id"}\n\n{"qid":"last","n":'),
    ]);
    const query = await open(content);
    const dataset = await DatasetFile.open(write(content));
    const lines = await dataset.readRows(0, 100);
    await dataset.close();
    assert.deepEqual(await rowsOf(query, ''), lines.map(({ row }) => row));
    for (const [qid, row] of [['bom', 0], ['nan', 1], ['7', 5]] as const) assert.deepEqual(await rowsOf(query, `qid:${qid}`), [row]);
    assert.deepEqual(await rowsOf(query, 'qid:bad*'), [6], 'bytes that are no UTF-8');
    assert.deepEqual(await rowsOf(query, 'qid:half*'), [7], 'half a surrogate pair');
    assert.deepEqual(await rowsOf(query, 'qid:""'), [2, 3, 4, 8, 9, 10]);
    assert.deepEqual(await rowsOf(query, 'n:1'), [0]);
    assert.equal(lines.find(({ row }) => row === 5)?.text, '{"qid":7}');
  });

  it('reads a file with a line of 20 MB, and one with a form feed between its rows', async () => {
    const long = await open(`{"qid":"a"}\n{"qid":"long","answer":"${'x'.repeat(20 << 20)}","source":"s"}\n\n{"qid":"b"}`);
    assert.deepEqual(await rowsOf(long, 'source:s qid:long answer:x*'), [1]);
    assert.deepEqual(await rowsOf(long, 'qid:b'), [2]);
    const feed = await open('{"qid":"a"}\n\f\n{"qid":"b"}');
    assert.deepEqual(await rowsOf(feed, 'qid:b'), [2]);
  });

  it('keeps the order of the file over many threads', async () => {
    const lines = Array.from({ length: 60_000 }, (_, row) => `{"qid":"r${row}","problem":"${'x'.repeat(row % 300)}","third":${row % 3}}${row % 7 === 0 ? '\n\n' : '\n'}`);
    const query = await open(lines.join(''));
    assert.deepEqual(await rowsOf(query, 'third:1'), Array.from({ length: 20_000 }, (_, index) => index * 3 + 1));
    assert.deepEqual(await rowsOf(query, 'qid:r59999'), [59_999]);
  });

  it('sorts by several keys, rows without a value last, equal ones as in the file', async () => {
    const query = await open([{ qid: 'a', n: 2, s: 'x' }, { qid: 'b', n: null, s: 'y' }, { qid: 'c', n: 1, s: 'y' }, { qid: 'd', n: 2, s: 'a' }, { qid: 'e', s: '' }]);
    const by = (...sort: [string, boolean][]): Partial<RowQuery> => ({ sort: sort.map(([column, isDescending]) => ({ column, isDescending })) });
    assert.deepEqual(await rowsOf(query, '', by(['n', false])), [2, 0, 3, 1, 4]);
    assert.deepEqual(await rowsOf(query, '', by(['n', true])), [0, 3, 2, 1, 4]);
    assert.deepEqual(await rowsOf(query, '', by(['n', true], ['s', false])), [3, 0, 2, 1, 4]);
    assert.deepEqual(await rowsOf(query, '-qid:a', by(['s', true])), [1, 2, 3, 4]);
  });

  it('groups rows, the largest group first, and keeps the order within one', async () => {
    const query = await open([{ qid: 'a', s: 'x' }, { qid: 'b', s: 'y' }, { qid: 'c' }, { qid: 'd', s: 'y' }, { qid: 'e', s: '' }, { qid: 'f', s: 'y' }]);
    const { rows, groups } = await query.answer({ text: '-qid:a', sort: [{ column: 'qid', isDescending: true }], groupBy: 's' });
    assert.deepEqual([...rows], [5, 3, 1, 4, 2]);
    assert.deepEqual(groups, [{ value: 'y', from: 0, count: 3 }, { value: null, from: 3, count: 2 }]);
  });

  it('draws histograms and counts whose chips keep just those rows', async () => {
    const rows = Array.from({ length: 300 }, (_, row) => ({ qid: `r${row}`, n: row % 100, f: (row % 40) / 10, s: `it's "${row % 3}"`, key_words: row % 2 ? ['a', 'b', 'a'] : [], flag: row % 5 === 0, empty: row % 4 ? null : 'v' }));
    const query = await open(rows);
    for (const column of ['n', 'f', 's', 'key_words', 'flag', 'empty', 'box_count', 'difficulty']) {
      const facet = await query.facet(column, { text: 'n:<90' });
      assert.equal(facet.rowCount, 270);
      for (const bar of facet.bars) assert.equal((await rowsOf(query, `n:<90 ${bar.chip}`)).length, bar.count, `${column}: ${bar.chip}`);
      if (column !== 'key_words') assert.equal(facet.bars.reduce((sum, { count }) => sum + count, 0), 270, column);
    }
    const numbers = await query.facet('n', { text: '' });
    assert.deepEqual([numbers.distinct, numbers.range, numbers.bars.length, numbers.bars[0]], [100, [0, 99], 20, { label: '0 to 4', count: 15, chip: 'n:0..4' }]);
    assert.deepEqual((await query.facet('key_words', { text: '' })).bars, [{ label: 'a', count: 150, chip: 'key_word:a' }, { label: 'b', count: 150, chip: 'key_word:b' }, { label: '(empty)', count: 150, chip: 'key_word:""' }]);
  });

  it('joins difficulty and curation, the saved and the unsaved', async () => {
    const difficultyFile = write(['{"qid":"c1","difficulty":"hard","correct":0,"responses":8}', '{"qid":"c2","correct":3,"responses":8}', 'no line', '{"qid":"c2","correct":NaN,"responses":8}', '{"qid":"c2","correct":1,"responses":1e300}', '{"qid":"c1","difficulty":"easy","correct":8,"responses":8}'].join('\n'));
    const curationFile = write(['{"v":1,"qid":"c1","tags":["odd","new"],"review":"accepted","note":"Look again","stage":null,"difficulty":null}', '{"v":1,"qid":"c2","tags":[],"review":"todo","note":"","stage":"excluded","difficulty":"hard"}'].join('\n'));
    const unsaved = new Map([['c1', { ...untouched, tags: ['blurry'] }]]);
    const query = await open(cards, { difficultyFile, curationFile, unsavedCuration: () => unsaved });
    for (const [text, rows] of [
      ['difficulty:easy', [0]], ['difficulty:hard', [1]], ['difficulty:unsampled', [2, 3]], ['pass_rate:<0.5', [1]], ['pass_rate:""', [2, 3]], ['correct:3 responses:8', [1]],
      ['tag:odd', []], ['tag:blurry', [0]], ['-tag:""', [0]], ['review:accepted', []], ['stage:perception', [0]], ['stage:excluded', [1]], ['note:again', []],
    ] as const) assert.deepEqual(await rowsOf(query, text), rows, text);
    unsaved.clear();
    assert.deepEqual(await rowsOf(query, 'tag:odd'), [], 'nothing is read again unasked');
    query.refresh(['curation']);
    assert.deepEqual(await rowsOf(query, 'tag:odd review:accepted note:again'), [0]);
  });

  it('answers a first question about the difficulty, which keeps nothing, as it does once that was read', async () => {
    const once = ['{"qid":"c1","difficulty":"hard","correct":0,"responses":8}', '{"qid":"c2","correct":3,"responses":8}', '{"qid":"c4","correct":8,"responses":8}', '{"qid":"gone","correct":8,"responses":8}'];
    const decided = '{"v":1,"qid":"c2","tags":[],"review":"todo","note":"","stage":null,"difficulty":"hard"}';
    for (const [lines, curation, asked] of [
      [once, '', { 'difficulty:hard': [0], 'difficulty:medium source:chart': [1], 'difficulty:unsampled': [2], '-difficulty:hard boxes:0': [1, 3], 'pass_rate:1': [3], 'correct:>2 responses:8': [1, 3], 'difficulty:none': [] }],
      [once, decided, { 'difficulty:hard': [0, 1], 'difficulty:hard "left?"': [1], "sql: difficulty = 'hard' and correct = 3": [1], 'difficulty:hard qid:c2': [1] }],
      [[...once, '{"qid":"c1","correct":8,"responses":8}'], decided, { 'difficulty:hard': [1], 'difficulty:easy': [0, 3] }], // the last line of a sample counts
      [[], '', { 'difficulty:unsampled': [0, 1, 2, 3] }],
    ] as const) {
      const source = { difficultyFile: write(lines.join('\n')), curationFile: write(curation) };
      for (const [text, rows] of Object.entries(asked)) {
        const query = await open(cards, source);
        assert.deepEqual(await rowsOf(query, text), rows, text);
        await query.idle();
        query.refresh(['edited']); // forgets the answer
        assert.deepEqual(await rowsOf(query, text), rows, `from columns: ${text}`);
      }
    }
  });

  it('sees unsaved edits, deleted and appended rows, and what is found wrong', async () => {
    const edits: EditedText[] = [];
    const problems: RowProblem[] = [{ row: 1, rule: 'dataset/missing-image', severity: 'error' }, { row: 1, rule: 'dataset/tiny-image', severity: 'warning' }];
    const difficultyFile = write('{"qid":"renamed","difficulty":"hard","correct":0,"responses":8}');
    const query = await open(cards, { edited: () => edits, problems: () => problems, difficultyFile });
    assert.deepEqual(await rowsOf(query, 'source:geo'), [0, 2]);
    assert.deepEqual([await rowsOf(query, 'problem:error'), await rowsOf(query, 'problem:dataset/tiny*'), await rowsOf(query, '-problem:""'), await rowsOf(query, 'problem:info')], [[1], [1], [1], []]);
    edits.push({ row: 0, text: '{"qid":"renamed","source":"other"}' }, { row: 2, text: null }, { row: 3, text: 'no row' }, { row: 4, text: '{"qid":"added","source":"geo"}' });
    query.refresh(['edited']);
    assert.deepEqual(await rowsOf(query, ''), [0, 1, 3, 4]);
    assert.deepEqual([await rowsOf(query, 'source:geo'), await rowsOf(query, 'edited:yes'), await rowsOf(query, 'edited:no'), await rowsOf(query, 'difficulty:hard'), await rowsOf(query, 'source:""')], [[4], [0, 3, 4], [1], [0], [3]]);
    assert.deepEqual(await rowsOf(query, '', { sort: [{ column: 'qid', isDescending: true }] }), [0, 1, 4, 3]);
    assert.deepEqual((await query.facet('source', { text: '' })).rowCount, 4);
    edits.length = 0;
    query.refresh(['edited']);
    assert.deepEqual(await rowsOf(query, 'source:geo'), [0, 2]);
  });

  it('sums up the rollouts of training and sampling', async () => {
    const runsFolder = path.join(folder, 'runs');
    mkdirSync(path.join(runsFolder, 'r1', 'rollouts'), { recursive: true });
    const rollout = (run: string, group: string, sampleId: string, overall: number | null, accuracy: number, dataset = 'cards'): string => JSON.stringify({ v: 1, run, group, sampleId, dataset, overall, components: { accuracy } });
    writeFileSync(path.join(runsFolder, 'r1', 'rollouts', 'perception.jsonl'), [rollout('r1', 'g1', 'c1', 1, 1), rollout('r1', 'g1', 'c1', 1, 1), rollout('r1', 'g2', 'c1', 0, 0), rollout('r1', 'g2', 'c1', 0.4, 0), rollout('r1', 'g3', 'c2', null, 0), rollout('r1', 'g4', 'c3', 1, 1, 'others')].join('\n'));
    writeFileSync(path.join(runsFolder, 'r1', 'rollouts', 'evaluation.jsonl'), rollout('r1', 'g9', 'c4', 1, 1));
    const query = await open(cards, { rollouts: { runsFolder, dataset: 'cards' } });
    assert.deepEqual([await rowsOf(query, 'rollouts:4'), await rowsOf(query, 'rollouts:1'), await rowsOf(query, 'rollouts:""'), await rowsOf(query, 'mean_overall:0.6 mean_accuracy:0.5 zero_std_share:0.5')], [[0], [1], [2, 3], [0]]);
  });

  it('tells the labels that the last stored responses deny, with edits, and takes the newest run', async () => {
    const runsFolder = path.join(folder, '.pebr', 'runs');
    const rollout = (group: string, step: number, sampleId: string, answer: string): string =>
      JSON.stringify({ v: 1, run: 'r', group, step, sampleId, dataset: 'cards', response: answer === '' ? 'rambling\nwithout end' : `### Image Description:\n…\n### The final answer is: ${answer}` });
    for (const [run, lines] of Object.entries({
      '20260101-000000-old': [rollout('g1', 9, 'c4', 'old'), rollout('g1', 9, 'c1', '9')],
      '20260102-000000-new': [rollout('g1', 1, 'c1', '9'), ...['3', '4.0', '4', ''].map(answer => rollout('g2', 2, 'c1', answer)), ...['(B)', 'B', 'C'].map(answer => rollout('g3', 2, 'c2', answer)), rollout('g4', 2, 'c3', '')],
    })) {
      mkdirSync(path.join(runsFolder, run, 'rollouts'), { recursive: true });
      writeFileSync(path.join(runsFolder, run, 'rollouts', 'perception.jsonl'), `${lines.join('\n')}\n{"half`);
    }
    const edits: EditedText[] = [];
    const query = await open(cards, { rollouts: { runsFolder, dataset: 'cards' }, edited: () => edits });
    assert.deepEqual([await rowsOf(query, 'majority:disagrees'), await rowsOf(query, 'majority:agrees'), await rowsOf(query, 'majority:none')], [[0, 3], [1], [2]]);
    assert.deepEqual([await rowsOf(query, 'majority_answer:4.0|4'), await rowsOf(query, 'majority_share:0.5')], [[0], [0]]);
    assert.deepEqual((await query.facet('majority', { text: '' })).bars.map(({ label, count }) => [label, count]), [['disagrees', 2], ['agrees', 1], ['none', 1]]);
    edits.push({ row: 0, text: JSON.stringify({ ...cards[0], answer: '4' }) });
    query.refresh(['edited']);
    assert.deepEqual(await rowsOf(query, 'majority:disagrees'), [3]);
  });

  it('tells how second labels agree: those of the file and the unsaved ones, in the frame of the boxes', async () => {
    const second = (boxes: readonly unknown[], answer: string, settled?: object): object => ({ answer, key_words: [], boxes, at: '2026-11-21T10:00:00Z', ...(settled && { settled }) });
    const file = write(['c1', 'c2', 'c3'].map((qid, at) => JSON.stringify({ v: 1, qid, second: [second([{ label: 'card', bbox: [1, 2, 3, 4] }, { label: 'card', bbox: [5, 6, 7, 8] }], '3.0'), second([], 'C'), second([], 'no', { answer: 'yes', key_words: [], boxes: [] })][at] })).join('\n'));
    const unsaved = new Map([['c2', { ...untouched, second: { answer: 'B', key_words: [], boxes: [], at: '' } }]]);
    const query = await open(cards, { curationFile: file, boxFrame: 'pixel', unsavedCuration: () => unsaved });
    assert.deepEqual([await rowsOf(query, 'second:agreed'), await rowsOf(query, 'second:settled'), await rowsOf(query, 'second:none'), await rowsOf(query, 'agreement:<0.5')], [[0, 1], [2], [3], [2]]);
    unsaved.set('c2', { ...untouched, second: { answer: 'C', key_words: [], boxes: [], at: '' } });
    query.refresh(['curation']);
    assert.deepEqual([await rowsOf(query, 'second:open'), await rowsOf(query, 'agreement:0')], [[1], [1, 2]]);
  });

  it('says what is wrong with a query, and where', async () => {
    const query = await open(cards);
    const place = async (text: string): Promise<[string, number | undefined]> => {
      const { message, offset } = await faultOf(query, text);
      return [message, offset];
    };
    assert.deepEqual(await place('source:geo nope:3'), ['There is no column "nope".', 11]);
    assert.deepEqual(await place('boxes:many'), ['"many" is no number, and "boxes" holds numbers.', 0]);
    assert.deepEqual(await place('edited:perhaps'), ['"perhaps" is neither yes nor no.', 0]);
    assert.deepEqual(await place('tag:>x'), ['"tag" holds lists, which are neither greater nor less.', 0]);
    assert.deepEqual(await place('sql: box_count >'), ['This is no condition of SQL: syntax error at or near ")"', 16]);
    assert.match((await place('sql: nope > 3'))[0], /There is no column "nope"/);
    await assert.rejects(query.answer({ text: '', sort: [{ column: 'nope', isDescending: false }], groupBy: null }), /There is no column/);
  });

  it('lets no condition reach files, other tables, settings or further statements', async () => {
    const query = await open(cards);
    const target = path.join(folder, 'written');
    for (const condition of [
      `(select count(*) from read_text('${write('secret').replaceAll("'", "''")}')) > 0`, "(select count(*) from glob('/*')) > 0", '(select count(*) from duckdb_settings()) > 0', '(select count(*) from t0) > 0', "(select count(*) from 'other.csv') > 0",
      'true); drop table t0; --', 'true) union all (select 1', 'true), (true', 'true) from range(3) where (true', 'true; select 1', `true); copy (select 1) to '${target}'; --`, "exists (from query('select 1'))", '*', "true) limit (1",
    ]) {
      assert.ok((await faultOf(query, `sql: ${condition}`)).message !== '', condition);
    }
    assert.deepEqual(await rowsOf(query, 'source:geo'), [0, 2], 'all is as it was');
  });

  it('gives up a question whose signal is aborted and answers the next one', async () => {
    const query = await open(Array.from({ length: 3000 }, (_, row) => ({ qid: `r${row}` })));
    const abort = new AbortController();
    const slow = query.answer({ text: 'sql: (select count(*) from samples a, samples b, samples c where a.qid < b.qid and b.qid < c.qid) > 0', sort: [], groupBy: null }, abort.signal);
    const waiting = query.answer({ text: 'qid:r1', sort: [], groupBy: null }, abort.signal);
    const next = query.answer({ text: 'qid:r2', sort: [], groupBy: null });
    setImmediate(() => abort.abort());
    await assert.rejects(slow, { name: 'AbortError' });
    await assert.rejects(waiting, { name: 'AbortError' });
    assert.deepEqual([...(await next).rows], [2]);
  });

  it('takes the name of a file as it is: brackets, stars, what looks like a partition, a packed file or a link', async () => {
    const odd = path.join(folder, 'source=web', 'a [1]*?.d');
    mkdirSync(path.join(odd, 'runs', 'r', 'rollouts'), { recursive: true });
    const file = path.join(odd, 'rows [x].jsonl.gz');
    const link = path.join(odd, 'link.jsonl');
    const difficultyFile = path.join(odd, '[d].jsonl');
    writeFileSync(file, '{"qid":"a","source":"mine"}\n{"qid":"b"}\n{"qid":"\\ud800"}\n');
    symlinkSync(file, link);
    writeFileSync(difficultyFile, '{"qid":"b","correct":8,"responses":8}\n');
    writeFileSync(path.join(odd, 'runs', 'r', 'rollouts', 's.jsonl'), '{"qid":"b","sampleId":"b","dataset":"d","run":"r","group":"g","overall":1}\n');
    for (const name of [file, link]) {
      const dataset = await DatasetFile.open(name);
      closing.push(() => dataset.close());
      const query = await DatasetQuery.open({ dataset, columns: defaultColumns, difficultyFile, rollouts: { runsFolder: path.join(odd, 'runs'), dataset: 'd' } });
      closing.push(() => query.close());
      assert.deepEqual([await rowsOf(query, 'source:mine'), await rowsOf(query, 'source:web'), await rowsOf(query, 'difficulty:easy rollouts:1')], [[0], [], [1]], name);
    }
  });

  it('closes in the middle of a question, which then fails', async () => {
    const dataset = await DatasetFile.open(write(Array.from({ length: 3000 }, (_, row) => `{"qid":"r${row}"}\n`).join('')));
    const query = await DatasetQuery.open({ dataset, columns: defaultColumns });
    const asked = query.answer({ text: 'sql: (select count(*) from samples a, samples b, samples c where a.qid < b.qid and b.qid < c.qid) > 0', sort: [], groupBy: null });
    const refused = assert.rejects(asked, { name: 'AbortError' });
    await new Promise(resolve => setImmediate(resolve));
    await query.close();
    await refused;
    await assert.rejects(query.answer({ text: '', sort: [], groupBy: null }), { name: 'AbortError' });
    await dataset.close();
  });

  it('knows the fields of the rows, and tells those from its own columns that have their names', async () => {
    const query = await open([{ qid: 'a', difficulty: 'mine', 'odd "name"': 1, Source: 'x', __proto__x: true }, { qid: 'b', source: 'y', list: ['p', 'q'], mixed: 1 }, { qid: 'c', mixed: 'text' }]);
    const fields = (await query.columns()).filter(({ isField }) => isField).map(({ name, type }) => [name, type]);
    assert.deepEqual(fields, [['row.difficulty', 'text'], ['odd "name"', 'number'], ['Source', 'text'], ['__proto__x', 'boolean'], ['list', 'list'], ['mixed', 'text']]);
    assert.deepEqual([await rowsOf(query, 'row.difficulty:mine'), await rowsOf(query, '"odd \\"name\\"":1'), await rowsOf(query, 'list:q'), await rowsOf(query, 'mixed:1'), await rowsOf(query, 'source:x')], [[0], [0], [1], [1], [0]]);
  });

  it('is not led astray by fields that are called as its own parts', async () => {
    const rows = [{ qid: 'a', n: 1 }, { qid: 'b', row: 7, rowid: 9, hit: true, value: 'v', code: 3, fields: 'f', samples: 's', item: 'i', q: 1, edited: 'no', '': 1, 'n"; drop': 2 }];
    const edits: EditedText[] = [];
    const query = await open(rows, { edited: () => edits });
    for (const [text, found] of [['row.row:7', [1]], ['row.rowid:9', [1]], ['hit:yes value:v code:3 fields:f', [1]], ['samples:s item:i q:1', [1]], ["sql: \"row.rowid\" = 9 and value = 'v'", [1]]] as const) {
      assert.deepEqual(await rowsOf(query, text), found, text);
      await query.prepare((await query.columns()).map(({ name }) => name));
      query.refresh(['edited']);
      assert.deepEqual(await rowsOf(query, text), found, `${text}, columns read`);
    }
    assert.deepEqual([...(await query.answer({ text: '', sort: [{ column: 'row.rowid', isDescending: true }], groupBy: 'value' })).rows], [0, 1]);
    edits.push({ row: 0, text: JSON.stringify(rows[1]) });
    query.refresh();
    assert.deepEqual(await rowsOf(query, 'row.rowid:9 value:v'), [0, 1]);
  });

  it('reads columns that a project names otherwise, even two from one field', async () => {
    const query = await open([{ id: 1, text: 'Say [1]', boxes: [] }, { id: 2, text: 'Say 2', boxes: [] }], { columns: { ...defaultColumns, qid: 'id', problem: 'text', answer: 'text', key_words: 'text' } });
    assert.deepEqual([await rowsOf(query, 'qid:2 question:say answer:"say 2" key_word:"say 2"'), await rowsOf(query, 'key_word:"say [1]"')], [[1], [0]]);
  });
});
