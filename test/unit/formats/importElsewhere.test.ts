import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { errorInWords } from '../../../src/core/errorWords';
import { withDuckDb } from '../../../src/platform/duckdb/openDuckDb';
import { previewImport } from '../../../src/platform/formats/previewImport';
import { runImport } from '../../../src/platform/formats/runImport';
import type { ImportRequest } from '../../../src/platform/formats/importPlan';
import type { ImportPreview } from '../../../src/core/formats/importPreview';

const picture = path.resolve('samples/cards/data/images/train-0000.png'); // 224 × 224, as all of them
let folder: string;

function write(name: string, content: unknown): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

function image(name: string): void {
  mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
  copyFileSync(picture, path.join(folder, name));
}

async function imported(input: string, request: Partial<ImportRequest> = {}): Promise<{ rows: Record<string, unknown>[]; preview: ImportPreview; rules: string[]; told: Record<string, number> }> {
  const plan = await previewImport({ input, options: {}, ...request });
  const out = path.join(folder, 'out', 'rows.jsonl');
  const report = await runImport(plan, { out, force: true }, () => undefined);
  return { rows: readFileSync(path.join(folder, 'out', 'rows.jsonl'), 'utf8').split('\n').slice(0, -1).map(line => JSON.parse(line) as Record<string, unknown>), preview: plan.preview, rules: report.counts.map(({ rule }) => rule), told: Object.fromEntries(report.counts.map(({ rule, count }) => [rule, count])) };
}

const chat = (name: string): unknown => ({ image: name, conversations: [{ from: 'human', value: '<image>Which digit?' }, { from: 'gpt', value: '7' }] });

