import * as assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { imageSize } from 'image-size';
import { previewImport } from '../../../src/platform/formats/previewImport';
import { type ImportReport, runImport } from '../../../src/platform/formats/runImport';
import type { ImportPlan, ImportRequest } from '../../../src/platform/formats/importPlan';

interface Row {
  readonly qid: string;
  readonly problem: string;
  readonly answer: string;
  readonly images: readonly string[];
  readonly key_words?: readonly string[];
  readonly boxes?: readonly { readonly label: string; readonly bbox: readonly number[] }[];
  readonly [key: string]: unknown;
}

const fixtures = path.resolve('test/fixtures/formats');
const truth = JSON.parse(readFileSync(path.join(fixtures, 'truth.json'), 'utf8')) as readonly { n: number; boxes: { label: string; bbox: number[] }[] }[];
let folder: string;

async function imported(file: string, request: Partial<ImportRequest> = {}): Promise<{ rows: Row[]; plan: ImportPlan; report: ImportReport }> {
  const plan = await previewImport({ input: path.join(fixtures, file), options: {}, ...request });
  const out = path.join(folder, `${path.basename(file)}.jsonl`);
  const report = await runImport(plan, { out, force: true }, () => undefined);
  const rows = readFileSync(out, 'utf8').split('\n').slice(0, -1).map(line => JSON.parse(line) as Row);
  return { rows, plan, report };
}

/** Compares boxes with what the script that wrote the files drew; `most` px of rounding are its format's. */
function sameBoxes(rows: readonly Row[], most: number, of: (n: number) => readonly { label: string | undefined; bbox: readonly number[] }[] = n => truth[n]?.boxes ?? []): void {
  for (const row of rows) {
    const n = Number(/(\d+)\.\w+$/.exec(row.images[0] ?? '')?.[1]);
    const expected = of(n);
    assert.equal(row.boxes?.length ?? 0, expected.length, row.qid);
    row.boxes?.forEach((box, index) => {
      const want = expected[index];
      if (want?.label !== undefined) assert.equal(box.label, want.label, row.qid);
      box.bbox.forEach((value, at) => assert.ok(Math.abs(value - (want?.bbox[at] ?? NaN)) <= most, `${row.qid}: ${box.bbox.join()} is not ${want?.bbox.join() ?? ''}`));
    });
  }
}

const frameOf = ({ preview: { frame } }: ImportPlan): string => `${frame.frame ?? '?'} by ${frame.by}`;

