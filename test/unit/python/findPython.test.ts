import * as assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { AppError } from '../../../src/core/errors';
import { findPython, pythonOf } from '../../../src/platform/python/findPython';
import { runToEnd } from '../../../src/platform/python/runToEnd';

describe('findPython', () => {
  let folder: string;
  let steps: string[];
  const onStep = (text: string): void => void steps.push(text);
  beforeEach(() => {
    steps = [];
    folder = mkdtempSync(path.join(os.tmpdir(), 'pebr-python-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A program that answers as a Python of that version would. */
  function fakePython(file: string, version: string): string {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\nprintf '${version}\\n%s\\n' "$0"\n`);
    chmodSync(file, 0o755);
    return file;
  }

  it('takes an environment of ours before the Python extension’s, and that before the search path', async () => {
    const own = path.join(folder, 'environment');
    const extension = fakePython(path.join(folder, 'chosen', 'python'), '3.12.1');
    const second = await findPython({ setting: '', environments: [own], fromPythonExtension: extension, onStep });
    assert.deepEqual([second.program, second.origin], [extension, 'the Python extension']);
    assert.match(steps[0] ?? '', /There is no such file/);
    fakePython(pythonOf(own), '3.11.0');
    assert.equal((await findPython({ setting: '', environments: [own], fromPythonExtension: extension, onStep })).program, pythonOf(own));
  });

  it('passes over a Python that is too old, and says so', async () => {
    const old = fakePython(path.join(folder, 'old', 'python'), '3.9.7');
    const found = await findPython({ setting: '', environments: [], fromPythonExtension: old, onStep });
    assert.equal(found.origin, 'search path');
    assert.match(steps[0] ?? '', /3\.9\.7.*or newer/);
  });

  it('tries nothing else when the setting is wrong', async () => {
    const setting = path.join(folder, 'nowhere', 'python');
    await assert.rejects(findPython({ setting, environments: [], onStep }), error => AppError.is(error, 'python.unusable') && error.details.python === setting && /pebr\.python\.path/.test(error.details.reason));
  });

  it('names all it tried when there is none', async () => {
    const before = process.env.PATH;
    process.env.PATH = folder;
    try {
      await assert.rejects(findPython({ setting: '', environments: [path.join(folder, 'e')], onStep }), error => AppError.is(error, 'python.notFound') && error.details.tried.length === 3);
    } finally {
      process.env.PATH = before;
    }
  });
});

describe('runToEnd', () => {
  it('ends a program that takes too long or is cancelled, and says which', async () => {
    const forever = ['-e', 'setInterval(() => {}, 1000)'];
    assert.match((await runToEnd(process.execPath, forever, { timeoutMs: 200 })).failure ?? '', /no answer within 0\.2 s/);
    const abort = new AbortController();
    const ended = runToEnd(process.execPath, ['-e', 'console.log("on"); setInterval(() => {}, 1000)'], { signal: abort.signal, onLine: () => abort.abort() });
    assert.match((await ended).failure ?? '', /cancelled/);
  });

  it('keeps what was said on both ways, and the exit code', async () => {
    const lines: string[] = [];
    const result = await runToEnd(process.execPath, ['-e', 'console.log("a\\rb"); console.error("c"); process.exitCode = 3'], { onLine: line => lines.push(line) });
    assert.deepEqual([result.code, result.stdout, result.stderr, result.failure], [3, 'a\rb\n', 'c\n', undefined]);
    assert.deepEqual(lines.sort(), ['a', 'b', 'c']);
  });
});
