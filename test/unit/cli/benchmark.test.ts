import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';

let folder: string;
const pebr = (...args: readonly string[]): { code: number | null; out: string; err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli.js', 'benchmark', ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
};

describe('pebr benchmark', () => {
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'pebr benchmark '));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('writes the configuration and starts the kit in its folder, with its exit code', () => {
    const kit = path.join(folder, 'kit');
    mkdirSync(kit);
    writeFileSync(path.join(kit, 'run.py'), 'import json, os, sys\nprint(json.dumps([os.getcwd(), *sys.argv[1:]]))\nsys.exit(3)\n');
    const out = path.join(folder, 'out');
    const { code, out: said } = pebr('--policy', 'samples/cards/models/base', '--kit', kit, '--data', 'MathVista_MINI', '--data', 'POPE:ImageYORNDataset', '--out', out);
    assert.equal(code, 3);
    assert.deepEqual(JSON.parse(said.trim().split('\n').at(-1) ?? ''), [kit, '--config', path.join(out, 'vlmevalkit.json'), '--work-dir', path.join(out, 'results')]);
    const config = JSON.parse(readFileSync(path.join(out, 'vlmevalkit.json'), 'utf8')) as { model: Record<string, { model_path: string }>; data: unknown };
    assert.equal(config.model['base']?.model_path, path.resolve('samples/cards/models/base'));
    assert.deepEqual(config.data, { MathVista_MINI: { class: 'MathVista', dataset: 'MathVista_MINI' }, POPE: { class: 'ImageYORNDataset', dataset: 'POPE' } });
  });

  it('says what is missing and how to get it', () => {
    assert.match(pebr('--policy', 'samples/cards/models/base', '--kit', folder).err, /has no run\.py\. Clone github\.com\/open-compass\/VLMEvalKit/);
    assert.match(pebr('--policy', folder, '--kit', folder).err, /has no config\.json/);
    assert.match(pebr('--policy', 'samples/cards/models/base', '--emit-only', '--data', 'MathWista').err, /Give one of MathVista_MINI/);
  });
});
