import * as assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { AppError } from '../../../src/core/errors';
import { listRunFolders, makeRunFolder } from '../../../src/platform/runs/runFolders';
import { startTrainer } from '../../../src/platform/runs/startTrainer';
import { stopRun } from '../../../src/platform/runs/stopRun';
import { livenessOf, readTrainerProcess } from '../../../src/platform/runs/trainerProcess';

/** A trainer's manners without its work: writes that it is there, and ends (or does not) when it is asked. */
const polite = 'console.log("ready"); setInterval(() => { if (require("fs").existsSync(process.argv[1] + "/stop")) process.exit(0); }, 20)';
const stubborn = 'process.on("SIGTERM", () => console.log("no")); console.log("ready"); setInterval(() => {}, 1000)';

describe('trainer process', () => {
  let project: string;
  let run: string;
  beforeEach(async () => {
    project = mkdtempSync(path.join(os.tmpdir(), 'pebr-run-'));
    run = await makeRunFolder(project, 'My Cards!', new Date(2026, 10, 21, 10, 15, 0));
  });
  afterEach(async () => {
    await stopRun(run, { graceMs: 0, killMs: 0 });
    rmSync(project, { recursive: true, force: true });
  });

  async function start(script: string): Promise<Awaited<ReturnType<typeof startTrainer>>> {
    const trainer = await startTrainer({ python: process.execPath, command: { args: ['-e', script, run], env: { PEBR_X: '1' } }, cwd: project, runFolder: run });
    await said('ready');
    return trainer;
  }

  /** Resolves when the log has the word. */
  function said(word: string): Promise<void> {
    const log = path.join(run, 'stdout.log');
    return new Promise(resolve => {
      const look = (): void => {
        if (!readFileSync(log, 'utf8').includes(word)) return;
        watcher.close();
        resolve();
      };
      const watcher = watch(log, look);
      look();
    });
  }

  it('names a run folder after the time and the project, and never uses one twice', async () => {
    assert.equal(path.basename(run), '20261121-101500-my-cards');
    const second = await makeRunFolder(project, 'My Cards!', new Date(2026, 10, 21, 10, 15, 0));
    assert.equal(path.basename(second), '20261121-101500-my-cards-2');
    assert.deepEqual(await listRunFolders(project), [second, run]);
  });

  it('runs in a group of its own with its output in the run, and is found by its record', async () => {
    const { pid } = await start(polite);
    const record = await readTrainerProcess(run);
    assert.equal(record?.pid, pid);
    assert.equal(await livenessOf(record), 'alive');
    if (process.platform === 'linux') assert.equal(Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[2]), pid); // process group
  });

  it('is not taken for another process that was given its pid, nor for one on another machine', async () => {
    await start(polite);
    const record = await readTrainerProcess(run);
    assert.ok(record);
    if (process.platform === 'linux') assert.equal(await livenessOf({ ...record, startTicks: (record.startTicks ?? 0) - 1 }), 'gone');
    assert.equal(await livenessOf({ ...record, host: 'somewhere-else' }), 'elsewhere');
    assert.equal(await livenessOf(undefined), 'gone');
  });

  it('stops when it is asked', async () => {
    const { exit } = await start(polite);
    assert.equal(await stopRun(run, { graceMs: 10_000, killMs: 1000 }), 'asked');
    assert.deepEqual(await exit, { code: 0, signal: null });
    assert.equal(await stopRun(run, { graceMs: 10, killMs: 10 }), 'notRunning');
  });

  it('is killed with its group when it does not end', async () => {
    const { exit } = await start(stubborn);
    assert.equal(await stopRun(run, { graceMs: 1, killMs: 300 }), 'killed');
    assert.equal((await exit).signal, 'SIGKILL');
    assert.match(readFileSync(path.join(run, 'stdout.log'), 'utf8'), /no/); // it was told first
  });

  it('removes the stop file of an earlier stop when it starts again', async () => {
    writeFileSync(path.join(run, 'stop'), '');
    await start(polite);
    assert.equal(existsSync(path.join(run, 'stop')), false);
  });

  it('says which program cannot be started', async () => {
    await assert.rejects(
      startTrainer({ python: path.join(project, 'no-python'), command: { args: [], env: {} }, cwd: project, runFolder: run }),
      error => AppError.is(error, 'python.unusable') && error.details.python.endsWith('no-python'),
    );
  });
});