describe('import of files that were written elsewhere', () => {
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-elsewhere-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const [what, prefix] of [['another machine', '/data/upload/cards/'], ['Windows', 'C:\\data\\cards\\'], ['a folder further up', 'cards/all/']] as const) {
    it(`finds images by the end of paths that begin on ${what}`, async () => {
      for (const name of ['a.png', 'b.png']) image(`pictures/${name}`);
      image('images/a.png');
      image('images/b.png');
      const input = write('rows.json', ['a.png', 'b.png'].map(name => chat(`${prefix}${name}`)));
      for (const request of [{}, { imageRoot: path.join(folder, 'pictures') }]) {
        const { rows, preview, rules } = await imported(input, request);
        assert.deepEqual(rows.map(row => row['images']), [['a.png'], ['b.png']]);
        assert.equal(preview.images.root, path.join(folder, request.imageRoot ? 'pictures' : 'images'));
        assert.equal(preview.images.found, 2);
        assert.equal(preview.images.prefix, prefix.replaceAll('\\', '/'));
        assert.deepEqual(rules, []);
      }
    });
  }

  it('reads no file outside the root for a path that goes on absolutely behind its beginning', async () => {
    image('images/a.png');
    image('images/b.png');
    const { rows, rules } = await imported(write('rows.json', ['/data/a.png', '/data/b.png', '/data//etc/hostname', '/data/../../etc/hostname'].map(chat)));
    assert.deepEqual(rows.slice(0, 2).map(row => row['images']), [['a.png'], ['b.png']]);
    assert.deepEqual(rules, ['import/image-outside']);
  });

  it('reads Label Studio’s boxes: per cent, corner and size, also where a person says per cent', async () => {
    image('images/a.png');
    const box = { x: 10, y: 20, width: 30, height: 40, rectanglelabels: ['Cat'], original_width: 224, original_height: 224 };
    const input = write('min.json', [{ id: 1, image: '/data/upload/1/a.png', bbox: [box] }]);
    for (const request of [{}, { frame: 'percent' as const }]) {
      const { rows } = await imported(input, request);
      assert.deepEqual((rows[0]?.['boxes'] as { label: string; bbox: number[] }[]).map(({ label, bbox }) => [label, bbox]), [['Cat', [22.4, 44.8, 89.6, 134.4]]]);
    }
  });

  it('takes names of the numbers for the order that they say, in the unit that a person chose', async () => {
    image('images/a.png');
    const input = write('named.json', [{ id: 1, image: 'images/a.png', question: 'q', boxes: [{ label: 'a', x: 10, y: 20, width: 30, height: 40 }] }]);
    const { rows } = await imported(input, { frame: 'pixel' });
    assert.deepEqual((rows[0]?.['boxes'] as { bbox: number[] }[])[0]?.bbox, [10, 20, 40, 60]);
  });

  it('finds CVAT’s images in a folder for each subset', async () => {
    image('images/default/a.png');
    const coco = { images: [{ id: 1, file_name: 'a.png', width: 224, height: 224 }], categories: [{ id: 1, name: 'card' }], annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [1, 2, 30, 40], iscrowd: 0 }] };
    const { preview } = await imported(write('annotations/instances_default.json', coco));
    assert.equal(preview.images.root, path.join(folder, 'images/default'));
    assert.equal(preview.images.found, 1);
  });

  it('reads an answer of a conversation that is a list of numbers, and no text', async () => {
    image('a.png');
    const record = { id: 1, image: 'a.png', conversations: [{ from: 'human', value: '<image>Please provide the bounding box coordinate of the region this sentence describes: the red card.' }, { from: 'gpt', value: [8.5, 8, 132, 132] }] };
    const { rows: [row], preview } = await imported(write('rec.jsonl', `${JSON.stringify(record)}\n`));
    assert.equal(preview.format, 'vlm-r1');
    assert.equal(row?.['answer'], '[8.5,8,132,132]');
    assert.deepEqual(row?.['boxes'], [{ label: 'the red card', bbox: [8.5, 8, 132, 132] }]);
  });

  it('keeps all of several questions and answers, as it says', async () => {
    image('a.png');
    const { rows: [row], rules } = await imported(write('rows.json', [{ image: 'a.png', question: ['how many?', 'which?'], answer: ['2', '7'] }]));
    assert.deepEqual([row?.['problem'], row?.['answer'], row?.['question'], row?.['source_answer']], ['<image>how many?', '2', ['how many?', 'which?'], ['2', '7']]);
    assert.deepEqual(rules, ['import/several-texts']);
  });

  it('reads one split of a folder of label files, or says that it reads all', async () => {
    for (const split of ['train', 'valid']) {
      image(`${split}/images/test.png`);
      write(`${split}/labels/test.txt`, '0 0.5 0.5 0.25 0.25\n');
    }
    write('data.yaml', 'train: ../train/images\nval: ../valid/images\nnc: 1\nnames: [card]\n');
    const all = await imported(folder);
    assert.equal(all.rows.length, 2);
    assert.match(all.preview.reason, /the splits train, valid together \(--split reads one\)/);
    const one = await imported(folder, { split: 'valid' });
    assert.deepEqual(one.rows.map(row => row['qid']), ['valid/test']);
    assert.deepEqual(one.rules, []);
    await assert.rejects(previewImport({ input: folder, options: {}, split: 'test' }), { code: 'argument.invalid' });
  });

  it('writes nothing where no field is known, and says how to name them', () => {
    const input = write('tasks.json', [{ id: 1, data: { picture: 'a.png' }, result: [] }]);
    write('pebr.json', { name: 'p', datasets: [] });
    const done = spawnSync(process.execPath, ['dist/cli.js', 'import', input, '--project', folder], { encoding: 'utf8' });
    assert.equal(done.status, 2);
    assert.match(done.stderr, /None of its fields is known.*--map problem=FIELD/);
    assert.ok(!existsSync(path.join(folder, 'data')));
    assert.equal(spawnSync(process.execPath, ['dist/cli.js', 'import', input, '--project', folder, '--map', 'images=data.picture']).status, 0);
  });
});

