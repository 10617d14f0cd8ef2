import * as assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { readFileSync } from 'node:fs';
import { changedText, withOverrides } from '../../../src/core/launch/withOverrides';
import { ablationsOf } from '../../../src/core/pipeline/ablations';
import { orderedProject } from '../../../src/core/pipeline/orderedProject';
import type { StageOrder } from '../../../src/core/engines/trl';
import type { Project } from '../../../src/core/project/project';
import type { RewardNumber } from '../../../src/core/rewards/score';

const text = readFileSync('samples/cards/pebr.json', 'utf8');
const python = path.resolve('trainer/.venv/bin/python');
const script = 'import json,sys;from pathlib import Path;from pebr_trainer.project import load_project,project_to_json;from pebr_trainer.order import ordered;'
  + 'print(json.dumps([project_to_json(ordered(load_project(Path(sys.argv[1])),o))["pipeline"]["stages"] for o in sys.argv[2:]]))';

function project(overrides: Readonly<Record<string, unknown>> = {}): Project {
  const { project: read, problems } = withOverrides(text, overrides, 'pebr.json');
  assert.ok(read, JSON.stringify(problems));
  return read;
}

/** Those of the sample's rewards; where they stand does not matter here. */
const weights = (entries: Readonly<Record<string, number>>): readonly RewardNumber[] => Object.entries(entries).map(([name, value]) => ({ name, value, start: 0, end: 0, line: 1 }));
const numbers = {
  'rewards/perception.reward.ts': weights({ 'components.clip.tau': 0.4, 'weights.clip': 0.2, 'weights.key_word': 0.3, 'weights.iou': 0.3, 'weights.format': 0.1, 'weights.length': 0.1 }),
  'rewards/reasoning.reward.ts': weights({ 'weights.accuracy': 0.9, 'weights.format': 0.1 }),
};

describe('ablations', () => {
  it('of the sample: every factor once, each a project that can be trained', () => {
    const ablations = ablationsOf(project(), numbers);
    assert.deepEqual(ablations.map(({ id }) => id), [
      'whole', 'no-stage-1', 'swapped', 'mixed', 'no-clip', 'no-key-word', 'no-iou', 'no-format-of-perception', 'no-length', 'no-accuracy', 'no-format-of-reasoning', 'no-sampling',
    ]);
    for (const { order, overrides } of ablations) assert.ok(orderedProject(project(overrides), order));
    assert.equal(project(ablations.find(({ id }) => id === 'no-sampling')?.overrides).pipeline.sampling, null);
  });

  it('without a component: its weight is 0, the others have the same sum and the same proportions', () => {
    const { overrides } = ablationsOf(project(), numbers).find(({ id }) => id === 'no-clip') ?? { overrides: {} };
    const found = project(overrides).rewardNumbers['rewards/perception.reward.ts'] ?? {};
    assert.deepEqual(found, { 'weights.clip': 0, 'weights.key_word': 0.375, 'weights.iou': 0.375, 'weights.format': 0.125, 'weights.length': 0.125 });
    assert.match(changedText(text, overrides), /rewardNumbers/);
  });

  it('orders the stages as the trainer does', async function () {
    this.timeout(120_000);
    const orders: readonly StageOrder[] = ['two-stage', 'reasoning-only', 'mixed', 'swapped'];
    const { stdout } = await promisify(execFile)(python, ['-c', script, path.resolve('samples/cards'), ...orders], { env: { ...process.env, PYTHONPATH: path.resolve('trainer') } });
    assert.deepEqual(orders.map(order => orderedProject(project(), order)?.pipeline.stages), JSON.parse(stdout));
  });

  it('has no orders where there is one stage', () => {
    const one = project({ 'pipeline.stages': [JSON.parse(JSON.stringify(project().pipeline.stages[0])) as unknown] });
    assert.deepEqual(ablationsOf(one, {}).map(({ id }) => id), ['whole', 'no-sampling']);
    assert.equal(orderedProject(one, 'swapped'), undefined);
  });
});
