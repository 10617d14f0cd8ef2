import * as assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import type { Row } from '../../../src/core/dataset/row';
import { parseRow } from '../../../src/core/dataset/parseRow';
import type { Bbox } from '../../../src/core/dataset/sample';
import { toPixels } from '../../../src/core/geometry/boxFrame';
import { resizedSize } from '../../../src/core/geometry/resizedSize';
import type { BoxFrame } from '../../../src/core/project/project';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import { previewImport } from '../../../src/platform/formats/previewImport';
import { runExport } from '../../../src/platform/formats/runExport';
import { runImport } from '../../../src/platform/formats/runImport';
import type { ExportWishes } from '../../../src/platform/formats/planExport';
import { ExportFixture } from './exportFixture';

interface Given {
  readonly qid: string;
  readonly problem: string;
  readonly answer: string;
  readonly images: readonly [string];
  readonly key_words: readonly string[];
  readonly boxes: readonly { readonly label: string; readonly bbox: Bbox }[];
  readonly source: string;
  readonly level: number;
}

const size = { width: 640, height: 480 };
const frames: readonly BoxFrame[] = ['pixel', 'norm1', 'norm1000', 'qwen2.5-resized'];

/** How far a corner may lie off after the frame's rounding, in pixels. */
function roundingPx(frame: BoxFrame): number {
  const seen = resizedSize(size);
  switch (frame) {
    case 'norm1': return 0.01;
    case 'norm1000': return 0.33;
    case 'qwen2.5-resized': return Math.max(size.width / seen.width, size.height / seen.height) / 2 + 0.01;
    default: return 0.01;
  }
}

// Blanks at the ends of a text are not kept by every format, nor is a text that looks like a list or an answer of the paper's grammar.
const words = fc.array(fc.constantFrom('cat', 'red "7"', "it's", 'größer', '数字', 'a\\b', 'left,', '<b>', '100 %', 'zwei\nZeilen'), { minLength: 1, maxLength: 5 }).map(list => list.join(' ').trim());
const label = fc.constantFrom('cat', 'dog', 'red "7"', 'größer als');
const corner = fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 4, max: 139 }), fc.integer({ min: 4, max: 79 }));
const box = fc.tuple(label, corner).map(([name, [x, y, width, height]]) => ({ label: name, bbox: [x, y, x + width, y + height] as const }));
const given = fc.tuple(words, words, fc.array(words, { maxLength: 3 }), fc.uniqueArray(box, { minLength: 1, maxLength: 4, selector: each => each.bbox.join() }), fc.integer());
const dataset = fc.array(given, { minLength: 2, maxLength: 6 }).map(rows => rows.map(([problem, answer, keyWords, boxes, level], at): Given => ({
  qid: `q-${at}`, problem: `<image>${problem}`, answer, images: [`images/${at}.png`], key_words: [...new Set(keyWords)], boxes, source: 'me', level,
})));

