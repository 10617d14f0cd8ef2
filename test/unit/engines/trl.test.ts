import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type CheckOutput, whatIsMissing } from '../../../src/core/engines/environmentCheck';
import { trialLoadCheck } from '../../../src/core/launch/trialLoad';
import { checkCommand, resumeCommand, shortenedRun, trainCommand } from '../../../src/core/engines/trl';
import { parseProject } from '../../../src/core/project/parseProject';

const rewardWorker = { command: ['/opt/node', '/ext/dist/reward worker.js'], env: { ELECTRON_RUN_AS_NODE: '1' } };

describe('command line of the TRL engine', () => {
  it('passes folders, worker, seed and overrides as arguments, never as a shell string', () => {
    const { args, env } = trainCommand({
      trainerFolder: '/ext/trainer', projectFolder: '/my project', runFolder: '/my project/.pebr/runs/1', rewardWorker, seed: 7, overrides: { 'pipeline.stages.0.steps': 2, 'policy.base': 'a b' },
    });
    assert.deepEqual(args, [
      '-m', 'pebr_trainer', 'train', '--project', '/my project', '--run', '/my project/.pebr/runs/1', '--reward-worker', '["/opt/node","/ext/dist/reward worker.js"]',
      '--seed', '7', '--set', 'pipeline.stages.0.steps=2', '--set', 'policy.base="a b"',
    ]);
    assert.deepEqual(env, { PYTHONPATH: '/ext/trainer', PYTHONUNBUFFERED: '1', PYTHONUTF8: '1', ELECTRON_RUN_AS_NODE: '1' });
  });

  it('shares a run among processes, workers of Ray, or a cluster that is sent a job', () => {
    const options = { trainerFolder: '/ext/trainer', projectFolder: '/p', runFolder: '/p/r', rewardWorker };
    const processes = trainCommand({ ...options, workers: 4 }).args;
    assert.deepEqual(processes.slice(0, 5), ['-m', 'accelerate.commands.launch', '--multi_gpu', '--num_processes', '4']);
    assert.deepEqual(processes.slice(processes.indexOf('pebr_trainer') - 1, processes.indexOf('pebr_trainer') + 2), ['-m', 'pebr_trainer', 'train']);
    assert.deepEqual(resumeCommand({ ...options, workers: 4 }).args.slice(0, 5), processes.slice(0, 5));
    const ray = trainCommand({ ...options, engine: 'ray', workers: 2 }).args;
    assert.deepEqual([ray[1], ray[ray.indexOf('--engine') + 1], ray[ray.indexOf('--workers') + 1]], ['pebr_trainer', 'ray', '2']);
    const job = trainCommand({ ...options, engine: 'ray', workers: 2, address: 'http://head:8265' }).args;
    assert.deepEqual(job.slice(0, 10), ['-m', 'ray.scripts.scripts', 'job', 'submit', '--address', 'http://head:8265', '--submission-id', 'pebr-r-train', '--working-dir', '/ext/trainer']);
    assert.deepEqual(job.slice(job.indexOf('--') + 1), ['python3', ...ray]);
    assert.ok(!job.join(' ').includes('PYTHONPATH'));
  });

  it('resumes by the run’s folder alone', () => {
    assert.deepEqual(resumeCommand({ trainerFolder: '/t', runFolder: '/r', rewardWorker: { command: ['n'] } }).args, ['-m', 'pebr_trainer', 'resume', '--run', '/r', '--reward-worker', '["n"]']);
    assert.deepEqual(checkCommand({ trainerFolder: '/t' }).args, ['-m', 'pebr_trainer', 'check']);
  });

  it('shortens every stage of the sample and lengthens none', () => {
    const { project } = parseProject(readFileSync('samples/cards/pebr.json', 'utf8'), 'pebr.json');
    assert.ok(project);
    const overrides = shortenedRun(project);
    project.pipeline.stages.forEach((stage, index) => assert.ok((overrides[`pipeline.stages.${index}.steps`] as number) < stage.steps));
    assert.ok((overrides['pipeline.warmUp.steps'] as number) < (project.pipeline.warmUp?.steps ?? 0));
    assert.deepEqual(shortenedRun({ pipeline: { ...project.pipeline, warmUp: null, sampling: null, stages: [], evaluate: null } }), {});
  });
});

describe('check of a Python environment', () => {
  it('names the packages that are missing', () => {
    assert.match(whatIsMissing({ code: 1, stdout: '{"v":1,"ok":false,"missing":["torch","trl"]}\n', stderr: '' }) ?? '', /it lacks torch, trl\./);
  });

  it('passes on the last words of a Python that broke off, and accepts a good one', () => {
    assert.equal(whatIsMissing({ code: 1, stdout: '', stderr: 'Traceback\nImportError: libgomp.so.1' }), 'ImportError: libgomp.so.1');
    assert.match(whatIsMissing({ code: 9, stdout: '', stderr: '' }) ?? '', /code 9/);
    assert.equal(whatIsMissing({ code: 0, stdout: 'a warning\n{"v":1,"ok":true,"missing":[]}\n', stderr: '' }), null);
  });

  it('tells what stops the policy from being loaded, by the file, and that a model of the hub was not looked at', () => {
    const said = (policy: unknown): CheckOutput => ({ code: 1, stdout: `${JSON.stringify({ v: 1, ok: false, missing: [], policy })}\n`, stderr: '' });
    const broken = said({ looked: true, faults: [{ place: '/home/me/p/models/base/config.json', cause: 'it makes no model', remedy: 'Correct it.' }, { place: '/home/me/p/models/base', cause: 'it lacks a token', remedy: 'Copy it.' }] });
    assert.equal(whatIsMissing(broken), null);
    const [check] = trialLoadCheck(broken, 'models/base');
    assert.deepEqual([check?.state, check?.message, check?.remedy], ['error', 'models/base/config.json: it makes no model; models/base: it lacks a token.', 'Correct it.']);
    assert.equal(trialLoadCheck(said({ looked: false }), 'owner/name')[0]?.state, 'skipped');
    assert.equal(trialLoadCheck(said({ looked: true, faults: [] }), 'models/base')[0]?.state, 'ok');
    assert.deepEqual(trialLoadCheck(said(undefined), 'models/base'), []);
  });
});