describe('import of files that other tools wrote', () => {
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-import-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('Hugging Face Parquet: images in the rows become files, class numbers their names, boxes corner and size', async () => {
    const { rows, plan, report } = await imported('hf-detection.parquet');
    assert.equal(frameOf(plan), 'coco-xywh by evidence');
    assert.match(plan.preview.frame.why, /15 of 15 boxes lie on their image; .*pixel: \d+ of 15 boxes would/);
    sameBoxes(rows, 0);
    assert.equal(report.images, 8);
    for (const row of rows) {
      const size = imageSize(readFileSync(path.join(report.imageRoot, row.images[0] ?? '')));
      assert.deepEqual([size.width, size.height], [row['width'], row['height']]);
    }
    assert.deepEqual(rows[0], { qid: 'hf-detection-1', problem: '<image>How many things are in picture 0?', answer: '1', images: ['0.png'], boxes: truth[0]?.boxes, image_id: 0, width: 64, height: 48 });
  });

  it('Parquet with paths, and verl’s', async () => {
    const { rows, plan } = await imported('hf-paths.parquet');
    assert.deepEqual(rows[1], { qid: 'q1', problem: '<image>Q1', answer: '1', images: ['images/000001.jpg'], prompt: null });
    assert.deepEqual([plan.preview.images.found, plan.preview.images.of], [8, 8]);
    const verl = await imported('verl.parquet');
    assert.equal(verl.rows[2]?.problem, '<image>What is 2?');
    assert.equal(verl.rows[2]?.answer, '2');
    assert.deepEqual(verl.rows[2]?.['reward_model'], { style: 'rule' });
    assert.ok(Array.isArray(verl.rows[2]?.['prompt']), 'the system turn is kept');
  });

  it('CSV of pandas: ids stay texts, lists as Python prints them, quotes and line breaks in cells', async () => {
    const { rows, plan } = await imported('pandas.csv');
    assert.equal(frameOf(plan), 'pixel by evidence');
    sameBoxes(rows, 0);
    assert.equal(rows[3]?.qid, '003');
    assert.equal(rows[3]?.problem, '<image>Wie viele, "genau" hier\n(Bild 3)?');
  });

  it('COCO: labels by name, crowds, outlines, masks and orphans told', async () => {
    for (const [file, images] of [['annotations/instances_train.json', undefined], ['coco-pretty.json', undefined]] as const) {
      const { rows, plan, report } = await imported(file, images ? { imageRoot: images } : {});
      assert.equal(frameOf(plan), 'coco-xywh by format');
      assert.equal(plan.preview.images.root, path.join(fixtures, 'images'));
      sameBoxes(rows.filter(row => row.qid !== '101'), 0);
      assert.deepEqual(rows[1]?.boxes?.at(-1), { label: 'red car', bbox: [10.5, 10, 40, 50.25] }, 'the extent of the outline');
      assert.equal(rows[1]?.answer, 'cat, red car');
      assert.deepEqual(report.counts.map(({ rule }) => rule).sort(), ['import/coco-crowd', 'import/coco-mask', 'import/coco-outline', 'import/no-such-image']);
    }
  });

  it('YOLO: classes of data.yaml, splits, an image without labels, bad lines told with their number', async () => {
    const { rows, plan, report } = await imported('yolo');
    assert.equal(frameOf(plan), 'yolo-cxcywh by format');
    sameBoxes(rows.filter(row => row.qid !== 'train/000000'), 0.01, n => (n === 3 ? [] : (truth[n]?.boxes ?? [])));
    assert.deepEqual(rows[0]?.boxes?.map(box => box.label), ['cat', 'red car', '7']);
    assert.ok(report.problems.some(({ rule, message, file }) => rule === 'import/malformed-label' && message.startsWith('Line 3') && file.endsWith('000000.txt')));
  });

  it('Pascal VOC: counted from 1, last pixel included; a torn file is told and the others read', async () => {
    const { rows, plan, report } = await imported('voc');
    assert.equal(frameOf(plan), 'voc by format');
    sameBoxes(rows, 0);
    assert.equal(rows[0]?.images[0], 'JPEGImages/000000.jpg');
    assert.deepEqual(report.problems.map(({ rule, file }) => `${rule} ${path.basename(file)}`), ['import/malformed-xml broken.xml']);
  });

  it('LLaVA: the first question and answer; further turns told and kept, or rows of their own', async () => {
    const { rows, report } = await imported('llava.json');
    assert.deepEqual(rows[0], { qid: '000000000', problem: '<image>\nWhat is it?', answer: 'A cat.', images: ['000000.jpg'] });
    assert.equal((rows[1]?.['conversations'] as unknown[]).length, 4);
    assert.deepEqual(report.counts, [{ rule: 'import/several-turns', severity: 'warning', count: 4 }]);
    const all = await imported('llava.json', { options: { turns: 'all' } });
    assert.deepEqual(all.rows.slice(1, 3).map(({ qid, problem, answer }) => [qid, problem, answer]), [['000000001-1', '<image>\nWhat is it?', 'A cat.'], ['000000001-2', '<image>Why?', 'Ears.']]);
  });

  it('Qwen messages: boxes of the answer, thousandths told from pixels by the images', async () => {
    const { rows, plan } = await imported('qwen1000.jsonl');
    assert.equal(frameOf(plan), 'norm1000 by evidence');
    sameBoxes(rows, 0.1);
    const [box] = rows[0]?.boxes ?? [];
    assert.equal(rows[0]?.answer, JSON.stringify([{ bbox_2d: box?.bbox, label: 'cat' }]), 'the answer is the boxes: in their frame, on one line');
  });

  it('VLM-R1: a box as the answer is labelled by what the question asks for; detection lists', async () => {
    for (const file of ['rec.jsonl', 'ovd.jsonl']) {
      const { rows, plan } = await imported(file);
      assert.equal(frameOf(plan), file === 'ovd.jsonl' ? 'pixel by evidence' : 'pixel by format');
      sameBoxes(rows, 0, n => (file === 'ovd.jsonl' ? (truth[n]?.boxes ?? []) : (truth[n]?.boxes.slice(0, 1) ?? []).map(({ bbox }) => ({ label: 'the cat left', bbox }))));
    }
    const { rows } = await imported('rec-solution.json');
    assert.deepEqual([rows[0]?.problem, rows[0]?.answer, rows[0]?.boxes, rows[0]?.['dataset']], ['<image>the cat', '[20.5,9,53,37]', [{ label: 'the cat', bbox: [20.5, 9, 53, 37] }], 'refcoco']);
  });

  it('RefCOCO: a row for each sentence, boxes and images joined from instances.json', async () => {
    const { rows, plan } = await imported('refcoco/refs.json', { imageRoot: path.join(fixtures, 'images') });
    assert.match(plan.preview.container, /joined with instances\.json/);
    assert.equal(rows.length, 16);
    sameBoxes(rows, 0, n => (truth[n]?.boxes.slice(0, 1) ?? []).map(({ bbox }) => ({ label: undefined, bbox })));
    assert.deepEqual([rows[1]?.qid, rows[1]?.key_words, rows[1]?.answer, rows[1]?.images], ['7000-1', ['cat'], '[20,9,53,37]', ['000000.jpg']]);
  });

  it('ODVG: detections by category, phrases of a caption', async () => {
    const { rows } = await imported('odvg.jsonl');
    sameBoxes(rows, 0);
    assert.equal(rows[1]?.problem, '<image>Where is what this sentence names? a cat and a red car');
  });

  it('ms-swift: bbox_type of each row, placeholders filled in', async () => {
    const { rows } = await imported('swift.jsonl');
    sameBoxes(rows, 0.01, n => (truth[n]?.boxes ?? []).map(({ bbox }) => ({ label: 'cat', bbox })));
    assert.deepEqual([rows[0]?.problem, rows[0]?.answer], ['<image>Locate cat', '[20,9,53,37]']);
  });

  it('the paper’s files: GRPO rows as they are, SFT rows with their final answer and their messages', async () => {
    const { rows, plan } = await imported('pebr_grpo_dataset.json');
    assert.equal(plan.preview.format, 'pebr-grpo');
    assert.deepEqual(rows[1], { qid: '1', problem: '<image>How many objects are left?', answer: '1', images: ['images/000001.jpg'], key_words: ['brown cube'], source: 'clevr' });
    const sft = await imported('pebr_sft.json');
    assert.equal(sft.plan.preview.format, 'pebr-sft');
    assert.equal(sft.rows[0]?.answer, '7');
    assert.equal((sft.rows[0]?.['messages'] as unknown[]).length, 2, 'it is warm-up data as well');
  });

  it('every format can be read as plain rows, and any field from another', async () => {
    const { rows, plan } = await imported('llava.json', { format: 'rows', options: { map: { problem: 'image', qid: 'image' } } });
    assert.equal(plan.preview.format, 'rows');
    assert.deepEqual(rows[0]?.qid, '000000.jpg');
    assert.ok(Array.isArray(rows[0]?.['conversations']), 'what is not mapped is kept');
  });
});