describe('what is exported and imported again', () => {
  let fixture: ExportFixture;
  before(async () => {
    fixture = new ExportFixture();
    for (let at = 0; at < 6; at++) await fixture.image(`images/${at}.png`, size);
  });
  after(() => fixture.remove());

  /** The rows after both ways, boxes in pixels, images as absolute paths. */
  const there = async (rows: readonly Given[], frame: BoxFrame, wishes: Partial<ExportWishes> & { readonly to: string }, file: string): Promise<readonly { readonly row: Row; readonly boxes: readonly Bbox[]; readonly fields: Readonly<Record<string, unknown>> }[]> => {
    rmSync(fixture.out, { recursive: true, force: true });
    const exported = await runExport(fixture.plan(wishes.to, rows, { name: 'set', frame, ...wishes }));
    assert.equal(exported.isWritten, true, JSON.stringify(exported.problems.slice(0, 2)));
    const request = { input: path.join(fixture.out, file), options: {}, ...(wishes.to === 'coco' || wishes.to === 'yolo' ? {} : { frame }) };
    const plan = await previewImport(request);
    const out = path.join(fixture.out, 'back.jsonl');
    const report = await runImport(plan, { out, force: true }, () => undefined);
    return readFileSync(out, 'utf8').trim().split('\n').map(text => {
      const { row, fields = {} } = parseRow(text, defaultColumns);
      assert.ok(row, text);
      return { row: { ...row, images: row.images.map(image => path.resolve(report.imageRoot, image)) }, boxes: row.boxes.map(({ numbers }) => toPixels(numbers, report.boxFrame, size)), fields };
    });
  };

  const isNear = (actual: readonly Bbox[], expected: readonly Bbox[], frame: BoxFrame): void => {
    assert.equal(actual.length, expected.length);
    actual.forEach((bbox, at) => bbox.forEach((value, side) => assert.ok(Math.abs(value - (expected[at]?.[side] ?? NaN)) <= roundingPx(frame), `${frame}: ${bbox.join()} instead of ${expected[at]?.join()}`)));
  };

  const whole: readonly [name: string, wishes: Partial<ExportWishes> & { readonly to: string }, file: string, frames: readonly BoxFrame[]][] = [
    ['EasyR1 JSON', { to: 'easyr1' }, 'set.json', frames],
    ['EasyR1 JSON Lines with copies of the images', { to: 'easyr1', container: 'jsonl', images: 'copy' }, 'set.jsonl', ['pixel']],
    ['EasyR1 Parquet', { to: 'easyr1', container: 'parquet' }, 'set.parquet', frames],
    ['verl Parquet', { to: 'verl' }, 'set.parquet', frames],
    ['TRL Parquet', { to: 'trl' }, 'set.parquet', frames],
    ['ms-swift', { to: 'ms-swift' }, 'set.jsonl', ['pixel', 'norm1']],
    ['VLM-R1', { to: 'vlm-r1' }, 'set.jsonl', frames],
  ];
  for (const [name, wishes, file, known] of whole) {
    it(`${name}: every row with its fields, boxes but for the frame's rounding`, async function () {
      this.timeout(60_000);
      await fc.assert(fc.asyncProperty(dataset, fc.constantFrom(...known), async (rows, frame) => {
        const back = await there(rows, frame, wishes, file);
        assert.equal(back.length, rows.length);
        back.forEach(({ row, boxes, fields }, at) => {
          const expected = rows[at];
          assert.ok(expected);
          const image = path.join(wishes.images === 'copy' ? path.join(fixture.out, 'set-images') : fixture.data, expected.images[0]);
          assert.deepEqual(
            { qid: row.qid, problem: row.problem, answer: row.answer, key_words: row.key_words, images: row.images, labels: row.boxes.map(each => each.label), source: fields.source, level: fields.level },
            { qid: expected.qid, problem: expected.problem, answer: expected.answer, key_words: expected.key_words, images: [image], labels: expected.boxes.map(each => each.label), source: 'me', level: expected.level },
          );
          isNear(boxes, expected.boxes.map(({ bbox }) => bbox), frame);
        });
      }), { numRuns: 12 });
    });
  }

  it('LLaMA-Factory: questions, answers and images (it has no place for boxes and key words)', async function () {
    this.timeout(60_000);
    await fc.assert(fc.asyncProperty(dataset, async rows => {
      const back = await there(rows, 'pixel', { to: 'llama-factory' }, 'set.json');
      assert.deepEqual(
        back.map(({ row: { qid, problem, answer, images } }) => [qid, problem, answer, images]),
        rows.map(({ qid, problem, answer, images }) => [qid, problem, answer, [path.join(fixture.data, images[0])]]),
      );
    }), { numRuns: 12 });
  });

  it('COCO: questions too, boxes as they are', async function () {
    this.timeout(60_000);
    await fc.assert(fc.asyncProperty(dataset, async rows => {
      const back = await there(rows, 'coco-xywh', { to: 'coco' }, 'set.json');
      back.forEach(({ row, boxes }, at) => {
        const expected = rows[at];
        assert.ok(expected);
        assert.deepEqual([row.qid, row.problem, row.answer, row.key_words, row.boxes.map(each => each.label)], [expected.qid, expected.problem, expected.answer, expected.key_words, expected.boxes.map(each => each.label)]);
        isNear(boxes, expected.boxes.map(({ bbox }) => bbox), 'pixel');
      });
    }), { numRuns: 12 });
  });

  for (const images of ['copy', 'link']) it(`YOLO: the boxes of each image (${images})`, async function () {
    this.timeout(60_000);
    await fc.assert(fc.asyncProperty(dataset, async rows => {
      const back = await there(rows, 'yolo-cxcywh', { to: 'yolo', images }, 'data.yaml');
      const of = (image: string): Given | undefined => rows.find(({ images }) => path.basename(images[0]) === path.basename(image));
      assert.equal(back.length, rows.length);
      for (const { row, boxes } of back) {
        const expected = of(row.images[0] ?? '');
        assert.deepEqual(row.boxes.map(each => each.label), expected?.boxes.map(each => each.label));
        isNear(boxes, expected?.boxes.map(({ bbox }) => bbox) ?? [], 'pixel');
      }
    }), { numRuns: 12 });
  });
});
