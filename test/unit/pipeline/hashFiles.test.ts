import * as assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { parseFileHashes } from '../../../src/core/pipeline/fileHashes';
import { parseProject } from '../../../src/core/project/parseProject';
import { FileHasher } from '../../../src/platform/pipeline/hashFiles';

const python = path.resolve('trainer/.venv/bin/python');
const script = 'import json,sys;from pathlib import Path;from pebr_trainer.project import load_project;from pebr_trainer.file_hashes import hashes;print(json.dumps(hashes(load_project(Path(sys.argv[1])))))';

describe('FileHasher', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pebr-hash-'));
    await cp('samples/cards', folder, { recursive: true, filter: source => !/\.pebr\b|images?$/.test(source) });
    await writeFile(path.join(folder, 'data/perception.jsonl.curation.jsonl'), '{"v":1,"qid":"a","review":"rejected"}\n');
    await cp('samples/cards/data/images', path.join(folder, 'data/images'), { recursive: true });
    await mkdir(path.join(folder, 'rewards/grading/deep'), { recursive: true });
    const write = (name: string, text: string): Promise<void> => writeFile(path.join(folder, 'rewards', name), text);
    await write('shared.ts', "import data from './weights.json';\nexport * from './grading/other.js';\nexport const weight = data.weight;");
    await write('weights.json', '{"weight": 1}');
    await write('grading/other.ts', "const { a } = require('../index.cjs'), gone = await import('./gone');");
    await write('index.cjs', '');
    await write('grading/__init__.py', 'from .deep import (\n  text as words,  # the words\n  gone,\n)\n');
    await write('grading/deep/__init__.py', '');
    await write('grading/deep/text.py', 'from ..numbers import parse\nimport helpers, json as j\n');
    await write('grading/numbers.py', 'from . import __init__\n');
    await write('helpers.py', '');
    await write('unused.py', '');
    await appendFile(path.join(folder, 'rewards/perception.reward.ts'), "\nimport { weight } from './shared';\n");
    await appendFile(path.join(folder, 'rewards/reward_easyr1.py'), '\nfrom grading import deep\n');
    // Rows that name what is not there, not below the folder, named twice, or no name at all.
    await appendFile(path.join(folder, 'data/perception.jsonl'), '{"images": ["images/gone.png", "../pebr.json", 7, "/etc/hostname"], "x": NaN}\n{"images": "images/gone.png"}\n{"images": ["images/gone.png", "../pebr.json", 7, "/etc/hostname", "\\ud800"]}\n[1]\n{"no\n');
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
    const { newestPictures: _, ...found } = await hasher.hashes(folder, project);
    assert.deepEqual(found, parseFileHashes(JSON.parse(stdout) as Record<string, unknown>));
    assert.equal(Object.values(found.rewards).filter(hash => hash !== null).length, 3);
    await writeFile(path.join(folder, 'prompt.jinja'), '{{ content }} please');
    const { newestPictures: __, ...next } = await hasher.hashes(folder, project);
    assert.notEqual(next.prompt, found.prompt);
    assert.deepEqual({ ...next, prompt: null }, { ...found, prompt: null });
    assert.deepEqual(Object.keys(found.imports['rewards/perception.reward.ts'] ?? {}), ['rewards/grading/other.ts', 'rewards/index.cjs', 'rewards/shared.ts', 'rewards/weights.json']);
    assert.deepEqual(Object.keys(found.imports['rewards/reward_easyr1.py'] ?? {}), ['rewards/grading/__init__.py', 'rewards/grading/deep/__init__.py', 'rewards/grading/deep/text.py', 'rewards/grading/numbers.py', 'rewards/helpers.py']);
    assert.ok(Object.values(found.pictures).every(hash => hash !== null));
  });

  it('finds that one picture was drawn over, in so many bytes as before, and names it', async () => {
    const file = path.join(folder, 'pebr.json');
    const { project } = parseProject(await readFile(file, 'utf8'), file);
    assert.ok(project);
    const [before, after] = [new FileHasher(), new FileHasher()];
    const was = (await before.hashes(folder, project)).pictures;
    const name = (await readdir(path.join(folder, 'data/images'))).filter(each => each.startsWith('train-')).sort()[3] ?? '';
    const picture = path.join(folder, 'data/images', name);
    const bytes = await readFile(picture);
    bytes[bytes.length - 20] = (bytes[bytes.length - 20] ?? 0) ^ 1; // in the checksums at the end of a PNG
    await writeFile(picture, bytes);
    const { pictures, newestPictures } = await after.hashes(folder, project);
    assert.notEqual(pictures['data/perception.jsonl'], was['data/perception.jsonl']);
    assert.equal(pictures['data/perception.heldout.jsonl'], was['data/perception.heldout.jsonl']);
    assert.equal(newestPictures?.['data/perception.jsonl'], `images/${name}`);
  });
});
