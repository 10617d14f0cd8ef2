import * as assert from 'node:assert/strict';
import { jobState, onCluster } from '../../../src/core/engines/rayJob';

describe('a job of a cluster', () => {
  it('is told from the words of Ray, with and without colours', () => {
    const says: readonly (readonly [string, string])[] = [
      ["2026-11-21 SUCC cli.py:67 -- \x1b[32mJob 'pebr-a' succeeded\x1b[39m", 'succeeded'], ["Job 'x' failed\nStatus message: Job entrypoint command failed", 'ended'], ["Job 'x' was stopped", 'ended'],
      ["Status for job 'x': RUNNING\nStatus message: Job is currently running.", 'active'], ["Status for job 'x': JobStatus.PENDING", 'active'],
      ['RuntimeError: Request failed with status code 404: Job gone does not exist.', 'gone'], ['ConnectionError: Failed to connect to Ray at address: http://head:8265.', 'unknown'], ['', 'unknown'],
    ];
    for (const [text, state] of says) assert.equal(jobState(text), state, text);
  });

  it('has one name, by which it is followed and stopped; what a run writes is not sent along', () => {
    const command = { argv: ['python3', '-m', 'verl'], cwd: '/r', env: { A: '1' } };
    const { train, job } = onCluster(command, 'reasoning', { address: 'http://head:8265', python: 'python3', folder: '/runs/20261121-cards one' }, '/r');
    assert.equal(job?.id, 'pebr-20261121-cards-one-reasoning');
    assert.equal(train.argv[train.argv.indexOf('--submission-id') + 1], job.id);
    for (const { argv } of [job.status, job.follow, job.stop, job.remove]) assert.deepEqual([argv.at(-1), argv.includes('http://head:8265')], [job.id, true]);
    assert.deepEqual(JSON.parse(train.argv[train.argv.indexOf('--runtime-env-json') + 1] ?? '{}'), { env_vars: { A: '1' }, excludes: ['.git', '.venv', 'checkpoints', 'policy', 'rollouts', 'events.jsonl', 'stdout.log', 'stderr.log', 'process.json'] });
    assert.deepEqual(onCluster(command, 'reasoning', { address: null, python: 'python3', folder: '/r' }, '/r'), { train: command, job: null });
  });
});
