import * as assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { parseFileHashes } from '../../../src/core/pipeline/fileHashes';
import { parseProject } from '../../../src/core/project/parseProject';
import { FileHasher } from '../../../src/platform/pipeline/hashFiles';

const python = path.resolve('trainer/.venv/bin/python');
const script = 'import json,sys;from pathlib import Path;from pebr_trainer.project import load_project;from pebr_trainer.run_folder import hashes;print(json.dumps(hashes(load_project(Path(sys.argv[1])))))';

describe('FileHasher', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pebr-hash-'));
    await cp('samples/cards', folder, { recursive: true, filter: source => !/\.pebr\b|images?$/.test(source) });
    await writeFile(path.join(folder, 'data/perception.jsonl.curation.jsonl'), '{"v":1,"qid":"a","review":"rejected"}\n');
    await writeFile(path.join(folder, 'models/base/ätsch.bin'), Buffer.alloc(5 << 20, 7)); // large: only its ends are read
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('finds what the trainer writes into run.json, and finds a change', async function () {
    this.timeout(180_000);
    const file = path.join(folder, 'pebr.json');
    const { project } = parseProject(await readFile(file, 'utf8'), file);
    assert.ok(project);
    const { stdout } = await promisify(execFile)(python, ['-c', script, folder], { env: { ...process.env, PYTHONPATH: path.resolve('trainer') } });
    const hasher = new FileHasher();
    const found = await hasher.hashes(folder, project);
    assert.deepEqual(found, parseFileHashes(JSON.parse(stdout) as Record<string, unknown>));
    assert.equal(Object.values(found.rewards).filter(hash => hash !== null).length, 3);
    await writeFile(path.join(folder, 'prompt.jinja'), '{{ content }} please');
    const next = await hasher.hashes(folder, project);
    assert.notEqual(next.prompt, found.prompt);
    assert.deepEqual({ ...next, prompt: null }, { ...found, prompt: null });
  });
});
