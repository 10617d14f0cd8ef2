import * as assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { WorkerFailure, type WorkerError } from '../../../src/platform/rewards/protocol';
import { PythonRuntime, type PythonSetup } from '../../../src/platform/rewards/python/pythonRuntime';

const venv = path.resolve('trainer/.venv/bin/python');
const python = [process.env['PEBR_TEST_PYTHON'] ?? (existsSync(venv) ? venv : 'python3')];
const scores = 'def compute_score(reward_inputs):\n    return [{"overall": 1.0} for _ in reward_inputs]\n';

/** What a Python file may take to load: 60 s and half of the machine's memory, here less. */
describe('loading a Python reward', function () {
  this.timeout(60_000);
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pebr-loading-'));
  });
  after(() => rm(folder, { recursive: true }));

  async function load(text: string, limits: Partial<PythonSetup>): Promise<unknown> {
    const file = path.join(folder, 'reward.py');
    await writeFile(file, text);
    const runtime = new PythonRuntime({ path: file, python, script: path.resolve('trainer/pebr_trainer/reward_worker.py'), memoryMb: 512, print: () => undefined, similarities: () => Promise.resolve([]), ...limits });
    return runtime.load().finally(() => runtime.dispose());
  }
  async function failureOf(text: string, limits: Partial<PythonSetup>): Promise<WorkerError> {
    const error: unknown = await load(text, limits).then(() => assert.fail('It loaded.'), (reason: unknown) => reason);
    assert.ok(error instanceof WorkerFailure, String(error));
    return error.details;
  }

  const late: readonly [what: string, text: string][] = [
    ['waits', `import time\n\ntime.sleep(1000)\n${scores}`],
    ['loops', `import math\n\nwhile math.pi: pass\n${scores}`],
    ['hangs in one long native call', `import re\n\nre.match("(a+)+$", "a" * 60 + "b")\n${scores}`],
  ];
  for (const [what, text] of late) {
    it(`ends a file that ${what} at its top, and tells its line`, async () => {
      const start = Date.now();
      const { message, line, file, remedy } = await failureOf(text, { loadDeadlineMs: 1500 });
      assert.match(message, /did not load within 1\.5 s/);
      assert.deepEqual([line, path.basename(file ?? '')], [3, 'reward.py']);
      assert.match(remedy ?? '', /takes too long, or waits/);
      assert.ok(Date.now() - start < 10_000);
    });
  }

  const greedy: readonly [what: string, text: string][] = [
    ['hoards', `hoard = []\n\nwhile True: hoard.append(b"x" * 2**22)\n${scores}`],
    ['takes it all in one native call', `import re\n\nbig = b"x" * 2**32\n${scores}`],
  ];
  for (const [what, text] of greedy) {
    it(`ends a file that ${what} at its top before the machine has no memory left, and tells its line`, async () => {
      const { message, line, remedy } = await failureOf(text, { loadMemoryMb: 300 });
      assert.match(message, /more than half of the memory of this machine/);
      assert.equal(line, 3);
      assert.match(remedy ?? '', /smaller model/);
    });
  }

  it('counts what loading took as no part of what scoring may take', async () => {
    const loaded = (await load(`ballast = b"x" * 200_000_000\n${scores}`, { memoryMb: 64 })) as { readonly components: readonly string[] };
    assert.deepEqual(loaded.components, []);
  });
});
