import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { asInFile, type LaunchChoice, launchForm, type LaunchField, overridesOf } from '../../../src/core/launch/launchForm';
import { presets } from '../../../src/core/launch/presets';
import { changedText } from '../../../src/core/launch/withOverrides';
import { parseProject } from '../../../src/core/project/parseProject';
import type { Project } from '../../../src/core/project/project';

const text = readFileSync('samples/cards/pebr.json', 'utf8');
const usual = parseProject(text, 'pebr.json').project as Project;
const fieldsOf = (choice: LaunchChoice): ReadonlyMap<string, LaunchField> => new Map(launchForm(text, usual, choice).groups.flatMap(group => group.fields).map(field => [field.path, field]));
const chosen = (edits: Readonly<Record<string, unknown>>, preset: LaunchChoice['preset'] = 'project'): LaunchChoice => ({ ...asInFile, preset, edits });

describe('form of a run', () => {
  it('starts as pebr.json is', () => {
    for (const field of fieldsOf(asInFile).values()) assert.deepEqual(field.value, field.usual, field.path);
    assert.deepEqual(launchForm(text, usual, asInFile).project, usual);
  });

  it('has the values of a preset, and a typed one over them', () => {
    const fields = fieldsOf(chosen({ 'policy.microBatch': 4 }, 'gpu-24gb-lora'));
    assert.equal(fields.get('policy.base')?.value, 'Qwen/Qwen2.5-VL-3B-Instruct');
    assert.deepEqual([fields.get('policy.microBatch')?.value, fields.get('policy.microBatch')?.usual], [4, null]);
    assert.deepEqual([fields.get('policy.lora.rank')?.value, fields.get('policy.lora.rank')?.usual], [16, null]);
  });

  it('makes, changes and takes away the adapter by its fields', () => {
    assert.deepEqual(overridesOf(usual, chosen({ 'policy.lora.rank': 8 })), { 'policy.lora': { rank: 8, alpha: 32 } });
    assert.deepEqual(overridesOf(usual, chosen({ 'policy.lora.alpha': 5 }, 'gpu-24gb-lora'))['policy.lora'], { rank: 16, alpha: 5 });
    assert.equal(overridesOf(usual, chosen({ 'policy.lora.rank': null }, 'gpu-24gb-lora'))['policy.lora'], null);
  });

  it('says beside a field why its value cannot be, and gives no project', () => {
    const choice = chosen({ 'pipeline.stages.0.steps': 'many', 'pipeline.stages.1.topP': 2 });
    const fields = fieldsOf(choice);
    assert.match(fields.get('pipeline.stages.0.steps')?.fault ?? '', /Expected number/);
    assert.match(fields.get('pipeline.stages.1.topP')?.fault ?? '', /must be 1 or less/);
    assert.equal(fields.get('pipeline.stages.0.steps')?.value, 'many');
    assert.equal(launchForm(text, usual, choice).project, undefined);
  });

  it('writes a preset into pebr.json and keeps its comments', () => {
    const changed = changedText(text, presets.find(({ id }) => id === 'tiny-cpu')?.overrides(usual) ?? {});
    for (const comment of text.match(/\/\/.*/g) ?? []) assert.ok(changed.includes(comment), comment);
    assert.deepEqual(parseProject(changed, 'pebr.json').problems, []);
  });
});
