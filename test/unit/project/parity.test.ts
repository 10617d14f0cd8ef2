import * as assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseProject } from '../../../src/core/project/parseProject';

const python = process.env.PEBR_PYTHON || path.join('trainer/.venv', process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');

/** pebr.json as the trainer resolves it. */
function resolvedByTrainer(folder: string): { code: number | null; config: unknown; err: string } {
  const done = spawnSync(python, ['-m', 'pebr_trainer', 'config', '--project', folder], { encoding: 'utf8', env: { ...process.env, PYTHONPATH: path.resolve('trainer') } });
  return { code: done.status, config: done.status === 0 ? JSON.parse(done.stdout) : undefined, err: done.stderr };
}

describe('pebr.json means the same to the extension and to the trainer', () => {
  const texts: readonly [name: string, text: string][] = [
    ['the sample project', readFileSync('samples/cards/pebr.json', 'utf8')],
    ['nothing but what must be there', '{"name": "p", "datasets": []}'],
    ['columns, a frame and LoRA', `{"name": "p", // comment
      "datasets": [{"id": "d", "stage": "reasoning", "path": "d.jsonl", "columns": {"qid": "id"}, "boxFrame": "norm1000"}, {"id": "e", "stage": "reasoning", "path": "e.jsonl", "boxFrame": "qwen2.5-resized{28,3136,802816}"}],
      "policy": {"base": "org/model", "lora": {"rank": 8, "alpha": 16}, "dtype": "bfloat16"},}`],
    ['every part of the pipeline by its defaults', `{"name": "p", "datasets": [{"id": "d", "stage": "reasoning", "path": "d.jsonl"}],
      "pipeline": {"warmUp": {"data": "w.jsonl"}, "sampling": {"reward": "r.ts"}, "evaluate": {},
      "stages": [{"name": "s", "dataset": "d", "reward": "r.ts", "replay": {"dataset": "d", "reward": "r.ts"}, "dynamicSampling": {}, "resample": true, "passRate": [0.2, 0.6], "curriculum": "easy-first"}], "checkpoints": {"keep": 3}}}`],
    ['saved views', `{"name": "p", "datasets": [{"id": "d", "stage": "reasoning", "path": "d.jsonl"}],
      "views": [{"name": "all", "dataset": "d"}, {"name": "odd", "dataset": "d", "query": "tag:odd", "sort": ["pass_rate:desc"], "groupBy": "source"}]}`],
  ];
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-parity-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const [name, text] of texts) {
    it(`resolves ${name}`, () => {
      writeFileSync(path.join(folder, 'pebr.json'), text);
      const { project, problems } = parseProject(text, 'pebr.json');
      assert.deepEqual(problems, []);
      const { config, err } = resolvedByTrainer(folder);
      assert.deepEqual(config, project, err);
    });
  }

  it('refuses a frame that there is not, in the file and in the trainer', () => {
    const text = '{"name": "p", "datasets": [{"id": "d", "stage": "reasoning", "path": "d.jsonl", "boxFrame": "qwen2.5-resized{28}"}]}';
    writeFileSync(path.join(folder, 'pebr.json'), text);
    const { project, problems } = parseProject(text, 'pebr.json');
    assert.equal(project, undefined);
    assert.match(problems[0]?.message ?? '', /boxFrame.*must be one of pixel, .*qwen2\.5-resized\{factor,minPixels,maxPixels\}/);
    assert.match(resolvedByTrainer(folder).err, /boxFrame is .*write one of pixel/);
  });

  it('refuses a wrong key, in the file and in the trainer', () => {
    const text = '{"name": "p", "datasets": [], "pipelin": {}}';
    writeFileSync(path.join(folder, 'pebr.json'), text);
    assert.equal(parseProject(text, 'pebr.json').project, undefined);
    const { code, err } = resolvedByTrainer(folder);
    assert.equal(code, 2);
    assert.match(err, /pipelin/);
  });
});
