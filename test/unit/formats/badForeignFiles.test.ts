import * as assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { errorInWords } from '../../../src/core/errorWords';
import type { Problem } from '../../../src/core/problem';
import { firstRecords, detectSource } from '../../../src/platform/formats/detectSource';
import { previewImport } from '../../../src/platform/formats/previewImport';
import { type ImportReport, runImport } from '../../../src/platform/formats/runImport';
import { withDuckDb } from '../../../src/platform/duckdb/openDuckDb';
import { readJsonLines } from '../../../src/platform/formats/readJsonLines';

let folder: string;
const row = (n: number, more: object = {}): object => ({ qid: `q${n}`, problem: `Q${n}`, answer: String(n), ...more });
const lines = (...rows: readonly object[]): string => rows.map(each => `${JSON.stringify(each)}\n`).join('');

function write(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

async function imported(input: string): Promise<{ readonly ids: readonly unknown[]; readonly rows: readonly Record<string, unknown>[]; readonly report: ImportReport; readonly told: readonly string[] }> {
  const plan = await previewImport({ input, options: {} });
  const report = await runImport(plan, { out: path.join(folder, 'out', 'rows.jsonl'), force: true }, () => undefined);
  const rows = readFileSync(report.out, 'utf8').split('\n').slice(0, -1).map(line => JSON.parse(line) as Record<string, unknown>);
  return { rows, ids: rows.map(each => each['qid']), report, told: report.problems.map(({ rule, line }: Problem) => `${rule.slice('import/'.length)}${line === undefined ? '' : `:${line}`}`) };
}

async function refused(input: string): Promise<string> {
  try {
    await previewImport({ input, options: {} });
  } catch (error) {
    return errorInWords(error);
  }
  throw new Error(`${input} was not refused`);
}

describe('bad files of others', () => {
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr "import" ü '));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('truncated JSON and JSON Lines: place and reason told, the rest read', async () => {
    const list = JSON.stringify([row(1), row(2), row(3)], null, 2);
    for (const [name, text, told] of [['a.json', list.slice(0, -30), 'truncated:12'], ['b.jsonl', lines(row(1), row(2), row(3)).slice(0, -12), 'malformed-json:3'], ['c.json', JSON.stringify([row(1), row(2)]), undefined], ['d.json', list.slice(0, -2), 'truncated']] as const) {
      const result = await imported(write(name, text));
      assert.deepEqual(result.ids, name === 'd.json' ? ['q1', 'q2', 'q3'] : ['q1', 'q2'], name);
      assert.deepEqual(result.told, told === undefined ? [] : [told], name);
    }
  });

  it('byte order mark, CRLF, blank lines and no last line end', async () => {
    const text = `\ufeff${lines(row(1), row(2)).replaceAll('\n', '\r\n\r\n')}${JSON.stringify(row(3))}`;
    const { ids, told } = await imported(write('a.jsonl', text));
    assert.deepEqual(ids, ['q1', 'q2', 'q3']);
    assert.deepEqual(told, []);
  });

  it('bytes that are no UTF-8 are told on their line', async () => {
    const bad = Buffer.concat([Buffer.from(lines(row(1)) + '{"qid":"q2","problem":"caf'), Buffer.from([0xe9]), Buffer.from('","answer":"2"}\n' + lines(row(3)))]);
    const { ids, told, rows } = await imported(write('a.jsonl', bad));
    assert.deepEqual(ids, ['q1', 'q2', 'q3']);
    assert.equal(rows[1]?.['problem'], 'caf\ufffd');
    assert.deepEqual(told, ['invalid-utf8:2']);
  });

  it('prototype keys reach no prototype and are kept under another name', async () => {
    const { rows, told } = await imported(write('a.jsonl', '{"qid":"q1","problem":"p","answer":"a","__proto__":{"polluted":true},"constructor":{"prototype":1}}\n'));
    assert.deepEqual(rows[0]?.['__proto__ (reserved)'], { polluted: true });
    assert.deepEqual(rows[0]?.['constructor'], { prototype: 1 });
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
    assert.deepEqual(told, ['prototype-key:1']);
  });

  it('NaN is null and told, never a zero; numbers too long for a double keep their digits', async () => {
    const { rows, told } = await imported(write('a.jsonl', '{"qid":12345678901234567890,"problem":"NaN?","answer":"a","score":NaN,"boxes":[{"label":"x","bbox":[1,2,NaN,4]}],"images":["a.png"]}\n'));
    assert.deepEqual([rows[0]?.['qid'], rows[0]?.['score'], rows[0]?.['problem']], ['12345678901234567890', null, '<image>NaN?']);
    assert.equal(rows[0]?.['boxes'], undefined);
    assert.deepEqual(told, ['non-finite-number:1', 'malformed-box:1']);
  });

  it('numbers beyond every double keep their digits, also as answers; as corners of a box they are told', async () => {
    const { report, told } = await imported(write('a.jsonl', '{"qid":"q1","problem":"p","answer":1e999,"score":-2.5E+400,"images":["a.png"],"boxes":[{"label":"x","bbox":[1,2,1e999,4]}]}\n'));
    const [text = ''] = readFileSync(report.out, 'utf8').split('\n');
    assert.match(text, /"answer":"1e999".*"score":-2\.5E\+400/);
    assert.deepEqual(told, ['malformed-box:1']);
  });

  it('halves of characters are told and kept; whole ones that are written as escapes are none', async () => {
    const { rows, told } = await imported(write('a.jsonl', '{"qid":"q1","problem":"half \\ud83d","answer":"\\udc00"}\n{"qid":"q2","problem":"\\ud83d\\ude00 \\\\ud83d","answer":"a"}\n'));
    assert.deepEqual([rows[0]?.['problem'], rows[1]?.['problem']], ['half \ud83d', '\u{1f600} \\ud83d']);
    assert.deepEqual(told, ['half-character:1']);
  });

  it('a second field that means the same and says something else is told and kept; the person decides by the mapping', async () => {
    const file = write('a.jsonl', '{"id":"q1","problem":"p","question":"another","answer":"1","solution":"<answer>2</answer>"}\n{"id":"q2","problem":" p","question":"p","answer":"1","solution":"<answer>1</answer>"}\n');
    const { rows, told } = await imported(file);
    assert.deepEqual([rows[0]?.['question'], rows[0]?.['solution'], rows[0]?.['answer']], ['another', '<answer>2</answer>', '1']);
    assert.deepEqual(told, ['second-name:1', 'second-name:1']);
    const mapped = await previewImport({ input: file, options: { map: { problem: 'question', answer: 'solution' } } });
    assert.deepEqual(mapped.preview.firstRows.map(({ problem, answer }) => [problem, answer]), [['another', '2'], ['p', '1']]);
  });

  it('keys that stand twice and ids of mixed types', async () => {
    const { ids, told } = await imported(write('a.jsonl', '{"qid":1,"problem":"p","problem":"q","answer":"a"}\n{"qid":"1","problem":"p","answer":"a"}\n'));
    assert.deepEqual(ids, ['1', '1']);
    assert.deepEqual(told, ['repeated-key:1', 'duplicate-qid:2']);
  });

  it('a record that is nested without end is told, and the others read', async () => {
    const deep = `{"qid":"q2","problem":"p","answer":"a","meta":${'[{"a":'.repeat(50_000)}1${'}]'.repeat(50_000)}}\n`;
    const { ids, told } = await imported(write('a.jsonl', `${lines(row(1))}${deep}${lines(row(3))}`));
    assert.deepEqual(ids, ['q1', 'q3']);
    assert.deepEqual(told, ['deep-record:2']);
  });

  it('a line and an element of 100 MB are passed over', async function () {
    this.timeout(60_000);
    const long = `{"qid":"long","problem":"${'x'.repeat(100 << 20)}"}`;
    assert.deepEqual((await imported(write('a.jsonl', `${lines(row(1))}${long}\n${lines(row(3))}`))).told, ['long-record:2']);
    const { ids, told } = await imported(write('a.json', `[${JSON.stringify(row(1))},\n${long},\n${JSON.stringify(row(3))}]`));
    assert.deepEqual(ids, ['q1', 'q3']);
    assert.deepEqual(told, ['long-record:2']);
  });

  it('what is no record is told and left out', async () => {
    const { ids, told } = await imported(write('a.jsonl', `7\n[1]\n${lines(row(1))}nonsense\n`));
    assert.deepEqual(ids, ['q1']);
    assert.deepEqual(told, ['not-an-object:1', 'not-an-object:2', 'malformed-json:4']);
  });

  it('files that are not read say what they are and what to do', async () => {
    assert.match(await refused(write('a.json', '')), /is empty/);
    assert.match(await refused(write('a.jsonl.gz', Buffer.from([0x1f, 0x8b, 8]))), /compressed \(gzip\)\. Unpack it first/);
    assert.match(await refused(write('refs(unc).p', Buffer.from([0x80, 4, 0x95]))), /Python pickle, which runs code.*json\.dump\(pickle\.load/);
    assert.match(await refused(write('utf16.jsonl', Buffer.from('\ufeff{}', 'utf16le'))), /UTF-16; save it as UTF-8/);
    assert.match(await refused(write('half.parquet', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(40)]))), /half\.parquet cannot be read: No magic bytes/);
    assert.match(await refused(path.join(folder, 'none.json')), /there is no such file/);
    mkdirSync(path.join(folder, 'empty'));
    assert.match(await refused(path.join(folder, 'empty')), /no Parquet, JSON, JSON Lines, CSV, YOLO label or VOC annotation was found/);
  });

  it('a folder with several files asks which, also for splits', async () => {
    write('many/a.jsonl', lines(row(1)));
    write('many/b.jsonl', lines(row(2)));
    assert.match(await refused(path.join(folder, 'many')), /2 files of records\. Give one of them: a\.jsonl, b\.jsonl/);
    write('splits/data/train.jsonl', lines(row(1)));
    write('splits/data/test.jsonl', lines(row(2)));
    assert.match(await refused(path.join(folder, 'splits')), /splits test, train\. Say which to import with --split/);
    const { source } = await detectSource(path.join(folder, 'splits'), undefined, 'train');
    assert.equal((await firstRecords(source, 9, undefined))[0]?.['qid'], 'q1');
  });

  it('folders of Arrow files, with splits or without, say how to write them as Parquet', async () => {
    for (const name of ['one/dataset_info.json', 'one/state.json', 'one/data-00000-of-00001.arrow', 'two/train/state.json', 'two/train/data-00000-of-00001.arrow']) write(name, '{}');
    write('two/dataset_dict.json', '{"splits": ["train"]}');
    assert.match(await refused(path.join(folder, 'one')), /load_from_disk\('FOLDER'\)\.to_parquet\('data\.parquet'\)/);
    assert.match(await refused(path.join(folder, 'two')), /for name, part in datasets\.load_from_disk\('FOLDER'\)\.items\(\)/);
  });

  it('Parquet files of two schemas are each read as they are', async () => {
    mkdirSync(path.join(folder, 'pq'));
    await withDuckDb(async connection => {
      await connection.run(`COPY (SELECT 'a' AS question, 'x' AS answer, 1 AS id) TO '${path.join(folder, 'pq', '0.parquet').replaceAll("'", "''")}' (FORMAT parquet)`);
      await connection.run(`COPY (SELECT 'b' AS prompt, ['y'] AS answers, 'i2' AS qid, 9007199254740993 AS large, DATE '2026-01-02' AS day) TO '${path.join(folder, 'pq', '1.parquet').replaceAll("'", "''")}' (FORMAT parquet)`);
    });
    const { rows } = await imported(path.join(folder, 'pq'));
    assert.deepEqual(rows, [{ qid: '1', problem: 'a', answer: 'x', images: [] }, { qid: 'i2', problem: 'b', answer: 'y', images: [], large: 9007199254740992 /* as a double reads its digits */, day: '2026-01-02' }]);
  });

  it('bytes that are no image, of a format that is not taken, or a decompression bomb are not written', async () => {
    const png = await sharp({ create: { width: 8, height: 6, channels: 3, background: '#123' } }).png().toBuffer();
    const bomb = Buffer.from(png);
    bomb.writeUInt32BE(60_000, 16);
    bomb.writeUInt32BE(60_000, 20);
    const image = (bytes: Buffer, name: string): object => ({ image: { bytes: bytes.toString('base64'), path: name } });
    const { rows, report, told } = await imported(write('a.jsonl', lines(
      row(1, image(png, '../../etc/pass wd.jpg')), row(2, image(Buffer.from('no image at all'), 'x.png')), row(3, image(bomb, 'b.png')), row(4, image(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'), 's.svg')),
      row(5, { image: `data:image/png;base64,${png.toString('base64')}` }), row(6, image(png, 'CON')),
    )));
    assert.deepEqual(rows.map(each => each['images']), [['pass_wd.png'], [], [], [], ['a-5.png'], ['_CON.png']]);
    assert.deepEqual(readdirSync(report.imageRoot).sort(), ['_CON.png', 'a-5.png', 'pass_wd.png']);
    assert.deepEqual(told.filter(each => each.startsWith('bad-image')), ['bad-image:2', 'bad-image:3', 'bad-image:4']);
  });

  it('image paths that leave the root, addresses and names with spaces, quotes and letters of others', async () => {
    write('data/a b\'c"ü.png', await sharp({ create: { width: 8, height: 6, channels: 3, background: '#123' } }).png().toBuffer());
    const { rows, told } = await imported(write('data/a.jsonl', lines(
      row(1, { image: 'a b\'c"ü.png' }), row(2, { image: '../../../etc/passwd' }), row(3, { image: '/etc/passwd' }), row(4, { image: 'https://example.org/x.png' }), row(5, { image: 'x/../a b\'c"ü.png' }),
    )));
    assert.deepEqual(rows.map(each => each['images']), [['a b\'c"ü.png'], ['../../../etc/passwd'], ['/etc/passwd'], ['https://example.org/x.png'], ['a b\'c"ü.png']]);
    assert.deepEqual(told, ['image-outside:2', 'image-outside:3', 'remote-image:4']);
  });

  it('loops of links end', async () => {
    write('yolo/data.yaml', 'train: images\nnames: [cat]\n');
    write('yolo/images/a.png', await sharp({ create: { width: 20, height: 10, channels: 3, background: '#123' } }).png().toBuffer());
    write('yolo/labels/a.txt', '0 0.5 0.5 0.5 0.5\n');
    symlinkSync('..', path.join(folder, 'yolo/images/up'));
    symlinkSync('nowhere', path.join(folder, 'yolo/images/broken.png'));
    assert.deepEqual((await imported(path.join(folder, 'yolo'))).rows.map(each => each['boxes']), [[{ label: 'cat', bbox: [5, 2.5, 15, 7.5] }]]);
  });

  it('a file that grows while it is read: what was there is read, and it is told', async () => {
    const file = write('a.jsonl', lines(row(1), row(2)));
    const records = readJsonLines(file, { done: 0, total: 0 }, undefined);
    const ids: unknown[] = [];
    const told: string[] = [];
    for await (const { value, faults } of records) {
      if (ids.length === 0) appendFileSync(file, lines(row(3)));
      if (value !== undefined) ids.push((value as { qid: string }).qid);
      told.push(...faults.map(fault => fault.message));
    }
    assert.deepEqual(ids, ['q1', 'q2']);
    assert.match(told.join(), /^The file grew from \d+ to \d+ bytes while it was read\.$/);
  });

  it('boxes on the stored pixels of an image that EXIF turns are turned with it', async () => {
    const stored = await sharp({ create: { width: 40, height: 20, channels: 3, background: '#fff' } }).composite([{ input: { create: { width: 6, height: 4, channels: 3, background: '#000' } }, left: 30, top: 2 }]).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).withMetadata({ orientation: 6 }).toBuffer();
    write('coco/a.jpg', stored);
    const { rows, told } = await imported(write('coco/coco.json', JSON.stringify({ images: [{ id: 1, file_name: 'a.jpg', width: 40, height: 20 }], annotations: [{ id: 1, image_id: 1, category_id: 1, bbox: [30, 2, 6, 4] }], categories: [{ id: 1, name: 'dot' }] })));
    const [{ bbox }] = rows[0]?.['boxes'] as [{ bbox: [number, number, number, number] }];
    const [x1, y1, x2, y2] = bbox;
    const upright = await sharp(path.join(folder, 'coco/a.jpg')).rotate().toBuffer();
    const seen = await sharp(upright).extract({ left: x1, top: y1, width: x2 - x1, height: y2 - y1 }).greyscale().raw().toBuffer();
    assert.deepEqual([x2 - x1, y2 - y1], [4, 6]);
    assert.ok(seen.every(value => value < 60), 'the box lies on the dot as a person sees it');
    assert.deepEqual(told, ['turned-image']);
  });

  it('boxes of an image that is not there are kept beside the others, and told', async () => {
    write('n/a.png', await sharp({ create: { width: 200, height: 100, channels: 3, background: '#123' } }).png().toBuffer());
    const box = (image: string): object => ({ image, objects: { ref: ['x'], bbox: [[0.5, 0.5, 1, 1]], bbox_type: 'norm1' }, messages: [{ role: 'user', content: 'Q' }] });
    const { rows, told } = await imported(write('n/a.jsonl', lines(box('a.png'), box('a.png'), box('b.png'))));
    assert.deepEqual(rows.map(each => each['boxes'] ?? each['boxes_norm1']), [[{ label: 'x', bbox: [100, 50, 200, 100] }], [{ label: 'x', bbox: [100, 50, 200, 100] }], [{ label: 'x', bbox: [0.5, 0.5, 1, 1] }]]);
    assert.deepEqual(told, ['box-without-size:3']);
  });

  it('a stopped import leaves nothing behind', async () => {
    const plan = await previewImport({ input: write('a.jsonl', lines(...Array.from({ length: 2000 }, (_, n) => row(n)))), options: {} });
    const stop = new AbortController();
    const reason = new Error('stopped by the test');
    await assert.rejects(runImport(plan, { out: path.join(folder, 'out', 'rows.jsonl'), force: false }, ({ rows }) => { if (rows >= 512) stop.abort(reason); }, stop.signal), reason);
    assert.deepEqual(existsSync(path.join(folder, 'out')) ? readdirSync(path.join(folder, 'out')) : [], []);
  });
});
