import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import sharp from 'sharp';
import type { LintReport } from '../../../src/core/lint/lintReport';
import { patterned, type Row, SoundProject } from './brokenCopy';

/** `file:line rule` of every problem. */
const placesOf = ({ problems }: LintReport): string[] => problems.map(problem => `${path.basename(problem.file)}:${problem.line ?? '-'} ${problem.rule.replace('dataset/', '')}`);

type Break = (project: SoundProject) => void | Promise<void>;
const box = (bbox: readonly number[], label = 'red 3'): Row => ({ label, bbox });

describe('a project that is broken in one way', () => {
  let project: SoundProject;
  beforeEach(async () => {
    project = await new SoundProject().build();
  });
  afterEach(() => rmSync(project.folder, { recursive: true, force: true }));

  it('has no problem before', async () => {
    assert.deepEqual(placesOf(await project.lint()), []);
    assert.deepEqual(placesOf(await project.lintWarmUp()), []);
    assert.deepEqual(placesOf(await project.lintImages()), []);
  });

  const ofRow: readonly [string, Break, string][] = [
    ['placeholder too few', p => p.change(3, { problem: 'Which digit?' }), 'rows.jsonl:4 image-count'],
    ['placeholder too many', p => p.change(3, { problem: '<image><image>Which digit?' }), 'rows.jsonl:4 image-count'],
    ['missing image', p => p.change(3, { images: ['none.png'] }), 'rows.jsonl:4 missing-image'],
    ['image of another kind', p => writeFileSync(path.join(p.images, '3.png'), 'no picture at all'), 'rows.jsonl:4 unreadable-image'],
    ['vector image', p => { writeFileSync(path.join(p.images, '3.svg'), '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80"/>'); p.change(3, { images: ['3.svg'] }); }, 'rows.jsonl:4 unreadable-image'],
    ['pipe in place of an image', p => { rmSync(path.join(p.images, '3.png')); execFileSync('mkfifo', [path.join(p.images, '3.png')]); }, 'rows.jsonl:4 unreadable-image'],
    ['name with a zero byte', p => p.change(3, { images: ['3\0.png'] }), 'rows.jsonl:4 unreadable-image'],
    ['empty image', p => writeFileSync(path.join(p.images, '3.png'), ''), 'rows.jsonl:4 unreadable-image'],
    ['folder in place of an image', p => { rmSync(path.join(p.images, '3.png')); mkdirSync(path.join(p.images, '3.png')); }, 'rows.jsonl:4 unreadable-image'],
    ['links that lead round', p => { rmSync(path.join(p.images, '3.png')); symlinkSync('3.png', path.join(p.images, '3.png')); }, 'rows.jsonl:4 unreadable-image'],
    ['link out of the root', async p => { rmSync(path.join(p.images, '3.png')); await patterned(9, 50, 50).toFile(path.join(p.folder, 'away.png')); symlinkSync('../away.png', path.join(p.images, '3.png')); }, 'rows.jsonl:4 image-outside-root'],
    ['tiny image', async p => { await p.picture('3.png', 3, 90, 20); p.change(3, { boxes: [box([0, 0, 20, 20])] }); }, 'rows.jsonl:4 tiny-image'],
    ['turned image', async p => { await patterned(3, 80, 120).jpeg().withMetadata({ orientation: 6 }).toFile(path.join(p.images, 't.jpg')); p.change(3, { images: ['t.jpg'] }); }, 'rows.jsonl:4 rotated-image'],
    ['oversized image', p => { writeFileSync(path.join(p.images, '3.png'), pngHeader(9000, 9000)); }, 'rows.jsonl:4 oversized-image'],
    ['decompression bomb', p => { writeFileSync(path.join(p.images, '3.png'), pngHeader(60000, 60000)); }, 'rows.jsonl:4 oversized-image'],
    ['narrow image', p => { writeFileSync(path.join(p.images, '3.png'), pngHeader(20000, 80)); p.change(3, { boxes: [box([10, 10, 40, 40])] }); }, 'rows.jsonl:4 narrow-image'],
    ['path with dots', p => p.change(3, { images: ['../away.png'] }), 'rows.jsonl:4 image-outside-root'],
    ['absolute path', p => p.change(3, { images: ['/etc/hostname'] }), 'rows.jsonl:4 image-outside-root'],
    ['duplicate id', p => p.change(3, { qid: 'q1' }), 'rows.jsonl:4 duplicate-qid'],
    ['id of a held-out row', p => p.change(3, { qid: 'h1' }), 'held.jsonl:2 duplicate-qid'],
    ['no id', p => p.change(3, { qid: '' }), 'rows.jsonl:4 missing-qid'],
    ['held-out row that is trained on', p => { p.heldOut[1] = { ...(p.rows[3] as Row), qid: 'h1' }; }, 'held.jsonl:2 leaked-row'],
    ['held-out image that is trained on', p => { p.heldOut[1] = { ...(p.heldOut[1] as Row), images: ['3.png'] }; }, 'held.jsonl:2 leaked-image'],
    ['empty answer', p => p.change(3, { answer: '' }), 'rows.jsonl:4 empty-answer'],
    ['answer of two lines', p => p.change(3, { answer: '7\nor 8' }), 'rows.jsonl:4 ungradable-answer'],
    ['answer with blanks around', p => p.change(3, { answer: ' 7' }), 'rows.jsonl:4 untrimmed-answer'],
    ['option answered in words', p => p.change(3, { problem: '<image>Which? A. red B. blue', answer: 'It is the blue card.' }), 'rows.jsonl:4 choice-answer'],
    ['box outside', p => p.change(3, { boxes: [box([10, 10, 140, 40])] }), 'rows.jsonl:4 box-outside'],
    ['box without area', p => p.change(3, { boxes: [box([10, 10, 10, 40])] }), 'rows.jsonl:4 degenerate-box'],
    ['box with swapped corners', p => p.change(3, { boxes: [box([40, 10, 10, 40])] }), 'rows.jsonl:4 swapped-box'],
    ['box in shares of the image', p => p.change(3, { boxes: [box([0.1, 0.1, 0.4, 0.4])] }), 'rows.jsonl:4 tiny-box'],
    ['box without label', p => p.change(3, { boxes: [box([10, 10, 40, 40], '')] }), 'rows.jsonl:4 unnamed-box'],
    ['box that stands twice', p => p.change(3, { boxes: [box([10, 10, 40, 40]), box([10, 10, 40, 40])] }), 'rows.jsonl:4 repeated-box'],
    ['box of three numbers', p => p.change(3, { boxes: [box([10, 10, 40])] }), 'rows.jsonl:4 malformed-box'],
    ['empty key word', p => p.change(3, { key_words: ['red 3', ''] }), 'rows.jsonl:4 empty-key-words'],
    ['repeated key word', p => p.change(3, { key_words: ['red 3', 'red 3'] }), 'rows.jsonl:4 repeated-key-word'],
    ['key word within another', p => p.change(3, { key_words: ['red 3', 'red'] }), 'rows.jsonl:4 nested-key-word'],
    ['prompt too long', p => p.change(3, { problem: `<image>${'word '.repeat(60)}` }), 'rows.jsonl:4 long-prompt'],
    ['neither key words nor boxes', p => p.change(3, { key_words: [], boxes: [] }), 'rows.jsonl:4 no-labels'],
    ['text only', p => p.change(3, { problem: 'Which digit?', images: [] }), 'rows.jsonl:4 no-image'],
    ['number among texts', p => p.change(3, { answer: 7 }), 'rows.jsonl:4 mixed-types'],
    ['number among ids', p => p.change(3, { qid: 77 }), 'rows.jsonl:4 mixed-types'],
    ['one image as text among lists', p => p.change(3, { images: '3.png' }), 'rows.jsonl:4 mixed-types'],
    ['image by an empty text', p => p.change(3, { images: [''] }), 'rows.jsonl:4 missing-image'],
    ['answer with a sign that nobody sees', p => p.change(3, { answer: '7\u200b' }), 'rows.jsonl:4 untrimmed-answer'],
    ['comment between the rows', p => { p.rows[3] = '# more of them'; }, 'rows.jsonl:4 malformed-line'],
    ['half a line', p => { p.rows[3] = '{"qid": "q3", "prob'; }, 'rows.jsonl:4 malformed-line'],
    ['line that is a list', p => { p.rows[3] = '[1, 2]'; }, 'rows.jsonl:4 malformed-line'],
    ['NaN', p => { p.rows[3] = JSON.stringify(p.rows[3]).replace(/}$/, ', "score": NaN}'); }, 'rows.jsonl:4 non-finite-number'],
    ['key that stands twice', p => { p.rows[3] = JSON.stringify(p.rows[3]).replace(/}$/, ', "answer": "3"}'); }, 'rows.jsonl:4 repeated-key'],
    ['prototype key', p => { p.rows[3] = JSON.stringify(p.rows[3]).replace(/}$/, ', "__proto__": {"qid": "x"}}'); }, 'rows.jsonl:4 prototype-key'],
    ['wrong type', p => p.change(3, { key_words: { red: 3 } }), 'rows.jsonl:4 field-type'],
    ['line of 100 MB', p => { p.rows[3] = JSON.stringify({ ...(p.rows[3] as Row), pad: 'x'.repeat(100e6) }); }, 'rows.jsonl:4 long-line'],
  ];
  for (const [name, breakIt, expected] of ofRow) {
    it(`${name}: ${expected}`, async () => {
      await breakIt(project);
      const [first, ...rest] = placesOf(await project.lint());
      assert.equal(first, expected);
      // A field of the wrong type and a row that names no key words are seen by the rules after them too.
      assert.deepEqual(rest.filter(place => !['rows.jsonl:4 empty-key-words', 'rows.jsonl:4 mixed-types'].includes(place)), []);
    });
  }

  it('says what a name is that is no path of a file', async () => {
    const names = ['https://example.org/a.png', `data:image/png;base64,${'A'.repeat(100_000)}`, 'deep\\3.png', ''];
    names.forEach((name, at) => project.change(at, { images: [name] }));
    const found = (await project.lint()).problems;
    assert.deepEqual(found.map(({ message, remedy }) => `${message.replace(project.folder, '')} ${remedy}`.slice(0, 300)), [
      'The image "https://example.org/a.png" is on a network, and trainers read files. Fetch it, and write the path of the file.',
      'The row holds the bytes of an image where it is to name a file. Import the file ("PeBR: Import Dataset"): the image is then written to a file of its own.',
      'The image "deep\\3.png" is missing: there is no /images/deep\\3.png. Write "/" between the folders of its path, or put the file there.',
      'The row names an image by an empty text. Write the path of its file, or remove the entry.',
    ]);
  });

  it('a line that is no row is not taken for half of one', async () => {
    project.rows[3] = '# more of them';
    assert.match((await project.lint()).problems[0]?.message ?? '', /^The line is no JSON/);
  });

  it('bytes that are no UTF-8, on their line; the rest loads', async () => {
    await project.lint();
    const file = path.join(project.folder, 'rows.jsonl');
    const bytes = readFileSync(file);
    bytes[bytes.indexOf('Which digit is on card q5')] = 0xff;
    project.rows = [...bytes.toString('latin1').trimEnd().split('\n')];
    project.lint = async () => {
      const { lintDataset } = await import('../../../src/platform/dataset/lintDataset');
      writeFileSync(file, bytes);
      return lintDataset(project.folder, project.config);
    };
    assert.deepEqual(placesOf(await project.lint()), ['rows.jsonl:6 invalid-utf8']);
  });

  it('byte order mark and CRLF are no problem, and lines are counted right behind blank ones', async () => {
    project.rows = project.rows.map(row => `${JSON.stringify(row)}\r`);
    project.rows[0] = `\uFEFF${String(project.rows[0])}`;
    project.rows.splice(2, 0, '', '  ');
    project.rows[6] = '{"qid": 3';
    assert.deepEqual(placesOf(await project.lint()), ['rows.jsonl:7 malformed-line']);
  });

  it('boxes of the whole dataset in another frame', async () => {
    const shares = (row: Row | string): Row => ({ ...(row as Row), boxes: [box([0.1, 0.1, 0.5, 0.5]), box([0.2, 0.3, 0.9, 0.8], 'blue')] });
    project.rows = project.rows.map(shares);
    project.heldOut = project.heldOut.map(shares);
    assert.ok(placesOf(await project.lint()).includes('rows.jsonl:- suspicious-frame'));
  });

  it('boxes in the frame of the model are no suspicion, whatever other frame they would fit too', async () => {
    project.config = { ...project.config, boxFrame: 'qwen2.5-resized' };
    assert.deepEqual(placesOf(await project.lint()), []);
  });

  it('files of another kind are told as such, not line by line', async () => {
    const told = async (content: string | Buffer): Promise<string[]> => {
      const { lintDataset } = await import('../../../src/platform/dataset/lintDataset');
      writeFileSync(path.join(project.folder, 'rows.jsonl'), content);
      return (await lintDataset(project.folder, { ...project.config, heldOut: null })).problems.map(problem => `${problem.rule} ${problem.message.replace(/^.*cannot be read: /, '')}`);
    };
    assert.deepEqual(await told('PAR1\u0000\n\n'), ['dataset/unreadable it is a Parquet file; "PeBR: Import Dataset" makes rows of it.']);
    assert.deepEqual(await told('\uFEFF[\n  {"qid": "a"}\n]'), ['dataset/unreadable it is one JSON list, not one row a line; "PeBR: Import Dataset" makes rows of it.']);
    assert.deepEqual(await told(Buffer.from([0x1f, 0x8b, 8, 0])), ['dataset/unreadable it is compressed; unpack it first.']);
    assert.deepEqual(await told(Buffer.from('\uFEFF{}', 'utf16le')), ['dataset/unreadable it is UTF-16; save it as UTF-8.']);
    assert.deepEqual(await told(''), ['dataset/empty-file The file has no rows.']);
  });

  it('names of images with blanks, quotes and other scripts are read', async () => {
    for (const [index, name] of [`a 'quoted' "name".png`, 'größe 画像.png', '..dots.png', '%41.png'].entries()) {
      await project.picture(name, 40 + index);
      project.change(index, { images: [name] });
    }
    assert.deepEqual(placesOf(await project.lint()), []);
  });

  const ofWarmUp: readonly [string, (row: { messages: { role: string; content: string }[]; images: string[] }) => void, string][] = [
    ['a response that takes itself back', row => { row.messages[1]!.content = row.messages[1]!.content.replace('Find it.', 'Let me rethink it.'); }, 'warmup.jsonl:2 warm-up/reflection'],
    ['a section is missing', row => { row.messages[1]!.content = row.messages[1]!.content.replace('### Rationales:\n', ''); }, 'warmup.jsonl:2 warm-up/section-grammar'],
    ['sections in another order', row => { row.messages[1]!.content = '### Rationales:\na\n### Image Description:\nb\n### Let\'s think step by step.\n### Step 1:\nc\n### The final answer is: 7'; }, 'warmup.jsonl:2 warm-up/section-grammar'],
    ['an empty description', row => { row.messages[1]!.content = row.messages[1]!.content.replace('red 7 at [10, 10, 40, 40].', ''); }, 'warmup.jsonl:2 warm-up/section-grammar'],
    ['a missing image', row => { row.images = ['images/none.png']; }, 'warmup.jsonl:2 missing-image'],
    ['placeholders', row => { row.messages[0]!.content = 'Which digit?'; }, 'warmup.jsonl:2 warm-up/image-count'],
    ['no answer turn', row => { row.messages.pop(); }, 'warmup.jsonl:2 warm-up/malformed-row'],
  ];
  for (const [name, breakIt, expected] of ofWarmUp) {
    it(`warm-up, ${name}: ${expected}`, async () => {
      breakIt(project.warmUp[1] as never);
      assert.deepEqual(placesOf(await project.lintWarmUp()), [expected]);
    });
  }

  it('warm-up, a side below 28 px', async () => {
    await project.picture('1.png', 5, 100, 20);
    assert.deepEqual(placesOf(await project.lintWarmUp()), ['warmup.jsonl:2 tiny-image']);
  });

  it('pictures: byte for byte, re-encoded, scaled; one cut short; held out', async () => {
    const at = (name: string): string => path.join(project.images, name);
    copyFileSync(at('1.png'), at('5.png'));
    await sharp(at('2.png')).jpeg({ quality: 60 }).toFile(at('copy.jpg'));
    project.change(6, { images: ['copy.jpg'] });
    await sharp(at('3.png')).resize(240, 160).toFile(at('large.png'));
    project.heldOut[1] = { ...(project.heldOut[1] as Row), images: ['large.png'] };
    truncateSync(at('8.png'), 400);
    const report = await project.lintImages();
    assert.deepEqual(placesOf(report).sort(), ['held.jsonl:2 near-duplicate-image', 'rows.jsonl:6 duplicate-image', 'rows.jsonl:7 near-duplicate-image', 'rows.jsonl:9 unreadable-image']);
    const leak = report.problems.find(problem => problem.file.endsWith('held.jsonl'));
    assert.deepEqual([leak?.severity, leak?.message], ['warning', 'The image "large.png" looks like "3.png" (line 4 of rows.jsonl), which is trained on: 2 of 64 bits of their hashes differ.']);
  });
});

/** The first bytes of a PNG of that size: enough for its header, nothing to decode. */
function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.from('89504e470d0a1a0a0000000d4948445200000000000000000802000000', 'hex');
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  return Buffer.concat([header, Buffer.alloc(64)]);
}
