import * as assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { messageOf } from '../../../src/core/errors';
import { errorInWords } from '../../../src/core/errorWords';
import { defaultColumns } from '../../../src/core/project/projectDefaults';
import { EditSession } from '../../../src/platform/dataset/editSession';

const line = (qid: string, answer = '1'): string => `{"qid": "${qid}", "problem": "?", "answer": "${answer}", "boxes": []}\n`;
const rows = ['a', 'b', 'c'];
const original = rows.map(qid => line(qid)).join('');
const edited = line('a', '7') + line('b') + line('c');

describe('a dataset whose file or disk fails while it is edited', () => {
  let folder: string;
  let file: string;
  let session: EditSession | undefined;
  const unjournaled: string[] = [];
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pebr-failing-'));
    file = path.join(folder, 'data.jsonl');
    await writeFile(file, original);
    unjournaled.length = 0;
  });
  afterEach(async () => {
    await session?.close();
    session = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  const openEdited = async (journalFolder: string): Promise<EditSession> => {
    session = await EditSession.open(file, { columns: () => defaultColumns, journalFolder });
    session.events.onDidFailToJournal(error => unjournaled.push(messageOf(error)));
    await session.change(0, { type: 'setText', field: 'answer', value: '7' });
    return session;
  };
  const refusal = (work: Promise<unknown>): Promise<string> => work.then(() => assert.fail('it was done'), errorInWords);
  const journals = (): string => path.join(folder, 'journals');
  const noLeftovers = async (): Promise<void> => assert.deepEqual((await readdir(path.dirname(file))).filter(name => name.endsWith('.tmp')), []);

  it('is edited and saved where no journal can be kept, and that is told', async () => {
    await writeFile(journals(), 'a file where the folder should be');
    const open = await openEdited(journals());
    await assert.rejects(open.committed());
    assert.equal(unjournaled.length, 1);
    await open.save();
    assert.equal(await readFile(file, 'utf8'), edited);
  });

  it('is not written over when somebody made it read-only; the edits stay, and are saved once it is writable', async () => {
    const open = await openEdited(journals());
    await chmod(file, 0o444);
    assert.match(await refusal(open.save()), /data\.jsonl cannot be written: it is write-protected\. Your edits are still here/);
    assert.equal(await readFile(file, 'utf8'), original);
    await chmod(file, 0o644);
    await open.save();
    assert.equal(await readFile(file, 'utf8'), edited);
    await noLeftovers();
  });

  it('is written again with its edits where it was renamed or deleted; what it was renamed to stays', async () => {
    const open = await openEdited(journals());
    await rename(file, `${file}.old`);
    await open.follow();
    assert.ok(open.isMissing);
    assert.match(JSON.stringify(await open.readRows(0, 3)), /\\"answer\\": \\"7\\"/, 'its rows are still shown');
    await open.save();
    assert.deepEqual([await readFile(file, 'utf8'), await readFile(`${file}.old`, 'utf8')], [edited, original]);
    await rm(file);
    await open.change(1, { type: 'setText', field: 'answer', value: '8' });
    await open.save();
    assert.equal(await readFile(file, 'utf8'), line('a', '7') + line('b', '8') + line('c'));
  });

  describe('on a small disk of its own', () => {
    let disk: string;
    const mount = (...options: readonly string[]): void => void execFileSync('mount', [...options, disk], { stdio: 'pipe' });
    beforeEach(async function () {
      disk = path.join(folder, 'disk');
      await mkdir(disk);
      try {
        mount('-t', 'tmpfs', '-o', 'size=256k', 'tmpfs');
      } catch {
        this.skip(); // only root may mount
      }
      file = path.join(disk, 'data.jsonl');
      await writeFile(file, original);
    });
    afterEach(async () => {
      await session?.close();
      session = undefined;
      execFileSync('umount', ['-l', disk], { stdio: 'pipe' });
    });

    it('that is full: says so, loses nothing, and saves when there is room', async () => {
      const open = await openEdited(path.join(disk, 'journals'));
      await open.committed();
      const filler = path.join(disk, 'filler');
      await writeFile(filler, Buffer.alloc(512 << 10)).catch(() => undefined); // until nothing more goes on it
      await open.change(1, { type: 'setText', field: 'answer', value: '8'.repeat(20_000) });
      await assert.rejects(open.committed());
      assert.equal(unjournaled.length, 1);
      assert.match(await refusal(open.save()), /the disk is full\. Your edits are still here/);
      assert.equal(await readFile(file, 'utf8'), original);
      await noLeftovers();
      await rm(filler);
      await open.save();
      assert.equal(await readFile(file, 'utf8'), line('a', '7') + line('b', '8'.repeat(20_000)) + line('c'));
    });

    it('that became read-only: says so, keeps the edits, and saves as another file', async () => {
      const open = await openEdited(journals());
      mount('-o', 'remount,ro');
      assert.match(await refusal(open.save()), /it is write-protected\. Your edits are still here/);
      const other = path.join(folder, 'other.jsonl');
      await open.saveAs(other);
      assert.deepEqual([await readFile(file, 'utf8'), await readFile(other, 'utf8')], [original, edited]);
      mount('-o', 'remount,rw');
      await open.save();
      assert.equal(await readFile(file, 'utf8'), edited);
    });
  });
});
