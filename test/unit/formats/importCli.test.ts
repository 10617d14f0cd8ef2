import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseProject } from '../../../src/core/project/parseProject';
import { addDataset } from '../../../src/core/project/addDataset';

function pebr(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, ['dist/cli.js', 'import', ...args], { encoding: 'utf8' });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

const commented = '{\n  // what we train on\n  "name": "p",\n  "datasets": [\n    {"id": "old", "stage": "reasoning", "path": "old.jsonl"} // the first one\n  ]\n}\n';
const fixtures = path.resolve('test/fixtures/formats');

describe('pebr import', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-import-cli-'));
    writeFileSync(path.join(folder, 'pebr.json'), commented);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('writes the rows and adds the dataset to pebr.json; comments stay, and linting it finds no error', () => {
    const { code, out } = pebr(path.join(fixtures, 'odvg.jsonl'), '--project', folder);
    assert.equal(code, 0, out);
    assert.match(out, /8 rows with 15 boxes \(pixel\)/);
    const text = readFileSync(path.join(folder, 'pebr.json'), 'utf8');
    assert.ok(text.includes('// what we train on') && text.includes('// the first one'));
    const { project, problems } = parseProject(text, 'pebr.json');
    assert.deepEqual(problems, []);
    assert.equal(project?.datasets[1]?.id, 'odvg');
    const lint = spawnSync(process.execPath, ['dist/cli.js', 'lint', '--project', folder, '--dataset', 'odvg'], { encoding: 'utf8' });
    assert.equal(lint.status, 0, lint.stdout);
  });

  it('asks for the frame where the data do not decide, and writes nothing until it is told', () => {
    const rows = Array.from({ length: 30 }, (_, n) => ({ id: n, image: `${n}.png`, width: 1000, height: 800, question: 'Where?', answer: 'there', boxes: [{ label: 'a', bbox: [100 + n, 50, 900, 700] }] }));
    const file = path.join(folder, 'rows.json');
    writeFileSync(file, JSON.stringify(rows));
    const asked = pebr(file, '--project', folder);
    assert.equal(asked.code, 2);
    assert.match(asked.err, /The data do not decide: .*pixel.*norm1000.* Say what the numbers of the boxes are with --frame/);
    assert.ok(!existsSync(path.join(folder, 'data')));
    assert.equal(pebr(file, '--project', folder, '--frame', 'norm1000').code, 0);
    const [first] = readFileSync(path.join(folder, 'data/rows.jsonl'), 'utf8').split('\n');
    assert.deepEqual((JSON.parse(first ?? '') as { boxes: unknown }).boxes, [{ label: 'a', bbox: [100, 40, 900, 560] }]);
  });

  it('shows what it would do with --preview: fields, frame and why, the first rows', () => {
    const { code, out } = pebr(path.join(fixtures, 'hf-detection.parquet'), '--project', folder, '--preview');
    assert.equal(code, 0);
    assert.match(out, /problem {4}← question/);
    assert.match(out, /Boxes: 15, coco-xywh, .*written as pixel\n {2}15 of 15 boxes lie on their image; pixel: \d+ of 15 boxes/);
    assert.ok(!existsSync(path.join(folder, 'data')));
  });

  it('names the record where a line holds many, and the line where each has its own', () => {
    const rows = [{ id: 1, image: '1.png', question: 'a', answer: 'b' }, 7, { id: 3, image: '3.png', question: 'a', answer: 'b', boxes: [{ label: 'x', bbox: [1, 2, 'NaN', 4] }, { label: 'x', bbox: [1, 2, 3, 4] }] }];
    const file = path.join(folder, 'one line.json');
    writeFileSync(file, JSON.stringify(rows));
    assert.match(pebr(file, '--project', folder, '--frame', 'pixel', '--out', path.join(folder, 'a.jsonl')).out, /Record 2: The record is no object.*Record 3: 1 entry of its boxes is no box/s);
    writeFileSync(file, `[\n${rows.map(each => JSON.stringify(each)).join(',\n')}\n]`);
    const { out } = pebr(file, '--project', folder, '--frame', 'pixel', '--out', path.join(folder, 'b.jsonl'));
    assert.match(out, /one line\.json:3: error: The record is no object/);
    assert.doesNotMatch(out, /Record \d/);
  });

  it('COCO: an id is the same as a number and as a text', () => {
    const file = path.join(folder, 'mixed.json');
    writeFileSync(file, JSON.stringify({ images: [{ id: 1, file_name: 'a.png', width: 64, height: 64 }], annotations: [{ image_id: '1', category_id: '2', bbox: [1, 2, 3, 4] }], categories: [{ id: 2, name: 'cat' }] }));
    assert.equal(pebr(file, '--project', folder, '--out', path.join(folder, 'mixed.jsonl')).code, 0);
    assert.deepEqual((JSON.parse(readFileSync(path.join(folder, 'mixed.jsonl'), 'utf8')) as { boxes: unknown }).boxes, [{ label: 'cat', bbox: [1, 2, 4, 6] }]);
  });

  it('maps fields, and never overwrites without being told', () => {
    const args = [path.join(fixtures, 'pebr_grpo_dataset.json'), '--project', folder, '--out', path.join(folder, 'mine.jsonl'), '--dataset', 'mine', '--stage', 'reasoning'];
    assert.equal(pebr(...args, '--map', 'problem=source').code, 0);
    const written = readFileSync(path.join(folder, 'mine.jsonl'), 'utf8');
    assert.match(written, /^\{"qid":"0","problem":"<image>clevr"/);
    const again = pebr(...args);
    assert.equal(again.code, 2);
    assert.match(again.err, /mine\.jsonl is there already.*--force/);
    assert.equal(readFileSync(path.join(folder, 'mine.jsonl'), 'utf8'), written);
    assert.equal(pebr(...args, '--force').code, 0);
  });

  it('names a wrong option, format, frame or field', () => {
    for (const [args, words] of [[['--format', 'xml'], /no format "xml"/], [['--frame', 'px'], /no frame "px"/], [['--map', 'question=x'], /FIELD=THEIRS/], [['--stage', 'both'], /no stage "both"/]] as const) {
      const { code, err } = pebr(path.join(fixtures, 'llava.json'), '--project', folder, ...args);
      assert.equal(code, 2);
      assert.match(err, words);
    }
  });
});

describe('a dataset more in pebr.json', () => {
  const entry = { id: 'new', stage: 'perception', path: 'data/new.jsonl', imageRoot: 'data', boxFrame: 'pixel' } as const;

  it('keeps every other byte, whatever the layout', () => {
    for (const text of [commented, commented.replaceAll('\n', '\r\n'), '{"name":"p","datasets":[]}', '{"name":"p"}', '{\n\t"name": "p",\n\t"datasets": [\n\t],\n}\n']) {
      const added = addDataset(text, entry) ?? '';
      const { project } = parseProject(added, 'pebr.json');
      assert.deepEqual(project?.datasets.map(({ id }) => id).at(-1), 'new', added);
      const rest = text.replace(/\s|,/g, '');
      let at = 0;
      for (const char of added.replace(/\s|,/g, '')) if (char === rest[at]) at++;
      assert.equal(at, rest.length, 'what was there is there in its order');
      assert.equal(added.includes('\r\n'), text.includes('\r\n'));
    }
  });

  it('adds no id a second time', () => {
    assert.equal(addDataset(commented, { ...entry, id: 'old' }), undefined);
  });
});
