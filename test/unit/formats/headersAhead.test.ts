import * as assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { HeadersAhead } from '../../../src/platform/formats/headersAhead';
import { ImageHeaders } from '../../../src/platform/formats/imageHeaders';

const script = path.resolve('dist/headersThread.js');

describe('HeadersAhead', () => {
  let folder: string;
  let files: readonly string[];
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'pebr-headers-'));
    files = Array.from({ length: 500 }, (_, at) => path.join(folder, `${at}.png`));
    for (const file of files) copyFileSync('media/icon.png', file);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('reads in its thread once many files were asked for, however few at a time', async () => {
    const headers = new ImageHeaders();
    const ahead = new HeadersAhead(headers, script);
    try {
      for (let from = 0; from < files.length; from += 100) await ahead.read(files.slice(from, from + 100));
      assert.deepEqual(files.filter(file => headers.has(file)), files.slice(200), 'the first two hundred are too few to start a thread for');
    } finally {
      await ahead.close();
    }
  });
});
