import * as assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { AppError } from '../../../src/core/errors';
import { parseProject } from '../../../src/core/project/parseProject';
import type { Project } from '../../../src/core/project/project';
import { readSamples } from '../../../src/platform/dataset/readSample';
import { checkpointResponses, type CheckpointPolicy } from '../../../src/platform/responses/checkpointResponses';
import type { FreshOutcome, FreshProgress, FreshRequest } from '../../../src/platform/responses/freshResponse';
import { until } from '../../until';

const folder = path.resolve('samples/cards');
const trainerFolder = path.resolve('trainer');
const python = path.resolve(process.platform === 'win32' ? 'trainer/.venv/Scripts/python.exe' : 'trainer/.venv/bin/python');

describe('checkpointResponses', function () {
  this.timeout(120_000); // it loads a model
  const project = parseProject(readFileSync(path.join(folder, 'pebr.json'), 'utf8'), 'pebr.json').project as Project;
  let progress: FreshProgress[];

  async function ask(policy: Partial<CheckpointPolicy> = {}, change: Partial<FreshRequest> = {}): Promise<FreshOutcome> {
    const dataset = project.datasets.find(each => each.id === 'cards-reasoning') ?? assert.fail('the sample project has changed');
    const samples = await readSamples(folder, dataset, { limit: 2 });
    return checkpointResponses({ python, trainerFolder, checkpoint: null, ...policy }, {
      folder, project, dataset, samples, responses: 3, temperature: 1, signal: new AbortController().signal, onResponse: () => undefined, onProgress: each => progress.push(each), ...change,
    });
  }
  beforeEach(() => (progress = []));

  it('gives responses of the sample’s own policy, in the order of the samples', async () => {
    const heard: string[] = [];
    const { responses, left, policy } = await ask({}, { maxTokens: 20, onResponse: each => heard.push(each.response) });
    assert.deepEqual(responses.map(({ qid, index }) => `${qid}/${index}`), ['r-0000/0', 'r-0000/1', 'r-0000/2', 'r-0001/0', 'r-0001/1', 'r-0001/2']);
    assert.ok(responses.every(({ response, tokens = 0, finish }) => response.startsWith('### Image Description:') && tokens > 0 && tokens <= 20 && ['stop', 'length'].includes(finish)));
    assert.deepEqual([heard.length, left, policy], [6, [], 'models/base']);
    assert.deepEqual(progress.map(({ done, what }) => `${done} ${what}`), ['0 loading the policy', '0 generating', '2 generating']);
  });

  it('tells what the trainer tells of a policy that cannot be loaded', async () => {
    await assert.rejects(ask({ checkpoint: path.join(folder, 'data') }), error => AppError.is(error, 'policy.failed') && /cannot be loaded/.test(error.details.reason) && /folder with a model/.test(error.details.remedy));
    await assert.rejects(ask({ python: '/nowhere/python' }), error => AppError.is(error, 'python.unusable'));
  });

  it('ends the process and its children when it is cancelled', async function () {
    if (process.platform === 'win32') this.skip();
    const place = mkdtempSync(path.join(os.tmpdir(), 'pebr-respond-'));
    const stand = path.join(place, 'python');
    writeFileSync(stand, `#!/bin/sh\nsleep 600 &\necho "$$ $!" > ${place}/pids\necho '{"progress":{"done":0,"total":2,"what":"generating"}}'\nwait\n`, { mode: 0o755 });
    const cancel = new AbortController();
    await assert.rejects(ask({ python: stand }, { signal: cancel.signal, onProgress: () => cancel.abort() }), { name: 'AbortError' });
    const pids = readFileSync(path.join(place, 'pids'), 'utf8').trim().split(' ').map(Number);
    assert.equal(pids.length, 2);
    await until(() => pids.every(pid => !isRunning(pid)));
    rmSync(place, { recursive: true });
  });

  it('tells what a Python without the trainer’s packages says', async function () {
    if (process.platform === 'win32') this.skip();
    const place = mkdtempSync(path.join(os.tmpdir(), 'pebr-respond-'));
    const stand = path.join(place, 'python');
    writeFileSync(stand, '#!/bin/sh\necho "No module named torch" >&2\necho "Install it." >&2\nexit 2\n', { mode: 0o755 });
    await assert.rejects(ask({ python: stand }), error => AppError.is(error, 'policy.failed') && error.details.reason === 'No module named torch.' && error.details.remedy === 'Install it.');
    rmSync(place, { recursive: true });
  });
});

/** A killed process stays as a zombie until its exit code is fetched. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
