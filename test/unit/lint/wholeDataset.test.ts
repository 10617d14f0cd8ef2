import * as assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import type { DatasetConfig } from '../../../src/core/project/project';
import { lintDataset } from '../../../src/platform/dataset/lintDataset';

const config: DatasetConfig = { id: 'd', stage: 'reasoning', path: 'rows.jsonl', heldOut: null, imageRoot: '.', columns: defaultColumns, boxFrame: 'pixel' };
type Change = Readonly<Record<string, unknown>>;

describe('rules across the rows of a dataset', () => {
  let folder: string;
  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'pebr-rules-'));
    const picture = (width: number, height: number) => sharp({ create: { width, height, channels: 3, background: '#336699' } }).png();
    await picture(200, 100).toFile(path.join(folder, 'a.png'));
    await picture(200, 100).toFile(path.join(folder, 'b.png'));
    await picture(20, 100).toFile(path.join(folder, 'tiny.png'));
    await picture(6300, 30).toFile(path.join(folder, 'narrow.png'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const row = (index: number, change: Change = {}): Change => ({ qid: `q${index}`, problem: `<image>Which is number ${index}?`, answer: '7', images: ['a.png'], boxes: [], ...change });
  async function found(rows: readonly (Change | string)[], heldOut?: readonly Change[], change: Partial<DatasetConfig> = {}): Promise<string[]> {
    const text = (all: readonly (Change | string)[]): string => all.map(each => (typeof each === 'string' ? each : JSON.stringify(each))).join('\n');
    writeFileSync(path.join(folder, 'rows.jsonl'), text(rows));
    if (heldOut) writeFileSync(path.join(folder, 'held.jsonl'), text(heldOut));
    const { problems } = await lintDataset(folder, { ...config, ...change, heldOut: heldOut ? 'held.jsonl' : null });
    return problems.map(problem => `${path.basename(problem.file)}:${problem.line ?? ''} ${problem.rule.replace('dataset/', '')}`);
  }

  it('find a column of several types, at the first row of the rarer one', async () => {
    assert.deepEqual(await found([row(1), row(2, { images: 'a.png' }), row(3, { images: 'a.png' }), row(4), row(5), row(6, { answer: 7 })]), ['rows.jsonl:6 mixed-types', 'rows.jsonl:2 mixed-types']);
  });

  it('find a held-out row, and a held-out image, that is trained on', async () => {
    const heldOut = [row(11, { problem: ' <image>Which is  number 1? ' }), row(12), row(13, { images: ['b.png'] })];
    assert.deepEqual(await found([row(1), row(2)], heldOut), ['held.jsonl:1 leaked-row', 'held.jsonl:2 leaked-image']);
  });

  it('find boxes whose numbers fit another frame than the declared one', async () => {
    const boxes = (numbers: readonly number[]): Change[] => Array.from({ length: 20 }, (_, index) => row(index, { boxes: [{ label: 'x', bbox: numbers }] }));
    const tiny = Array.from({ length: 20 }, (_, index) => `rows.jsonl:${index + 1} tiny-box`);
    assert.deepEqual(await found(boxes([0.1, 0.2, 0.6, 0.9])), [...tiny, 'rows.jsonl: suspicious-frame']);
    assert.ok((await found(boxes([300, 200, 900, 800]))).includes('rows.jsonl: suspicious-frame'));
    assert.deepEqual(await found(boxes([20, 20, 120, 90])), []);
    assert.deepEqual(await found(boxes([0.1, 0.2, 0.6, 0.9]), undefined, { boxFrame: 'norm1' }), []);
  });

  it('find them in a file whose held-out rows are in the declared frame', async () => {
    const boxes = (numbers: readonly number[], from: number): Change[] => Array.from({ length: 10 }, (_, index) => row(from + index, { problem: `<image>${from + index}?`, images: [from > 0 ? 'b.png' : 'a.png'], boxes: [{ label: 'x', bbox: numbers }] }));
    const corners = await found(boxes([90, 50, 40, 30], 0), boxes([20, 20, 120, 90], 20));
    assert.deepEqual(corners.filter(each => !each.endsWith('swapped-box')), ['rows.jsonl: suspicious-frame']);
  });

  it('find an image that was cut in its header, whichever image was read before it', async () => {
    writeFileSync(path.join(folder, 'cut.png'), readFileSync(path.join(folder, 'a.png')).subarray(0, 20));
    assert.deepEqual(await found([row(1), row(2, { images: ['cut.png'] })]), ['rows.jsonl:2 unreadable-image']);
  });

  it('take several letters of options for an answer', async () => {
    const problem = '<image>Select all that apply.\nA. red\nB. blue\nC. green';
    assert.deepEqual(await found(['A', 'c', 'A, C', 'AB', 'a / b', 'CA', 'A. red'].map((answer, index) => row(index, { problem: `${problem} ${index}`, answer }))), ['rows.jsonl:6 choice-answer', 'rows.jsonl:7 choice-answer']);
  });

  it('find a list of numbers for texts, and an id of blanks', async () => {
    assert.deepEqual(await found([row(1, { key_words: [7, 8] }), row(2, { qid: ' ' })]), ['rows.jsonl:1 field-type', 'rows.jsonl:2 missing-qid']);
  });

  it('find a long prompt without blanks between its words', async () => {
    const { problems } = await (writeFileSync(path.join(folder, 'rows.jsonl'), ['图中红色卡片上的数字是多少？', '请仔细观察图片，'.repeat(60)].map((text, index) => JSON.stringify(row(index, { problem: `<image>${text}` }))).join('\n')), lintDataset(folder, config, { maxPromptTokens: 64 }));
    assert.deepEqual(problems.map(({ line, rule }) => [line, rule]), [[2, 'dataset/long-prompt']]);
  });

  it('find tiny and narrow images', async () => {
    assert.deepEqual(await found([row(1, { images: ['tiny.png'] }), row(2, { images: ['narrow.png'] })]), ['rows.jsonl:1 tiny-image', 'rows.jsonl:2 narrow-image']);
  });

  it('find keys that stand twice, and a prototype key', async () => {
    const text = JSON.stringify(row(1));
    assert.deepEqual(await found([`${text.slice(0, -1)}, "answer": "8"}`, `${text.replace('q1', 'q2').slice(0, -1)}, "__proto__": {"qid": "x"}}`, JSON.stringify(row(3, { note: { answer: 'inside' } }))]), ['rows.jsonl:1 repeated-key', 'rows.jsonl:2 prototype-key']);
    assert.equal(({} as Change)['qid'], undefined);
  });

  it('find a box with swapped corners and one that stands twice', async () => {
    const box = { label: 'x', bbox: [10, 10, 50, 50] };
    assert.deepEqual(await found([row(1, { boxes: [{ label: 'x', bbox: [50, 10, 10, 50] }] }), row(2, { boxes: [box, box] })]), ['rows.jsonl:1 swapped-box', 'rows.jsonl:2 repeated-box']);
  });
});
