import * as assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import sharp from 'sharp';
import { parseProject } from '../../../src/core/project/parseProject';
import { checkPictures } from '../../../src/platform/launch/pictureChecks';

const kinds = ['png', 'jpeg', 'webp', 'gif', 'tiff'] as const;

describe('pictures before a run', () => {
  let folder: string;
  const { project } = parseProject(JSON.stringify({ name: 'p', datasets: [{ id: 'd', stage: 'reasoning', path: 'd.jsonl' }], pipeline: { stages: [{ name: 's', dataset: 'd', reward: 'r.ts' }] } }), 'pebr.json');
  assert.ok(project);
  const look = async (): Promise<string> => (await checkPictures(folder, project)).map(({ state, message }) => `${state}: ${message}`).join();
  const file = (name: string): string => path.join(folder, name);

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'pebr-pictures-'));
    const noise = Buffer.from(Array.from({ length: 200 * 150 * 3 }, (_, at) => (at * 7919) % 251));
    for (const kind of kinds) await sharp(noise, { raw: { width: 200, height: 150, channels: 3 } }).toFormat(kind).toFile(file(`whole.${kind}`));
    writeFileSync(file('whole.bmp'), bmp());
    writeFileSync(file('d.jsonl'), [...kinds, 'bmp'].map(kind => `${JSON.stringify({ qid: kind, images: [`whole.${kind}`, '../away.png', 'none.png'] })}\n`).join(''));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('pass when they are whole, even with something behind their ends', async () => {
    assert.equal(await look(), 'ok: 7 pictures have their ends.');
    for (const kind of ['png', 'jpeg', 'gif'] as const) appendFileSync(file(`whole.${kind}`), Buffer.alloc(9000));
    assert.match(await look(), /^ok/);
  });

  for (const kind of [...kinds, 'bmp']) {
    it(`are named when a ${kind} is cut off behind its header, or filled with zeros`, async () => {
      const name = `whole.${kind}`;
      const { size } = statSync(file(name));
      truncateSync(file(name), Math.floor(size * 0.7));
      assert.match(await look(), new RegExp(`^error: ${name} is cut off or damaged behind its header: \\S`));
      if (kind === 'png' || kind === 'jpeg') { // the others tell nothing of what is in between
        writeFileSync(file(name), Buffer.concat([readFileSync(file(name)), Buffer.alloc(size - Math.floor(size * 0.7))]));
        assert.match(await look(), /^error/);
      }
    });
  }

  it('are counted when several are broken', async () => {
    for (const kind of ['png', 'jpeg', 'gif']) truncateSync(file(`whole.${kind}`), 400);
    assert.match(await look(), /So are 2 more\.$/);
  });
});

/** Sixty-four grey pixels. */
function bmp(): Buffer {
  const bytes = Buffer.alloc(54 + 8 * 8 * 3, 128);
  bytes.write('BM', 0, 'latin1');
  for (const [at, value] of [[2, bytes.length], [6, 0], [10, 54], [14, 40], [18, 8], [22, 8], [26, 1 | (24 << 16)], [30, 0], [34, 0], [38, 0], [42, 0], [46, 0], [50, 0]] as const) bytes.writeUInt32LE(value, at);
  return bytes;
}
