import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { AppError } from '../../../src/core/errors';
import { errorInWords } from '../../../src/core/errorWords';
import { checkExport, runExport } from '../../../src/platform/formats/runExport';
import { ExportFixture, row } from './exportFixture';

describe('before an export', () => {
  let fixture: ExportFixture;
  beforeEach(async () => {
    fixture = new ExportFixture();
    await fixture.image('images/a.png');
  });
  afterEach(() => fixture.remove());

  const found = async (to: string, rows: readonly (object | string)[]): Promise<string[]> => {
    const { problems } = await checkExport(fixture.plan(to, rows));
    return problems.map(({ line, severity, rule }) => `${line} ${severity} ${rule}`);
  };

  const cases: readonly [name: string, to: string, row: object | string, finding: string][] = [
    ['more marks than images', 'verl', { ...row, problem: '<image><image>Where?' }, 'error export/placeholder-count'],
    ['no mark for an image', 'trl', { ...row, problem: 'Where?' }, 'error export/placeholder-count'],
    ['an empty answer', 'easyr1', { ...row, answer: ' ' }, 'error export/empty-answer'],
    ['an empty problem', 'ms-swift', { ...row, problem: '<image> ' }, 'error export/empty-problem'],
    ['a missing image', 'easyr1', { ...row, images: ['images/none.png'] }, 'error export/image-missing'],
    ['an image outside the root', 'easyr1', { ...row, images: ['../../etc/passwd'] }, 'error export/image-outside-root'],
    ['no image for a reward that opens one', 'easyr1', { ...row, problem: 'Where?', images: [], boxes: [] }, 'error export/no-image'],
    ['no id', 'easyr1', { ...row, qid: undefined }, 'error export/missing-qid'],
    ['a half line', 'easyr1', '{"qid": "q1", "problem"', 'error export/unreadable-row'],
    ['a box that is none', 'easyr1', { ...row, boxes: [{ label: 'cat', bbox: [1, 2, 3] }] }, 'error export/unreadable-row'],
    ['NaN', 'easyr1', JSON.stringify(row).replace('"level":3', '"level":NaN'), 'error export/unreadable-row'],
    ['half a character', 'verl', JSON.stringify({ ...row, answer: 'x\ud83d' }), 'error export/unreadable-row'],
    ['a mark of something else', 'verl', { ...row, problem: '<image><video>Where?' }, 'error export/foreign-mark'],
    ['a field that the loader takes for its own', 'vlm-r1', { ...row, solution: 'x' }, 'error export/reserved-field'],
    ['swapped corners', 'coco', { ...row, boxes: [{ label: 'cat', bbox: [320, 48, 64, 240] }] }, 'error export/box-degenerate'],
    ['the bytes of an image in place of its path', 'verl', { ...row, images: [`data:image/png;base64,${'A'.repeat(10_000)}`] }, 'error export/image-missing'],
    ['a box outside, for a detector', 'yolo', { ...row, boxes: [{ label: 'cat', bbox: [64, 48, 700, 240] }] }, 'error export/box-outside'],
    ['a box outside, for a policy', 'easyr1', { ...row, boxes: [{ label: 'cat', bbox: [64, 48, 700, 240] }] }, 'warning export/box-outside'],
    ['a box without class', 'coco', { ...row, boxes: [{ label: '', bbox: [64, 48, 320, 240] }] }, 'error export/box-label'],
    ['a second image, for a detector', 'coco', { ...row, images: ['images/a.png', 'images/a.png'] }, 'warning export/one-image'],
    ['what boxes say beside label and corners', 'easyr1', { ...row, boxes: [{ label: 'cat', bbox: [64, 48, 320, 240], score: 0.5 }] }, 'warning export/box-fields'],
    ['turns that are skipped', 'llama-factory', { qid: 'w', images: ['images/a.png'], messages: [{ role: 'user', content: '<image>?' }] }, 'error export/turns'],
  ];
  for (const [name, to, broken, finding] of cases) {
    it(`${name} is told with its line (${to})`, async () => assert.deepEqual(await found(to, [{ ...row, qid: 'good' }, broken]), [`2 ${finding}`]));
  }

  it('images that their EXIF data turn stop loaders that do not turn them, and no others', async () => {
    await fixture.image('images/turned.jpg', { orientation: 6 });
    const turned = { ...row, images: ['images/turned.jpg'] };
    assert.deepEqual(await found('verl', [turned]), ['1 error export/image-turned']);
    assert.deepEqual(await found('trl', [turned]), []);
    assert.deepEqual(await found('verl', [{ ...turned, boxes: [] }]), ['1 warning export/image-turned']);
  });

  it('images that are none, too narrow, or links in a circle are told', async () => {
    writeFileSync(path.join(fixture.data, 'images/text.png'), 'no image');
    symlinkSync('loop.png', path.join(fixture.data, 'images/loop.png'));
    await fixture.image('images/narrow.png', { width: 3000, height: 10 });
    await fixture.image('images/small.png', { width: 20, height: 20 });
    const of = (image: string): object => ({ ...row, qid: image, images: [image], boxes: [] });
    assert.deepEqual(await found('easyr1', ['images/text.png', 'images/loop.png', 'images/narrow.png', 'images/small.png'].map(of)), [
      '1 error export/image-unreadable', '2 error export/image-unreadable', '3 error export/image-shape', '4 warning export/image-small',
    ]);
  });

  it('one id twice stops what joins by it, and is told to others', async () => {
    assert.deepEqual(await found('easyr1', [row, row]), ['2 error export/duplicate-qid']);
    assert.deepEqual(await found('trl', [row, row]), ['2 warning export/duplicate-qid']);
  });

  it('a column of two types is told where fields become columns', async () => {
    assert.deepEqual(await found('ms-swift', [row, { ...row, qid: 'q2', level: 'three' }]), ['2 error export/mixed-types']);
    assert.deepEqual(await found('verl', [row, { ...row, qid: 'q2', level: 'three' }]), []);
  });

  it('nothing is written while a row would be refused, unless such rows are left out', async () => {
    const rows = [row, { ...row, qid: 'q2', answer: '' }, { ...row, qid: 'q3' }];
    const stopped = await runExport(fixture.plan('easyr1', rows));
    assert.deepEqual([stopped.isWritten, stopped.rows, stopped.refused], [false, 3, 1]);
    assert.equal(existsSync(fixture.out), false);
    const { isWritten, written, refused, problems } = await runExport(fixture.plan('easyr1', rows, { leaveOut: true }));
    assert.deepEqual([isWritten, written, refused, problems.length], [true, 2, 1, 1]);
    assert.deepEqual((JSON.parse(readFileSync(path.join(fixture.out, 'set.json'), 'utf8')) as { qid: string }[]).map(({ qid }) => qid), ['q1', 'q3']);
  });

  it('only the rows that are wanted are looked at', async () => {
    const plan = fixture.plan('easyr1', [row, { ...row, qid: 'q2', answer: '' }], {}, { isWanted: qid => qid === 'q1' });
    const { isWritten, rows, skipped, refused } = await runExport(plan);
    assert.deepEqual([isWritten, rows, skipped, refused], [true, 1, 1, 0]);
  });

  it('files that are there already stay, unless they are to be replaced', async () => {
    await runExport(fixture.plan('easyr1', [row]));
    await assert.rejects(runExport(fixture.plan('easyr1', [{ ...row, qid: 'other' }])), (error: unknown) => /set\.json is there already/.test(errorInWords(error)));
    assert.match(readFileSync(path.join(fixture.out, 'set.json'), 'utf8'), /"q1"/);
    await runExport(fixture.plan('easyr1', [{ ...row, qid: 'other' }], { force: true }));
    assert.match(readFileSync(path.join(fixture.out, 'set.json'), 'utf8'), /"other"/);
    assert.deepEqual(readdirSync(fixture.out), ['set.json']);
  });

  it('neither the rows nor the images that are exported are replaced, even where files may be', async () => {
    const before = readdirSync(path.join(fixture.data, 'images'));
    for (const [to, wishes] of [['ms-swift', { name: 'rows' }], ['yolo', {}]] as const) {
      const plan = { ...fixture.plan(to, [row], { ...wishes, force: true }), folder: fixture.data };
      await assert.rejects(runExport(plan), (error: unknown) => /belongs to the dataset itself/.test(errorInWords(error)));
    }
    assert.match(readFileSync(path.join(fixture.data, 'rows.jsonl'), 'utf8'), /"qid":"q1"/);
    assert.deepEqual(readdirSync(path.join(fixture.data, 'images')), before);
    assert.equal((await runExport({ ...fixture.plan('easyr1', [row], { name: 'beside' }), folder: fixture.data })).isWritten, true);
    const below = { ...fixture.plan('yolo', [row], { force: true }), folder: path.join(fixture.data, 'exports') };
    await runExport(below);
    assert.equal((await runExport(below)).isWritten, true); // an earlier export may be replaced, though it is below the image root
  });

  it('a dataset_info.json that cannot be read is left as it is, and so is an entry of that name', async () => {
    await runExport(fixture.plan('easyr1', [row]));
    const file = path.join(fixture.out, 'dataset_info.json');
    writeFileSync(file, '{"mine": {');
    await assert.rejects(runExport(fixture.plan('llama-factory', [row], { name: 'sft' })), (error: unknown) => /no JSON object/.test(errorInWords(error)));
    assert.equal(readFileSync(file, 'utf8'), '{"mine": {');
    writeFileSync(file, '{\n  "sft": {"file_name": "mine.json"}\n}\n');
    await assert.rejects(runExport(fixture.plan('llama-factory', [row], { name: 'sft' })), (error: unknown) => /another entry "sft"/.test(errorInWords(error)));
    assert.deepEqual(readdirSync(fixture.out).sort(), ['dataset_info.json', 'set.json']);
  });

  it('cancelled, it leaves nothing behind', async () => {
    const cancel = new AbortController();
    const rows = Array.from({ length: 20_000 }, (_, at) => ({ ...row, qid: `q${at}` }));
    const running = runExport(fixture.plan('verl', rows, { images: 'copy' }), { signal: cancel.signal, onProgress: () => cancel.abort(new Error('enough')) });
    await assert.rejects(running, /enough/);
    assert.equal(existsSync(fixture.out), false);
  });

  it('what an export left that was killed is removed by the next one, what another is making is not', async () => {
    const { pid = 0 } = spawnSync(process.execPath, ['-e', '']);
    const [killed, running] = [pid, process.pid].map(each => path.join(fixture.out, `.pebr-export-${each}-aB3x9Z`)) as [string, string];
    for (const folder of [killed, running]) mkdirSync(path.join(folder, 'labels'), { recursive: true });
    await runExport(fixture.plan('easyr1', [row], { force: true }));
    assert.deepEqual([existsSync(killed), existsSync(running)], [false, true]);
    rmSync(running, { recursive: true });
  });

  it('what a killed export was about to replace goes back; folders that name no process go when they are old', async () => {
    const { pid = 0 } = spawnSync(process.execPath, ['-e', '']);
    const make = (name: string, file: string): string => {
      mkdirSync(path.join(fixture.out, name), { recursive: true });
      writeFileSync(path.join(fixture.out, name, file), 'before');
      return path.join(fixture.out, name);
    };
    const [replaced, old, young] = [make(`.pebr-replaced-${pid}-00ff00ff`, 'other.json'), make('.pebr-export-aB3x9Z', 'x'), make('.pebr-export-Zz3x9Z', 'x')];
    utimesSync(old, 0, 0);
    await runExport(fixture.plan('easyr1', [row], { force: true }));
    assert.deepEqual([replaced, old, young].map(each => existsSync(each)), [false, false, true]);
    assert.equal(readFileSync(path.join(fixture.out, 'other.json'), 'utf8'), 'before');
  });

  it('a folder that cannot be made is told at once', async function () {
    if (process.platform !== 'linux') this.skip();
    await assert.rejects(runExport({ ...fixture.plan('easyr1', [row]), folder: '/proc/none/of it' }), (error: unknown) => AppError.is(error, 'file.unwritable') && error.details.file === '/proc/none/of it');
  });

  it('what a target does not have is refused with what there is', () => {
    const words = (wishes: object): string => {
      try {
        fixture.plan('ms-swift', [row], wishes);
        return '';
      } catch (error) {
        return errorInWords(error);
      }
    };
    assert.match(words({ frame: 'norm1000' }), /--frame: ms-swift has no frame "norm1000"\. Known: pixel, norm1/);
    assert.match(words({ images: 'embed' }), /--images: ms-swift has no "embed"\. Known: absolute, relative, copy/);
    assert.match(words({ to: 'cvat' }), /there is no export "cvat"\. Known: easyr1, verl/);
  });
});
