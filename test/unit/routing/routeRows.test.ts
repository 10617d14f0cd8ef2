import * as assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { parseProject } from '../../../src/core/project/parseProject';
import { planInWords } from '../../../src/core/routing/routePlan';
import { readReport } from '../../../src/platform/routing/readReport';
import { registerRoutes } from '../../../src/platform/routing/registerRoutes';
import { planRoutes, writeRoutes } from '../../../src/platform/routing/routeRows';

const projectText = `{
  // my project
  "name": "p",
  "datasets": [{ "id": "d", "stage": "reasoning", "path": "d.jsonl", "imageRoot": "img", "boxFrame": "norm1", "columns": { "qid": "id" } }],
  "pipeline": { "stages": [] }
}
`;

describe('routes on disk', () => {
  let folder: string;
  const row = (id: string): string => `{"id": "${id}",  "problem": "ü ${id}", "source": "maps"}`;
  const rows = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(row);
  const difficulty = (entries: Readonly<Record<string, number>>, run: string, date: string): string =>
    Object.entries(entries).map(([qid, correct]) => `${JSON.stringify({ v: 1, qid, difficulty: correct === 8 ? 'easy' : correct === 0 ? 'hard' : 'medium', correct, responses: 8, run, date })}\n`).join('');
  const { project } = parseProject(projectText, 'pebr.json');
  assert.ok(project);
  const [config] = project.datasets;
  assert.ok(config);

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'pebr-route-'));
    mkdirSync(path.join(folder, '.pebr/difficulty'), { recursive: true });
    writeFileSync(path.join(folder, 'pebr.json'), projectText);
    writeFileSync(path.join(folder, 'd.jsonl'), `\uFEFF${[...rows.slice(0, 4), '{"id": "half', ...rows.slice(4)].join('\r\n')}`);
    writeFileSync(path.join(folder, '.pebr/difficulty/d.jsonl'), difficulty({ a: 8, b: 8, c: 4, d: 0, e: 1, f: 8 }, 'r2', '2026-11-21T00:00:00Z'));
    const decided = [{ qid: 'b', review: 'rejected' }, { qid: 'e', stage: 'excluded' }, { qid: 'f', difficulty: 'hard' }, { qid: 'g', stage: 'perception' }];
    writeFileSync(path.join(folder, 'd.jsonl.curation.jsonl'), decided.map(each => `${JSON.stringify({ v: 1, ...each })}\n`).join(''));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const read = (name: string): string => readFileSync(path.join(folder, 'routes', name), 'utf8');

  it('are planned without writing anything', async () => {
    const plan = await planRoutes(folder, config);
    assert.equal(planInWords(plan), '5 of 9 rows: 2 → perception, 1 → reasoning, 2 → warm-up; left out: 1 not sampled, 1 rejected, 1 excluded, 1 unreadable; 4 by hand');
    assert.ok(!readdirSync(folder).includes('routes'));
  });

  it('hold the rows as they stand, with a manifest that counts and hashes them', async () => {
    const manifest = await writeRoutes(folder, [config]);
    assert.equal(read('d.perception.jsonl'), `${row('a')}\n${row('g')}\n`);
    assert.equal(read('d.reasoning.jsonl'), `${row('c')}\n`);
    assert.equal(read('d.warm-up.jsonl'), `${row('d')}\n${row('f')}\n`);
    assert.deepEqual(JSON.parse(read('manifest.json')), manifest);
    assert.deepEqual(manifest.files.map(file => [file.path, file.rows, file.sha256]), ['perception', 'reasoning', 'warm-up'].map(to => {
      const text = read(`d.${to}.jsonl`);
      return [`routes/d.${to}.jsonl`, text.trim().split('\n').length, createHash('sha256').update(text).digest('hex')];
    }));
    assert.deepEqual(manifest.datasets[0]?.sampling, { run: 'r2', date: '2026-11-21T00:00:00Z' });
  });

  it('leave nothing of a process that was killed while it wrote them', async () => {
    const { pid = 0 } = spawnSync(process.execPath, ['-e', '']);
    await writeRoutes(folder, [config]);
    writeFileSync(path.join(folder, 'routes', `.d.warm-up.jsonl.${pid}-0a1b2c3d.tmp`), 'half');
    await writeRoutes(folder, [config]);
    assert.deepEqual(readdirSync(path.join(folder, 'routes')).filter(name => name.endsWith('.tmp')), []);
  });

  it('are written again whole: a file that no row goes to any more is gone, other datasets stay in the manifest', async () => {
    const other = { ...config, id: 'other' };
    writeFileSync(path.join(folder, '.pebr/difficulty/other.jsonl'), difficulty({ a: 8 }, 'r2', '2026-11-21T00:00:00Z'));
    await writeRoutes(folder, [config, other]);
    writeFileSync(path.join(folder, '.pebr/difficulty/d.jsonl'), difficulty({ a: 8 }, 'r3', '2026-11-22T00:00:00Z'));
    rmSync(path.join(folder, 'd.jsonl.curation.jsonl'));
    const { files } = await writeRoutes(folder, [config]);
    assert.deepEqual(readdirSync(path.join(folder, 'routes')).sort(), ['d.perception.jsonl', 'manifest.json', 'other.perception.jsonl', 'other.warm-up.jsonl']);
    assert.deepEqual(files.map(file => file.path), ['routes/other.perception.jsonl', 'routes/other.warm-up.jsonl', 'routes/d.perception.jsonl']);
  });

  it('leave what was there when the dataset cannot be read', async () => {
    await writeRoutes(folder, [config]);
    const before = read('d.perception.jsonl');
    await assert.rejects(writeRoutes(folder, [config, { ...config, id: 'gone', path: 'gone.jsonl' }]), /gone\.jsonl/);
    assert.equal(read('d.perception.jsonl'), before);
    assert.deepEqual(readdirSync(path.join(folder, 'routes')).filter(name => name.endsWith('.tmp')), []);
  });

  it('are named in pebr.json once, read as the dataset they come from; comments stay', async () => {
    const manifest = await writeRoutes(folder, [config]);
    assert.deepEqual(await registerRoutes(folder, [config], manifest), ['d.perception', 'd.reasoning']);
    assert.deepEqual(await registerRoutes(folder, [config], manifest), []);
    const text = readFileSync(path.join(folder, 'pebr.json'), 'utf8');
    assert.match(text, /\/\/ my project/);
    const { project: now, problems } = parseProject(text, 'pebr.json');
    assert.deepEqual(problems.filter(problem => problem.severity === 'error'), []);
    assert.deepEqual(now?.datasets.map(each => [each.id, each.stage, each.path, each.imageRoot, each.boxFrame, each.columns.qid]), [
      ['d', 'reasoning', 'd.jsonl', 'img', 'norm1', 'id'],
      ['d.perception', 'perception', 'routes/d.perception.jsonl', 'img', 'norm1', 'id'],
      ['d.reasoning', 'reasoning', 'routes/d.reasoning.jsonl', 'img', 'norm1', 'id'],
    ]);
  });

  it('come from the report’s own files: sources, and the sampling before in history and run folders', async () => {
    const past = (name: string, run: string, date: string, correct: number): void => {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), difficulty({ c: correct }, run, date));
    };
    past('.pebr/difficulty/history/d/r0.jsonl', 'r0', '2026-11-01T00:00:00Z', 8);
    past('.pebr/runs/20261110-000000-x/difficulty/d.jsonl', 'r1', '2026-11-10T00:00:00Z', 0);
    past('.pebr/runs/20261121-000000-x/difficulty/d.jsonl', 'r2', '2026-11-21T00:00:00Z', 4);
    past('.pebr/runs/20261130-000000-x/difficulty/d.jsonl', 'r9', '2026-11-30T00:00:00Z', 8);
    const report = await readReport(folder, project, config);
    assert.deepEqual([report.transitions?.from, report.transitions?.table.hard.medium], ['r1', 1], 'the latest before this one, not a later one');
    assert.deepEqual(report.sources.map(source => source.source), ['maps']);
    assert.deepEqual((await readReport(folder, project, config, { by: 'nothing' })).sources.map(source => source.source), ['d']);
  });

  it('are told on the command line: 0 written, 1 where no row goes anywhere, 2 where it cannot be', () => {
    const pebr = (...args: string[]): { code: number | null; out: string; err: string } => {
      const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', ...args, '--project', folder], { encoding: 'utf8' });
      return { code: status, out: stdout, err: stderr };
    };
    assert.match(pebr('route', '--dry-run').out, /^d: 5 of 9 rows: 2 → perception/);
    assert.match(pebr('route', '--register').out, /routes\/d\.reasoning\.jsonl {2}1\n.*\npebr\.json names d\.perception, d\.reasoning\n$/s);
    assert.match(pebr('difficulty', 'd').out, /^d: 9 rows|^d: 8 rows/);
    assert.equal((JSON.parse(pebr('difficulty', 'd', '--json').out) as { counts: { easy: number } }[])[0]?.counts.easy, 3);
    assert.equal(pebr('route', 'nobody').code, 2);
    rmSync(path.join(folder, '.pebr'), { recursive: true });
    rmSync(path.join(folder, 'd.jsonl.curation.jsonl'));
    assert.equal(pebr('route', 'd').code, 1);
    writeFileSync(path.join(folder, 'blocked'), '');
    chmodSync(path.join(folder, 'blocked'), 0o444);
    const { code, err } = pebr('route', 'd', '--out', 'blocked');
    assert.deepEqual([code, /blocked cannot be written/.test(err)], [2, true]);
  });
});
