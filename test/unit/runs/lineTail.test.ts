import * as assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { LineTail } from '../../../src/platform/runs/lineTail';
import { lastWords } from '../../../src/platform/runs/lastWords';
import { LogTail } from '../../../src/platform/runs/logTail';
import { RunReader } from '../../../src/platform/runs/runReader';

describe('following a file', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-tail-'));
    file = path.join(folder, 'events.jsonl');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function read(tail: LineTail): Promise<{ texts: string[]; isReset: boolean }> {
    const texts: string[] = [];
    let isReset = false;
    for await (const batch of tail.read()) {
      isReset ||= batch.isReset;
      texts.push(...batch.lines.map(line => line.text));
    }
    return { texts, isReset };
  }

  it('waits for the rest of a half line, even in the middle of a letter', async () => {
    const tail = new LineTail(file);
    assert.deepEqual((await read(tail)).texts, []); // not written yet
    const bytes = Buffer.from('one\r\nzwölf\n');
    writeFileSync(file, bytes.subarray(0, 8)); // ends inside ö
    assert.deepEqual((await read(tail)).texts, ['one']);
    appendFileSync(file, bytes.subarray(8));
    assert.deepEqual((await read(tail)).texts, ['zwölf']);
    assert.deepEqual((await read(tail)).texts, []);
  });

  it('begins again when the file was cut, also when it has grown past the old place meanwhile', async () => {
    const tail = new LineTail(file);
    writeFileSync(file, 'a\nb\nc\n');
    await read(tail);
    truncateSync(file, 2);
    assert.deepEqual(await read(tail), { texts: ['a'], isReset: true });
    writeFileSync(file, 'a\nx\ny\nz\n');
    assert.deepEqual((await read(tail)).texts.at(-1), 'z');
    truncateSync(file, 2);
    appendFileSync(file, 'new 1\nnew 2\nnew 3\n');
    assert.deepEqual(await read(tail), { texts: ['a', 'new 1', 'new 2', 'new 3'], isReset: true });
  });

  it('tells where each line is, however the file grows', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme', maxLength: 12 }).map(text => text.replace(/[\r\n]/g, '_'))), fc.array(fc.nat(40)), async (lines, cuts) => {
      const bytes = Buffer.from(lines.map(line => `${line}\n`).join(''));
      writeFileSync(file, '');
      const tail = new LineTail(file);
      const got: { text: string; offset: number; length: number }[] = [];
      let written = 0;
      for (const cut of [...cuts, bytes.length]) {
        appendFileSync(file, bytes.subarray(written, written + cut));
        written = Math.min(bytes.length, written + cut);
        for await (const batch of tail.read()) got.push(...batch.lines);
      }
      assert.deepEqual(got.map(line => line.text), lines.filter(line => line !== ''));
      for (const { text, offset, length } of got) assert.equal(bytes.toString('utf8', offset, offset + length), text);
    }), { numRuns: 60 });
  });

  it('makes problems with file and line of what it cannot read, and goes on', async () => {
    writeFileSync(file, '{"v":1,"type":"run-started","time":1,"stages":["warm-up"],"resumed":false}\n\nbroken}\n{"v":1,"type":"step","time":2,"stage":"warm-up","step":1,"total":4,"metrics":{}}\n{"v":1,"type":"st');
    const reader = new RunReader(folder);
    const { events } = await reader.refresh();
    assert.deepEqual(events.map(event => event.type), ['run-started', 'step']);
    assert.deepEqual(reader.problems.filter(problem => problem.rule === 'run/bad-line').map(problem => [problem.file, problem.line]), [[file, 3]]);
    await reader.finish(); // nobody writes any more: the half line is a problem now
    assert.deepEqual(reader.problems.filter(problem => problem.rule === 'run/bad-line').map(problem => problem.line), [3, 5]);
    assert.equal(reader.problems[0]?.rule, 'run/unreadable'); // there is no run.json
  });

  it('starts the state anew when a resumed run has cut its events back', async () => {
    const step = (number: number): string => `{"v":1,"type":"step","time":${number},"stage":"warm-up","step":${number},"total":4,"metrics":{}}\n`;
    writeFileSync(file, step(1) + step(2) + step(3));
    const reader = new RunReader(folder);
    await reader.refresh();
    assert.equal(reader.state.stages[0]?.done, 3);
    truncateSync(file, step(1).length);
    assert.deepEqual((await reader.refresh()).isReset, true);
    assert.equal(reader.state.stages[0]?.done, 1);
  });

  it('follows a log from its end and sends nothing twice', async () => {
    writeFileSync(path.join(folder, 'stdout.log'), 'first\nsec');
    const tail = new LogTail(folder);
    assert.deepEqual(await tail.read(), [{ source: 'stdout', text: 'first\nsec', skipped: 0 }]);
    assert.deepEqual(await tail.read(), []);
    appendFileSync(path.join(folder, 'stdout.log'), 'ond\n');
    writeFileSync(path.join(folder, 'stderr.log'), 'oh\n');
    assert.deepEqual(await tail.read(), [{ source: 'stdout', text: 'ond\n', skipped: 0 }, { source: 'stderr', text: 'oh\n', skipped: 0 }]);
  });

  it('shows the end of a log of any size, and goes on near its end when it is far behind', async () => {
    const line = `${'x'.repeat(99)}\n`;
    writeFileSync(path.join(folder, 'stdout.log'), line.repeat(20_000));
    const tail = new LogTail(folder);
    const [opened] = await tail.read();
    assert.ok(opened && opened.skipped > 1_500_000 && opened.text.length <= 256 * 1024 && opened.text.startsWith('x'.repeat(99)));
    appendFileSync(path.join(folder, 'stdout.log'), `${line.repeat(60_000)}the end\n`);
    const [behind] = await tail.read();
    assert.ok(behind && behind.skipped > 5_000_000 && behind.text.endsWith('the end\n'));
    assert.deepEqual(await tail.read(), []);
  });

  it('gives the last words of a trainer that ended', async () => {
    assert.deepEqual(await lastWords(folder), []);
    writeFileSync(path.join(folder, 'stderr.log'), `${'x'.repeat(9000)}\nloading 1%\rloading 100%\n\nModuleNotFoundError: No module named 'trl'\n`);
    assert.deepEqual(await lastWords(folder, 2), ['loading 100%', "ModuleNotFoundError: No module named 'trl'"]);
  });
});
