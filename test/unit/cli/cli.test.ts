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
    assert.deepEqual(pebr('lint', '--project', folder), { code: 0, out: '0 errors, 0 warnings, 0 notes\n', err: '' });
    writeFileSync(path.join(folder, 'd.jsonl'), `${JSON.stringify(row)}\n${JSON.stringify({ ...row, images: ['none.png'] })}\n{"qid": "c", "prob`);
    const { code, out } = pebr('lint', '--project', folder);
    assert.equal(code, 1);
    assert.match(out, /d\.jsonl:2:\d+: error: .*none\.png/);
    assert.match(out, /d\.jsonl:2:\d+: error: .*duplicate-qid/);
    assert.match(out, /d\.jsonl:3:\d+: error/);
    assert.ok((JSON.parse(pebr('lint', '--project', folder, '--json').out) as unknown[]).length >= 3);
  });

  it('scores gold answers, 0 when all were scored', () => {
    const { code, out } = pebr('score', '--project', folder, '--reward', 'rewards/reasoning.reward.ts');
    assert.equal(code, 0);
    assert.match(out, /accuracy\s+1\.000[\s\S]*overall\s+1\.000/);
  });

  it('scores and checks gold: names the rows that cannot be read, and scores no dataset without one that can', () => {
    const reward = ['--project', folder, '--reward', 'rewards/reasoning.reward.ts'];
    writeFileSync(path.join(folder, 'd.jsonl'), `${JSON.stringify(row)}\n{"qid": "c", "prob\n[]\n`);
    for (const [kind, wanted] of [[[], 0], [['--gold'], 1]] as const) {
      const { code, err } = pebr('score', ...kind, ...reward);
      assert.equal(code, wanted);
      assert.match(err, /d\.jsonl:2: warning: .*cannot be read[\s\S]*d\.jsonl:3: warning/);
    }
    writeFileSync(path.join(folder, 'd.jsonl'), '[]\n');
    const { code, err } = pebr('score', ...reward);
    assert.equal(code, 2);
    assert.match(err, /d\.jsonl cannot be read: it has no row that can be scored/);
  });

  it('scores: 1 when a reward throws, with file and line', () => {
    writeFileSync(path.join(folder, 'rewards/bad.reward.ts'), `import { defineReward } from 'pebr';\n\nexport default defineReward({ components: { a: () => {\n  throw new Error('no such thing');\n} }, weights: { a: 1 } });\n`);
    const { code, err } = pebr('score', '--project', folder, '--reward', 'rewards/bad.reward.ts');
    assert.equal(code, 1);
    assert.match(err, /bad\.reward\.ts:4: .*no such thing/);
  });

  it('checks cases: 0 while all pass, 1 with a diff when one fails, a sample is gone or a line is broken', () => {
    const cases = path.join(folder, 'rewards/reasoning.reward.cases.jsonl');
    const gold = "### Image Description: a\n### Rationales: b\n### Step 1: c\n### The final answer is: 7";
    const one = { v: 1, name: 'gold', sample: { dataset: 'd', qid: 'a' }, response: gold, expect: { overall: 1, components: { accuracy: 1 } } };
    assert.match(pebr('score', '--check', '--project', folder).out, /no cases beside rewards\/reasoning\.reward\.ts/);
    writeFileSync(cases, `${JSON.stringify(one)}\n${JSON.stringify({ ...one, name: 'own row', sample: { answer: '8' }, response: '### The final answer is: 8', expect: { overall: 0.9 } })}\n`);
    assert.deepEqual(pebr('score', '--check', '--project', folder), { code: 0, out: '2 passed, 0 failed\n', err: '' });
    writeFileSync(cases, `${JSON.stringify({ ...one, response: '### The final answer is: 8' })}\n${JSON.stringify({ ...one, sample: { dataset: 'd', qid: 'gone' } })}\n{"v":1,"na\n${JSON.stringify(one)}`);
    const { code, out } = pebr('score', '--check', '--project', folder, '--reward', 'rewards/reasoning.reward.ts');
    assert.equal(code, 1);
    assert.match(out, /cases\.jsonl:1: FAILED gold\n {2}overall: expected 1, got 0\n {2}accuracy: expected 1, got 0\n {4}- overall: 1\n {4}\+ overall: 0\n/);
    assert.match(out, /cases\.jsonl:2: FAILED gold\n.*gone/);
    assert.match(out, /cases\.jsonl:3: error: .*middle/);
    assert.match(out, /1 passed, 3 failed/);
    const lines = pebr('score', '--check', '--project', folder, '--json').out.trim().split('\n').map(text => JSON.parse(text) as { isPassed: boolean; line: number });
    assert.deepEqual(lines.map(({ line, isPassed }) => [line, isPassed]), [[3, false], [1, false], [2, false], [4, true]]);
  });

  it('reads a sample once, however many cases name it', () => {
    const rows = Array.from({ length: 4000 }, (_, index) => JSON.stringify({ ...row, qid: `r${index}` }));
    writeFileSync(path.join(folder, 'd.jsonl'), `${rows.join('\n')}\n`);
    const one = { v: 1, name: 'last row', sample: { dataset: 'd', qid: 'r3999' }, response: '### The final answer is: 7', expect: { overall: 0.9 } };
    writeFileSync(path.join(folder, 'rewards/reasoning.reward.cases.jsonl'), `${JSON.stringify(one)}\n`.repeat(3000));
    const start = performance.now();
    assert.deepEqual(pebr('score', '--check', '--project', folder), { code: 0, out: '3000 passed, 0 failed\n', err: '' });
    assert.ok(performance.now() - start < 10_000, `${performance.now() - start} ms`);
  });

  it('attacks: 1 with the reason where the reward fails on the honest answer, for then nothing was tried', () => {
    writeFileSync(path.join(folder, 'rewards/bad.reward.ts'), `import { defineReward } from 'pebr';\n\nexport default defineReward({ components: { a: () => {\n  throw new Error('no such thing');\n} }, weights: { a: 1 } });\n`);
    const { code, out, err } = pebr('attack', '--project', folder, '--reward', 'rewards/bad.reward.ts');
    assert.equal(code, 1);
    assert.match(out, /failed {2}the honest answer/);
    assert.match(err, /error: .*bad\.reward\.ts:4: .*no such thing/);
    assert.equal(pebr('attack', '--project', folder, '--reward', 'rewards/reasoning.reward.ts').code, 0);
  });

  it('finds the cases of the sample project met, image-text model included', () => {
    assert.deepEqual(pebr('score', '--check', '--project', 'samples/cards'), { code: 0, out: '9 passed, 0 failed\n', err: '' });
  });

  it('checks gold: 1 with the line of each sample that falls short, 0 for the components that are asked for', () => {
    assert.equal(pebr('score', '--gold', '--project', folder, '--reward', 'rewards/reasoning.reward.ts').code, 0);
    writeFileSync(path.join(folder, 'rewards/strict.reward.ts'), `import { accuracy, defineReward } from 'pebr';\nexport default defineReward({ components: { accuracy: accuracy(), late: ({ sample }) => sample.qid === 'b' ? 0.5 : null }, weights: { accuracy: 1, late: 1 } });\n`);
    writeFileSync(path.join(folder, 'd.jsonl'), `${JSON.stringify(row)}\n${JSON.stringify({ ...row, qid: 'b' })}\n`);
    const { code, out } = pebr('score', '--gold', '--project', folder, '--reward', 'rewards/strict.reward.ts');
    assert.equal(code, 1);
    assert.match(out, /d\.jsonl:2: b: .*late 0\.5/);
    assert.match(out, /d: 1 of 2 gold answers get full marks \(50\.0 %\)\n {2}accuracy +100\.0 % {2}2 of 2\n {2}late +0\.0 % {2}0 of 1, does not apply to 1/);
    assert.equal(pebr('score', '--gold', '--project', folder, '--reward', 'rewards/strict.reward.ts', '--components', 'accuracy').code, 0);
  });

  it('reports: 2 for a folder that is no run', () => {
    const { code, err } = pebr('report', '--run', folder);
    assert.equal(code, 2);
    assert.match(err, /run/);
  });
});
