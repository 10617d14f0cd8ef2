import * as assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { AppError } from '../../../src/core/errors';
import { SmallFiles } from '../../../src/platform/formats/smallFiles';

const script = path.resolve('dist/smallFilesThread.js');

describe('many small files', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'pebr small files '))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const [where, thread] of [['here', undefined], ['in a thread', script]] as const) {
    it(`are made in order, in folders that are made for them, ${where}`, async () => {
      const files = new SmallFiles(thread);
      const image = path.join(folder, 'image.png');
      writeFileSync(image, 'an image');
      for (let at = 0; at < 3000; at++) {
        await files.add({ kind: 'write', file: path.join(folder, 'labels', `${at}.txt`), text: `first ${at}\n` });
        await files.add({ kind: 'append', file: path.join(folder, 'labels', `${at}.txt`), text: 'second\n' });
      }
      await files.add({ kind: 'link', file: path.join(folder, 'images', 'one.png'), image });
      await files.finish();
      assert.equal(readdirSync(path.join(folder, 'labels')).length, 3000);
      assert.ok(readdirSync(path.join(folder, 'labels')).every(name => readFileSync(path.join(folder, 'labels', name), 'utf8') === `first ${path.parse(name).name}\nsecond\n`));
      assert.equal(statSync(path.join(folder, 'images', 'one.png')).ino, statSync(image).ino);
    });

    it(`name the one that cannot be made, ${where}`, async () => {
      const files = new SmallFiles(thread);
      writeFileSync(path.join(folder, 'labels'), 'a file where a folder is to be');
      const made = (async () => {
        for (let at = 0; at < 3000; at++) await files.add({ kind: 'write', file: path.join(folder, 'labels', `${at}.txt`), text: '' });
        await files.finish();
      })();
      await assert.rejects(made, (error: unknown) => AppError.is(error, 'file.unwritable') && error.details.file === path.join(folder, 'labels', '0.txt'));
      await files.abandon();
    });
  }

  it('are no more made once they are given up', async () => {
    const files = new SmallFiles(script);
    for (let at = 0; at < 2000; at++) void files.add({ kind: 'write', file: path.join(folder, 'labels', `${at}.txt`), text: '' })?.catch(() => undefined);
    await files.abandon();
    const made = readdirSync(folder, { recursive: true }).length;
    rmSync(path.join(folder, 'labels'), { recursive: true, force: true }); // would fail, or not last, while the thread still makes some
    assert.ok(made <= 2001);
    assert.deepEqual(readdirSync(folder), []);
  });
});
