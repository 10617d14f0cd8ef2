import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

function pebr(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, ['dist/cli.js', ...args], { encoding: 'utf8' });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

describe('pebr on the command line', () => {
  let folder: string;
  const row = { qid: 'a', problem: '<image>Which digit?', answer: '7', images: ['one.png'], key_words: ['red 7'], boxes: [{ label: 'red 7', bbox: [1, 1, 9, 9] }] };

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-cli-'));
    mkdirSync(path.join(folder, 'rewards'));
    cpSync('media/icon.png', path.join(folder, 'one.png'));
    cpSync('samples/cards/rewards/reasoning.reward.ts', path.join(folder, 'rewards/reasoning.reward.ts'));
    writeFileSync(path.join(folder, 'pebr.json'), JSON.stringify({ name: 'p', datasets: [{ id: 'd', stage: 'perception', path: 'd.jsonl' }], rewards: ['rewards/reasoning.reward.ts'] }));
    writeFileSync(path.join(folder, 'd.jsonl'), `${JSON.stringify(row)}\n`);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('lists its commands, and exits 2 without one', () => {
    const { code, out } = pebr();
    assert.equal(code, 2);
    for (const command of ['lint', 'score', 'train', 'resume', 'report']) assert.match(out, new RegExp(`pebr ${command} `));
  });

  it('exits 2 for a command or an option that does not exist', () => {
    assert.equal(pebr('lnt').code, 2);
    const { code, err } = pebr('lint', '--projct', folder);
    assert.equal(code, 2);
    assert.match(err, /projct/);
  });

  it('exits 2 with the place of a wrong key in pebr.json', () => {
    writeFileSync(path.join(folder, 'pebr.json'), '{"name": "p",\n"dataset": [],\n"datasets": []}');
    const { code, err } = pebr('lint', '--project', folder);
    assert.equal(code, 2);
    assert.match(err, /pebr\.json, line 2: Unknown key "dataset"/);
  });

  it('exits 2 where there is no project', () => {
    const { code, err } = pebr('lint', '--project', path.join(folder, 'rewards'));
    assert.equal(code, 2);
    assert.match(err, /no pebr\.json/);
  });

  it('lints: 0 on good rows, 1 with file, line and remedy on bad ones', () => {
    assert.deepEqual(pebr('lint', '--project', folder), { code: 0, out: '0 errors, 0 warnings\n', err: '' });
    writeFileSync(path.join(folder, 'd.jsonl'), `${JSON.stringify(row)}\n${JSON.stringify({ ...row, images: ['none.png'] })}\n{"qid": "c", "prob`);
    const { code, out } = pebr('lint', '--project', folder);
    assert.equal(code, 1);
    assert.match(out, /d\.jsonl:2: error: .*none\.png/);
    assert.match(out, /d\.jsonl:2: error: .*a.*duplicate-qid|duplicate-qid/);
    assert.match(out, /d\.jsonl:3: error/);
    assert.ok((JSON.parse(pebr('lint', '--project', folder, '--json').out) as unknown[]).length >= 3);
  });

  it('scores gold answers, 0 when all were scored', () => {
    const { code, out } = pebr('score', '--project', folder, '--reward', 'rewards/reasoning.reward.ts');
    assert.equal(code, 0);
    assert.match(out, /accuracy\s+1\.000[\s\S]*overall\s+1\.000/);
  });

  it('scores: 1 when a reward throws, with file and line', () => {
    writeFileSync(path.join(folder, 'rewards/bad.reward.ts'), `import { defineReward } from 'pebr';\n\nexport default defineReward({ components: { a: () => {\n  throw new Error('no such thing');\n} }, weights: { a: 1 } });\n`);
    const { code, err } = pebr('score', '--project', folder, '--reward', 'rewards/bad.reward.ts');
    assert.equal(code, 1);
    assert.match(err, /bad\.reward\.ts:4: .*no such thing/);
  });

  it('reports: 2 for a folder that is no run', () => {
    const { code, err } = pebr('report', '--run', folder);
    assert.equal(code, 2);
    assert.match(err, /run/);
  });
});
