import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { parseProject } from '../../../src/core/project/parseProject';

const minimal = '{"name": "p", "datasets": [{"id": "d", "stage": "perception", "path": "d.jsonl"}]}';

describe('parseProject', () => {
  it('reads the sample project with its comments', () => {
    const { project, problems } = parseProject(readFileSync('samples/cards/pebr.json', 'utf8'), 'pebr.json');
    assert.deepEqual(problems, []);
    assert.deepEqual(project?.datasets.map(dataset => dataset.id), ['cards-perception', 'cards-reasoning']);
    assert.deepEqual(project?.pipeline.stages.map(stage => stage.name), ['perception', 'reasoning']);
  });

  it('fills in the defaults', () => {
    const { project } = parseProject(minimal, 'pebr.json');
    assert.equal(project?.datasets[0]?.columns.key_words, 'key_words');
    assert.equal(project?.datasets[0]?.boxFrame, 'pixel');
    assert.equal(project?.engine, 'trl');
    assert.deepEqual(project?.pipeline.stages, []);
  });

  const wrong: readonly [name: string, text: string, line: number, message: RegExp][] = [
    ['an unknown key', '{\n"name": "p",\n"dataset": [],\n"datasets": []}', 3, /Unknown key "dataset"/],
    ['a missing key', '{"datasets": []}', 1, /"name" is missing/],
    ['a wrong value', '{"name": "p",\n"datasets": [{"id": "d",\n"stage": "percept", "path": "d"}]}', 3, /"datasets\[0\]\.stage"/],
    ['a syntax error', '{"name": "p",\n"datasets": [}', 2, /JSON/],
    ['an empty file', '', 1, /empty|JSON/],
    ['two datasets of one id', `{"name": "p", "datasets": [{"id": "d", "stage": "perception", "path": "a"},\n{"id": "d", "stage": "reasoning", "path": "b"}]}`, 2, /Two datasets/],
    ['a stage on no dataset', `{"name": "p", "datasets": [],\n"pipeline": {"stages": [{"name": "s", "dataset": "x", "reward": "r.ts"}]}}`, 2, /does not exist/],
    ['a group of one', `{"name": "p", "datasets": [{"id": "d", "stage": "perception", "path": "a"}],\n"pipeline": {"stages": [{"name": "s", "dataset": "d", "reward": "r.ts",\n"responses": 1}]}}`, 3, /no advantage/],
    ['a newer version', '{"v": 2, "name": "p", "datasets": []}', 1, /version/],
    ['a prototype key', '{"name": "p", "datasets": [],\n"__proto__": {"a": 1}}', 2, /Unknown key|__proto__/],
  ];
  for (const [name, text, line, message] of wrong) {
    it(`reports ${name} at its line with a remedy`, () => {
      const { project, problems } = parseProject(text, '/p/pebr.json');
      assert.equal(project, undefined);
      const problem = problems.find(candidate => message.test(candidate.message));
      assert.ok(problem, JSON.stringify(problems));
      assert.equal(problem.line, line, JSON.stringify(problem));
      assert.ok(problem.remedy.length > 10);
    });
  }

  it('never throws and never gives neither a project nor a problem', () => {
    const texts = fc.oneof(fc.string(), fc.json(), fc.integer({ min: 0, max: minimal.length }).map(end => minimal.slice(0, end)));
    fc.assert(fc.property(texts, text => {
      const { project, problems } = parseProject(text, 'pebr.json');
      assert.ok(project !== undefined || problems.length > 0);
    }));
  });
});
