import * as assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import * as path from 'node:path';
import { ImagePlaces } from '../../../src/platform/formats/imagePlaces';
import { runExport } from '../../../src/platform/formats/runExport';
import { SmallFiles } from '../../../src/platform/formats/smallFiles';
import { withDuckDb } from '../../../src/platform/duckdb/openDuckDb';
import { ExportFixture, row } from './exportFixture';

describe('what each trainer is given', () => {
  let fixture: ExportFixture;
  before(async () => {
    fixture = new ExportFixture();
    await fixture.image('images/a.png');
  });
  after(() => fixture.remove());

  const read = (name: string): string => readFileSync(path.join(fixture.out, name), 'utf8');
  const parquet = (name: string): Promise<unknown> => withDuckDb(async connection => {
    const reader = await connection.runAndReadAll('SELECT * FROM read_parquet(?)', [path.join(fixture.out, name).replace(/[*?[]/g, sign => `[${sign}]`)]);
    return reader.getRowObjectsJson()[0];
  });

  it('EasyR1: the paper’s names, images relative to the export, boxes in the frame asked for, other fields kept', async () => {
    const report = await runExport(fixture.plan('easyr1', [row], { name: 'easy', frame: 'norm1000' }));
    assert.deepEqual(JSON.parse(read('easy.json')), [{ ...row, images: ['../data/images/a.png'], boxes: [{ label: 'cat', bbox: [100, 100, 500, 500] }] }]);
    assert.ok(existsSync(path.join(fixture.out, '../data/images/a.png')));
    assert.ok(report.hints.includes(`data.image_dir=${fixture.out}`));
  });

  it('verl: chat, image structs, gold in reward_model', async () => {
    await runExport(fixture.plan('verl', [row], { name: 'verl', frame: 'qwen2.5-resized' }));
    const file = path.join(fixture.data, 'images/a.png');
    assert.deepEqual(await parquet('verl.parquet'), {
      data_source: 'verl', prompt: [{ role: 'user', content: '<image>Where is the cat?' }], images: [{ image: file }], ability: 'reasoning', reward_model: { style: 'rule', ground_truth: 'left' },
      extra_info: {
        split: 'train', index: '0', qid: 'q1', problem: row.problem, answer: 'left', image_paths: [file], key_words: ['cat', 'sofa'],
        boxes: [{ label: 'cat', bbox: [64, 48, 322, 238] }], // 640 × 480 is seen as 644 × 476, and resized pixels are whole
        box_frame: 'qwen2.5-resized', extra: '{"source":"me","level":3}',
      },
    });
  });

  it('TRL: an image part for each mark, images with their bytes, columns for rewards', async () => {
    await runExport(fixture.plan('trl', [{ ...row, problem: 'Look: <image> Where?' }], { name: 'trl', images: 'embed' }));
    const written = await parquet('trl.parquet') as { prompt: unknown; images: { bytes: string; path: string }[]; solution: string; key_words: unknown };
    assert.deepEqual(written.prompt, [{ role: 'user', content: [{ type: 'text', text: 'Look: ' }, { type: 'image', text: null }, { type: 'text', text: ' Where?' }] }]);
    assert.equal(written.images[0]?.path, 'images/a.png');
    assert.match(written.images[0]?.bytes ?? '', /PNG/);
    assert.equal(written.solution, 'left');
    assert.deepEqual(written.key_words, ['cat', 'sofa']);
  });

  it('ms-swift: messages, objects with what their numbers mean, the solution', async () => {
    await runExport(fixture.plan('ms-swift', [row, { ...row, qid: 'q2', boxes: [] }], { name: 'swift', frame: 'norm1', images: 'relative' }));
    const [first, second] = read('swift.jsonl').trim().split('\n').map(line => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(first, {
      messages: [{ role: 'user', content: row.problem }], images: ['../data/images/a.png'], solution: 'left', objects: { ref: ['cat'], bbox: [[0.1, 0.1, 0.5, 0.5]], bbox_type: 'norm1' },
      qid: 'q1', key_words: ['cat', 'sofa'], source: 'me', level: 3,
    });
    assert.equal(second?.objects, undefined);
  });

  it('LLaMA-Factory: rows of questions and warm-up rows, and an entry that joins those that are there', async () => {
    const messages = [{ role: 'user', content: '<image>Describe it.' }, { role: 'assistant', content: '### Image Description: a cat' }];
    await runExport(fixture.plan('llama-factory', [row, { qid: 'w1', messages, images: 'images/a.png' }], { name: 'sft', images: 'copy' }));
    const [question, warmUp] = JSON.parse(read('sft.json')) as { messages: unknown; images: string[] }[];
    assert.deepEqual(question?.messages, [{ role: 'user', content: row.problem }, { role: 'assistant', content: 'left' }]);
    assert.deepEqual(warmUp, { qid: 'w1', messages, images: ['sft-images/images/a.png'] });
    assert.ok(existsSync(path.join(fixture.out, 'sft-images/images/a.png')));
    await runExport(fixture.plan('llama-factory', [row], { name: 'more' }));
    const info = JSON.parse(read('dataset_info.json')) as Record<string, { file_name: string; tags: { role_tag: string } }>;
    assert.deepEqual(Object.keys(info), ['sft', 'more']);
    assert.equal(info.sft?.file_name, 'sft.json');
    assert.equal(info.more?.tags.role_tag, 'role');
  });

  it('VLM-R1: conversations, a list of images, the answer from the boxes where that is asked for', async () => {
    const two = { ...row, qid: 'q2', answer: '', boxes: [...row.boxes, { label: 'a "b"', bbox: [0, 0, 10, 10] }] };
    const report = await runExport(fixture.plan('vlm-r1', [{ ...row, answer: '' }, two], { name: 'rec', answer: 'boxes' }));
    const [one, several] = read('rec.jsonl').trim().split('\n').map(line => JSON.parse(line) as { id: string; image: string[]; conversations: { from: string; value: string }[] });
    assert.deepEqual(one?.conversations, [{ from: 'human', value: row.problem }, { from: 'gpt', value: '[64, 48, 320, 240]' }]);
    assert.deepEqual(one?.image, ['../data/images/a.png']);
    assert.equal(several?.conversations[1]?.value, '```json\n[{"bbox_2d": [64, 48, 320, 240], "label": "cat"}, {"bbox_2d": [0, 0, 10, 10], "label": "a \\"b\\""}]\n```');
    assert.equal(report.answersChanged, 2);
    assert.match(read('rec.yaml'), /json_path: ".*rec\.jsonl"/);
  });

  it('COCO: rows about one image are one image, its boxes once', async () => {
    const other = { ...row, qid: 'q2', boxes: [...row.boxes, { label: 'dog', bbox: [0, 0, 10.5, 20] }] };
    await runExport(fixture.plan('coco', [row, other], { name: 'coco' }));
    const coco = JSON.parse(read('coco.json')) as { images: { qid: string; width: number }[]; annotations: object[]; categories: object[] };
    assert.deepEqual(coco.images.map(({ qid, width }) => [qid, width]), [['q1', 640]]);
    assert.deepEqual(coco.annotations, [
      { id: 1, image_id: 1, category_id: 1, bbox: [64, 48, 256, 192], area: 49152, iscrowd: 0 }, { id: 2, image_id: 1, category_id: 2, bbox: [0, 0, 10.5, 20], area: 210, iscrowd: 0 },
    ]);
    assert.deepEqual(coco.categories, [{ id: 1, name: 'cat' }, { id: 2, name: 'dog' }]);
  });

  it('YOLO: names under which the loader finds each label file', async () => {
    await fixture.image('images/deep/a.png');
    await fixture.image('images/a.jpg');
    const rows = ['images/a.png', 'images/deep/a.png', 'images/a.jpg'].map((image, at) => ({ ...row, qid: `q${at}`, images: [image] }));
    await runExport(fixture.plan('yolo', [...rows, { ...row, qid: 'again', boxes: [{ label: 'dog', bbox: [0, 0, 64, 48] }] }, { ...row, qid: 'none', images: ['images/a.jpg'], boxes: [] }]));
    assert.deepEqual(readdirSync(path.join(fixture.out, 'images/train')).sort(), ['a.png', 'a~2.jpg', 'deep__a.png']);
    assert.equal(read('labels/train/a.txt'), '0 0.3 0.3 0.4 0.4\n1 0.05 0.05 0.1 0.1\n');
    assert.equal(read('labels/train/a~2.txt'), '0 0.3 0.3 0.4 0.4\n');
    assert.equal(read('data.yaml'), 'train: images/train\nval: images/train\nnames:\n  0: "cat"\n  1: "dog"\n');
  });

  it('YOLO with links: a link to each folder of images, label files beside them, and lists of the images', async () => {
    for (const name of ['images/deep/a.png', 'images/a.jpg', 'images/b\u2028c.png', 'top.png']) await fixture.image(name);
    const files = (folder: string): string[] => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => !name.endsWith('.jsonl')).sort();
    const before = files(fixture.data);
    const rows = ['images/a.png', 'images/deep/a.png', 'images/a.jpg', 'images/b\u2028c.png', 'top.png'].map((image, at) => ({ ...row, qid: `q${at}`, images: [image] }));
    const heldOut = fixture.input(fixture.rows('held.jsonl', [{ ...row, qid: 'h', boxes: [] }]), { split: 'heldOut' });
    const plan = fixture.plan('yolo', [...rows, { ...row, qid: 'again', boxes: [{ label: 'dog', bbox: [0, 0, 64, 48] }] }], { images: 'link', force: true });
    for (let round = 0; round < 2; round++) await runExport({ ...plan, inputs: [...plan.inputs, heldOut] }); // the second one replaces the first
    assert.deepEqual(files(fixture.data), before, 'nothing of the dataset was removed, and no label file came into its folders');
    assert.equal(read('images/train.txt'), './train/root/a.png\n./train/deep/a.png\n./train/~/a.jpg\n./train/~/b_c.png\n./train/root~2/top.png\n');
    assert.equal(read('images/val.txt'), './val/root/a.png\n');
    assert.equal(read('data.yaml'), 'train: images/train.txt\nval: images/val.txt\nnames:\n  0: "cat"\n  1: "dog"\n');
    assert.equal(readlinkSync(path.join(fixture.out, 'images/train/deep')), path.join(fixture.data, 'images/deep'));
    for (const image of read('images/train.txt').trim().split('\n')) {
      const seen = path.join(fixture.out, 'images', image);
      assert.ok(existsSync(seen), image);
      const label = seen.replace(/^(.*)\/images\/(.*)\.\w+$/, '$1/labels/$2.txt'); // the last "images", as the loader does
      assert.equal(readFileSync(label, 'utf8'), `0 0.3 0.3 0.4 0.4\n${image.endsWith('root/a.png') ? '1 0.05 0.05 0.1 0.1\n' : ''}`);
    }
    assert.equal(read('labels/val/root/a.txt'), '');
  });

  it('YOLO with links where a folder cannot be linked: its images are linked one by one under the same names', async () => {
    await fixture.image('images/b.png');
    const plan = fixture.plan('yolo', ['images/a.png', 'images/b.png'].map((image, at) => ({ ...row, qid: `q${at}`, images: [image] })), { images: 'link' });
    const [input] = plan.inputs;
    assert.ok(input);
    const staging = path.join(fixture.folder, 'staging');
    mkdirSync(path.join(staging, 'images/train/root'), { recursive: true }); // the name is taken: the link to the folder fails
    const places = new ImagePlaces(plan, staging, new SmallFiles(undefined));
    for (const name of ['a.png', 'b.png']) {
      const image = path.join(fixture.data, 'images', name);
      assert.equal(places.nameOf(image, input), `images/train/root/${name}`);
      await places.place(image, input);
    }
    await places.finish();
    for (const name of ['a.png', 'b.png']) assert.equal(statSync(path.join(staging, 'images/train/root', name)).ino, statSync(path.join(fixture.data, 'images', name)).ino);
  });

  it('numbers that no double holds keep their digits: ids, answers, and fields of the row as the numbers that they are', async () => {
    const long = '{"qid": 9007199254740993, "problem": "<image>?", "answer": 12345678901234567890, "images": ["images/a.png"], "tweet": 9007199254740993, "deep": {"ids": [18446744073709551615]}}';
    const report = await runExport(fixture.plan('ms-swift', [long, long.replaceAll('9007199254740993', '9007199254740992')]));
    assert.deepEqual([report.written, report.problems], [2, []], 'two ids, not one that a double makes of them');
    assert.match(read('set.jsonl'), /"solution":"12345678901234567890","qid":"9007199254740993","key_words":\[\],"tweet":9007199254740993,"deep":\{"ids":\[18446744073709551615\]\}\}\n/);
    await runExport(fixture.plan('verl', [long], { name: 'long' }));
    assert.equal(((await parquet('long.parquet')) as { extra_info: { extra: string } }).extra_info.extra, '{"tweet":9007199254740993,"deep":{"ids":[18446744073709551615]}}');
  });

  it('an answer that is boxes is brought to the frame of the model, a text that only mentions one is not', async () => {
    const answers = ['[64, 48, 320, 240]', '```json\n[{"bbox_2d": [64, 48, 320, 240], "label": "cat"}]\n```', 'the cat at [64, 48, 320, 240]', '[1, 2, 3]'];
    const report = await runExport(fixture.plan('easyr1', answers.map((answer, at) => ({ ...row, qid: `q${at}`, answer })), { name: 'answers', frame: 'norm1' }));
    assert.deepEqual((JSON.parse(read('answers.json')) as { answer: string }[]).map(({ answer }) => answer), [
      '[0.1, 0.1, 0.5, 0.5]', '```json\n[{"bbox_2d": [0.1, 0.1, 0.5, 0.5], "label": "cat"}]\n```', 'the cat at [64, 48, 320, 240]', '[1, 2, 3]',
    ]);
    assert.equal(report.answersChanged, 2);
  });
});
