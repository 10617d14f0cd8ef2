import * as assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { curationFile, readCuration } from '../../../src/platform/dataset/curationFile';

/** How often; a crash safety of 1,000 is shown with `PEBR_KILLS=1000`. */
const kills = Number(process.env.PEBR_KILLS ?? 100);
const program = path.join(__dirname, 'editUntilKilled.run.js');

describe('a process that edits and saves, and is killed', () => {
  let folder: string;
  before(async () => (folder = await mkdtemp(path.join(tmpdir(), 'pebr-killed-'))));
  after(() => rm(folder, { recursive: true }));

  /** Runs it until `after` milliseconds from its first word on; returns the lines that it said. */
  const runAndKill = (file: string, journals: string, seed: number, after: number): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [program, file, journals, String(seed)], { stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      let complaint = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        if (said === '') setTimeout(() => child.kill('SIGKILL'), after);
        said += text;
      });
      child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
      child.on('close', (_, signal) => (signal === 'SIGKILL' ? resolve(said.split('\n').slice(0, -1)) : reject(new Error(complaint))));
    });

  it(`comes back with every step that was told to be safe, and with whole files (${kills} times)`, async function () {
    this.timeout(1000 * kills + 10_000);
    const file = path.join(folder, 'data.jsonl');
    const journals = path.join(folder, 'journals');
    const line = (row: number): string => `{"qid": "q-${String(row).padStart(5, '0')}", "problem": "${'x'.repeat(600)}", "answer": "1", "boxes": [{"label": "card", "bbox": [1, 2, 3.50, 4]}]}\n`;
    await writeFile(file, Array.from({ length: 300 }, (_, row) => line(row)).join(''));
    let expected: readonly string[] | undefined;
    let steps = 0;
    for (let kill = 0; kill < kills; kill++) {
      const said = await runAndKill(file, journals, kill + 1, Math.random() * 150);
      const words = said.map(each => each.split(' '));
      const [[, first = ''] = []] = words;
      if (expected) assert.ok(expected.includes(first), `after kill ${kill} it came back with ${first}, not with ${expected.join(' or ')}`);
      const last = words.findLastIndex(([what]) => what === 'is');
      expected = words.slice(last).map(([, state = '']) => state);
      steps += words.filter(([what]) => what === 'is').length - 1;
      const content = await readFile(file, 'utf8');
      assert.ok(content.endsWith('}\n'));
      for (const text of content.split('\n').slice(0, -1)) assert.ok(text.length > 600 && JSON.parse(text), text);
      assert.deepEqual((await readCuration(curationFile(file))).problems, []);
    }
    assert.ok(steps > kills, `${steps} steps`);
    const left = (await readdir(folder)).filter(name => name.endsWith('.tmp'));
    assert.ok(left.length <= 2, `only what the last one left: ${left.join(', ')}`);
    assert.ok((await readdir(journals)).filter(name => !name.endsWith('.tmp')).length <= 2, 'the last one, and the one that it takes the place of');
  });
});