describe('tables and lists that tools write as one JSON object', () => {
  const rows = [{ question: 'which digit?', answer: '7', image: 'a.png' }, { question: 'how many?', answer: '3', image: 'b.png' }];
  const read = ['<image>which digit?', '<image>how many?'];
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-elsewhere-'));
    for (const name of ['a.png', 'b.png']) image(name);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const columns = Object.fromEntries(['question', 'answer', 'image'].map(name => [name, Object.fromEntries(rows.map((row, at) => [String(at), row[name as 'answer']]))]));
  const tables: readonly (readonly [what: string, value: unknown])[] = [
    ['columns, as pandas does of itself', columns],
    ['records under the numbers of their rows', Object.fromEntries(rows.map((row, at) => [String(at), row]))],
    ['names of columns and lists of values', { columns: ['question', 'answer', 'image'], index: [0, 1], data: rows.map(row => Object.values(row)) }],
    ['a schema and the rows', { schema: { fields: [{ name: 'question' }], pandas_version: '1.4.0' }, data: rows }],
    ['a list two levels deep', { version: 1, data: { train: rows } }],
  ];
  for (const [what, value] of tables) {
    for (const indent of [undefined, 2]) {
      it(`${what}${indent ? ', over several lines' : ''}`, async () => {
        const { rows: found, rules } = await imported(write('t.json', JSON.stringify(value, null, indent)));
        assert.deepEqual(found.map(row => row['problem']), read);
        assert.deepEqual(found.map(row => row['answer']), ['7', '3']);
        assert.deepEqual(rules, []);
      });
    }
  }

  it('reads one split of several, or says that it reads all', async () => {
    for (const value of [{ train: [rows[0]], test: [rows[1]] }, { data: { train: [rows[0]], test: [rows[1]] } }]) {
      const file = write('t.json', value);
      const all = await imported(file);
      assert.deepEqual([all.rows.length, all.rules], [2, ['import/several-splits']]);
      const one = await imported(file, { split: 'test' });
      assert.deepEqual(one.rows.map(row => row['answer']), ['3']);
      await assert.rejects(previewImport({ input: file, options: {}, split: 'dev' }), (error: unknown) => /"dev"; there are train, test/.test(errorInWords(error)));
    }
  });

  it('one record alone on a line stays one, whatever it holds', async () => {
    const record = { question: 'which?', answer: '7', image: 'a.png', meta: { turns: [{ a: 1 }] } };
    const { rows: found } = await imported(write('t.json', record));
    assert.deepEqual(found.map(row => row['meta']), [{ turns: [{ a: 1 }] }]);
  });
});

describe('what goes into a row otherwise than it stands', () => {
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-elsewhere-'));
    image('a.png');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('takes the tags off an answer, says so, and keeps the thinking before it', async () => {
    const { rows, preview } = await imported(write('t.json', [
      { image: 'a.png', question: 'how many?', solution: '<answer> 7 </answer>' }, { image: 'a.png', question: 'how many?', solution: '<think>I count.</think>\n<answer>3</answer>' }, { image: 'a.png', question: 'what is <answer>?', solution: 'a tag, <answer>' },
    ]));
    assert.deepEqual(rows.map(row => [row['answer'], row['solution']]), [['7', undefined], ['3', '<think>I count.</think>\n<answer>3</answer>'], ['a tag, <answer>', undefined]]);
    assert.deepEqual(preview.mapping.find(({ field }) => field === 'answer')?.sources, [{ source: 'solution, inside <answer>', count: 2 }, { source: 'solution', count: 1 }]);
    const own = await imported(write('own.json', [{ qid: 'q', problem: '<image>?', answer: '<answer>7</answer>', images: ['a.png'] }]));
    assert.equal(own.rows[0]?.['answer'], '<answer>7</answer>');
  });

  it('keeps every digit of numbers that are too long for a double, as the numbers that they are, in lines and in Parquet', async () => {
    const record = '{"image":"a.png","question":"how many?","answer":12345678901234567890,"n":9007199254740993,"deep":{"ids":[18446744073709551615,-9007199254740995,7],"text":"9007199254740993"}}';
    writeFileSync(path.join(folder, 'long.jsonl'), `${record}\n${record.replaceAll(/\d{16,}/g, '5')}\n`);
    const { rules } = await imported(path.join(folder, 'long.jsonl'));
    const text = readFileSync(path.join(folder, 'out', 'rows.jsonl'), 'utf8');
    assert.match(text, /"answer":"12345678901234567890","images":\["a.png"\],"n":9007199254740993,"deep":\{"ids":\[18446744073709551615,-9007199254740995,7\],"text":"9007199254740993"\}\}\n/);
    assert.match(text, /"answer":"5","images":\["a.png"\],"n":5,/);
    assert.deepEqual(rules, []);
    const file = path.join(folder, 'deep.parquet');
    await withDuckDb(connection => connection.run(`COPY (SELECT 'a.png' AS image, '?' AS question, '7' AS answer, {'id': 9007199254740993, 'ids': [1, 9223372036854775807]} AS deep, MAP {'k': 9007199254740993} AS map) TO '${file}' (FORMAT parquet)`));
    await imported(file);
    assert.match(readFileSync(path.join(folder, 'out', 'rows.jsonl'), 'utf8'), /"deep":\{"id":9007199254740993,"ids":\[1,9223372036854775807\]\},"map":\{"k":9007199254740993\}\}\n/);
  });

  it('keeps a column of Parquet of one type where one of its numbers is too long for a double', async () => {
    const file = path.join(folder, 't.parquet');
    await withDuckDb(async connection => {
      await connection.run(`COPY (SELECT 'a.png' AS image, 'how many?' AS question, '7' AS answer, n AS long, 1::BIGINT AS short, 'NaN'::DOUBLE AS score FROM (VALUES (1::BIGINT), (9007199254740993), (NULL)) AS t(n)) TO '${file}' (FORMAT parquet)`);
    });
    const { rows, rules, told } = await imported(file);
    assert.equal(told['import/non-finite-number'], 3);
    assert.deepEqual(rows.map(row => [row['long'], row['short']]), [[1, 1], [9007199254740992, 1], [null, 1]]); // as a double reads it
    assert.match(readFileSync(path.join(folder, 'out', 'rows.jsonl'), 'utf8'), /"long":9007199254740993,/);
    assert.deepEqual(rules, ['import/non-finite-number']);
  });

  it('takes the images that lists of a YOLO folder name, each split by its list', async () => {
    for (const name of ['images/a.png', 'images/b.png', 'images/c.png']) {
      image(name);
      write(name.replace('images', 'labels').replace('.png', '.txt'), '0 0.5 0.5 0.25 0.25\n');
    }
    write('lists/train.txt', `./images/a.png\n`);
    write('held.txt', `${path.join(folder, 'images', 'b.png')}\r\n/home/other/set/images/gone.png\n`);
    write('data.yaml', 'train: lists/train.txt\nval: held.txt\nnames: {0: card}\n');
    const all = await imported(folder);
    assert.deepEqual(all.rows.map(row => row['qid']), ['a', 'b']);
    assert.deepEqual(all.rules.sort(), ['import/image-missing', 'import/unlisted-image']);
    const one = await imported(folder, { split: 'val' });
    assert.deepEqual(one.rows.map(row => row['qid']), ['b']);
    await assert.rejects(previewImport({ input: folder, options: {}, split: 'test' }), (error: unknown) => /there are train, val/.test(errorInWords(error)));
  });

  it('takes x and y of CreateML for the centre that they are', async () => {
    const { rows, preview } = await imported(write('_annotations.createml.json', [{ image: 'a.png', annotations: [{ label: 'card', coordinates: { x: 60, y: 70.5, width: 100, height: 101 } }] }]));
    assert.deepEqual(rows.map(row => row['boxes']), [[{ label: 'card', bbox: [10, 20, 110, 121] }]]);
    assert.equal(preview.frame.by, 'data');
  });

  it('asks what an instruction and its input ask together', async () => {
    const { rows } = await imported(write('alpaca.json', [{ instruction: '<image>Which digit?', input: 'On the red card.', output: '7', images: ['a.png'] }, { instruction: '<image>How many?', input: '', output: '2', images: ['a.png'] }]));
    assert.deepEqual(rows.map(row => [row['problem'], row['input']]), [['<image>Which digit?\nOn the red card.', undefined], ['<image>How many?', '']]);
  });

  it('takes the images that Qwen-VL names in its texts', async () => {
    const { rows } = await imported(write('q.jsonl', `${JSON.stringify({ id: 'q', conversations: [{ from: 'user', value: 'Picture 1: <img>a.png</img>\nWhere is the card?' }, { from: 'assistant', value: '<ref>the card</ref><box>(100,200),(500,600)</box>' }] })}\n`), { frame: 'norm1000' });
    assert.deepEqual(rows.map(row => [row['problem'], row['images'], row['boxes']]), [['Picture 1: <image>\nWhere is the card?', ['a.png'], [{ label: 'the card', bbox: [22.4, 44.8, 112, 134.4] }]]]);
  });

  it('reads the boxes of a file in which only half of the answers are boxes', async () => {
    image('b.png');
    const turn = (question: string, answer: string): object => ({ image: ['a.png', 'b.png'], conversations: [{ from: 'human', value: `<image><image>${question}` }, { from: 'gpt', value: answer }] });
    const { rows, preview } = await imported(write('rec.jsonl', [turn('How many?', '2'), turn('Please provide the bounding box coordinate of the region this sentence describes: red card.', '[10, 20, 110.5, 120]')].map(each => `${JSON.stringify(each)}\n`).join('')));
    assert.equal(preview.format, 'vlm-r1');
    assert.deepEqual(rows.map(row => [row['answer'], row['images'], row['boxes']]), [['2', ['a.png', 'b.png'], undefined], ['[10, 20, 110.5, 120]', ['a.png', 'b.png'], [{ label: 'red card', bbox: [10, 20, 110.5, 120] }]]]);
  });

  it('does not keep the bytes of an image in the row whose file it became', async () => {
    const url = `data:image/png;base64,${readFileSync(picture, 'base64')}`;
    const { rows } = await imported(write('openai.jsonl', `${JSON.stringify({ messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: [{ type: 'text', text: 'Which digit?' }, { type: 'image_url', image_url: { url } }] }, { role: 'assistant', content: '7' }] })}\n`));
    assert.deepEqual(rows.map(row => [row['images'], JSON.stringify(row['messages'])]), [[['openai-1.png'], '[{"role":"system","content":"Be brief."},{"role":"user","content":[{"type":"text","text":"Which digit?"},{"type":"image_url","image_url":{"url":"(in images)"}}]},{"role":"assistant","content":"7"}]']]);
  });

  it('finds the images of a path that leads out of the folder by its end', async () => {
    image('images/c.png');
    const coco = { images: [{ id: 1, file_name: '../../label-studio/data/media/upload/1/c.png', width: 224, height: 224 }], categories: [{ id: 0, name: 'card' }], annotations: [{ id: 1, image_id: 1, category_id: 0, bbox: [1, 2, 30, 40] }] };
    const { rows, preview } = await imported(write('result.json', coco));
    assert.deepEqual([rows[0]?.['images'], preview.images.root], [['c.png'], path.join(folder, 'images')]);
  });

  it('says by which columns it takes a table for boxes', async () => {
    const { preview } = await imported(write('labels.csv', 'filename,width,height,class,xmin,ymin,xmax,ymax\na.png,224,224,card,10,20,110,120\n'), { frame: 'pixel' });
    assert.match(preview.reason, /have "filename", "xmin", "ymin", "xmax", "ymax"$/);
  });

  it('takes the images of two splits that are seen through links to one folder', async () => {
    for (const name of ['a.png', 'b.png']) image(`pictures/${name}`);
    for (const [split, name] of [['train', 'a'], ['val', 'b']] as const) {
      mkdirSync(path.join(folder, 'set/images', split), { recursive: true });
      symlinkSync(path.join(folder, 'pictures'), path.join(folder, 'set/images', split, 'p'));
      write(`set/images/${split}.txt`, `./${split}/p/${name}.png\n`);
      write(`set/labels/${split}/p/${name}.txt`, '0 0.5 0.5 0.25 0.25\n');
    }
    write('set/data.yaml', 'train: images/train.txt\nval: images/val.txt\nnames: {0: card}\n');
    const { rows, told } = await imported(path.join(folder, 'set'));
    assert.deepEqual(rows.map(row => [row['images'], (row['boxes'] as unknown[]).length]), [[['images/train/p/a.png'], 1], [['images/val/p/b.png'], 1]]);
    assert.equal(told['import/image-missing'], undefined);
  });

  it('says what a labeling tool’s own file is, and what to export there', async () => {
    const files = [
      ['labelme.json', { version: '5.5.0', shapes: [{ label: 'dog', points: [[1, 2], [3, 4]], shape_type: 'rectangle' }], imagePath: 'a.png' }, /LabelMe.*COCO, YOLO or Pascal VOC/],
      ['studio.json', [{ id: 1, data: { image: 'a.png' }, annotations: [{ result: [{ value: { x: 1 } }] }] }], /Label Studio.*COCO, YOLO/],
      ['annotations.xml', '<?xml version="1.0"?>\n<annotations><image id="0"/></annotations>', /CVAT/],
      ['via.json', { 'a.png12': { filename: 'a.png', size: 12, regions: [{ shape_attributes: { name: 'rect', x: 1, y: 2, width: 3, height: 4 }, region_attributes: { label: 'dog' } }], file_attributes: {} } }, /VIA.*COCO/],
      ['supervisely.json', { size: { height: 224, width: 224 }, tags: [], objects: [{ classTitle: 'dog', geometryType: 'rectangle', points: { exterior: [[1, 2], [3, 4]], interior: [] } }] }, /Supervisely.*COCO/],
      ['labelbox.ndjson', `${JSON.stringify({ data_row: { external_id: 'a.png' }, projects: {} })}\n`, /Labelbox.*COCO/],
      ['datumaro.json', { info: {}, categories: {}, items: [{ id: 'a', annotations: [{ type: 'bbox', label_id: 0, bbox: [1, 2, 3, 4] }], image: { path: 'a.png' } }] }, /Datumaro.*COCO/],
      ['boxes.csv', 'ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax\n0a1,xclick,/m/0bt9lr,1,0.1,0.4,0.2,0.6\n', /Open Images.*COCO/],
      ['viewer.json', { features: [], rows: [{ row_idx: 0, row: { question: 'q', image: { src: 'https://x/y.jpg' } }, truncated_cells: [] }] }, /dataset viewer.*load_dataset/],
      ['columns.json', { question: ['a', 'b'], answer: ['1', '2'], image: ['a.png', 'b.png'] }, /by its columns.*--format rows/],
      ['kitti', undefined, /KITTI.*COCO/],
      ['many', undefined, /LabelMe/],
      ['RefCOCO', undefined, /pickle.*refs\(unc\)/],
    ] as const;
    for (const name of ['many/a.json', 'many/b.json']) write(name, { version: '5.5.0', shapes: [], imagePath: 'a.png' });
    write('kitti/label_2/000000.txt', 'Car 0.00 0 -1.57 100.0 120.5 200.0 180.0 1.5 1.6 3.7 1.0 1.7 20.0 -1.5\nDontCare -1 -1 -10 1 2 3 4 -1 -1 -1 -1000 -1000 -1000 -10\n');
    write('RefCOCO/refs(unc).p', '\x80\x02.');
    write('RefCOCO/instances.json', { images: [{ id: 1, file_name: 'a.png' }], annotations: [] });
    for (const [name, content, words] of files) await assert.rejects(previewImport({ input: content === undefined ? path.join(folder, name) : write(name, content), options: {} }), (error: unknown) => words.test(errorInWords(error)), name);
  });
});
