import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { listReward } from '../../../src/core/project/listReward';
import { parseProject } from '../../../src/core/project/parseProject';

describe('listing a reward in pebr.json', () => {
  const cases: readonly (readonly [what: string, before: string, after: string])[] = [
    ['a list on one line', '{\n  "rewards": ["a"], /* x */\n  "d": 2\n}', '{\n  "rewards": ["a", "b"], /* x */\n  "d": 2\n}'],
    ['an empty list', '{ "rewards": [ ] }', '{ "rewards": ["b" ] }'],
    ['a list with comments', '{\n    "rewards": [\n        "a", // one\n        "c" // two\n    ]\n}', '{\n    "rewards": [\n        "a", // one\n        "c", // two\n        "b"\n    ]\n}'],
    ['a list with a comma at its end, CRLF', '{\r\n\t"rewards": [\r\n\t\t"a",\r\n\t],\r\n}\r\n', '{\r\n\t"rewards": [\r\n\t\t"a",\r\n\t\t"b"\r\n\t],\r\n}\r\n'],
    ['no list', '{\n  "v": 1, // c\n  "d": 2 // e\n}\n', '{\n  "v": 1, // c\n  "d": 2, // e\n  "rewards": ["b"]\n}\n'],
    ['null', '{ "rewards": null }', '{ "rewards": ["b"] }'],
    ['a reward that is there', '{ "rewards": ["b"] }', '{ "rewards": ["b"] }'],
  ];
  for (const [what, before, after] of cases) it(`keeps the rest: ${what}`, () => assert.equal(listReward(before, 'b'), after));

  it('leaves the sample project usable', () => {
    const text = listReward(readFileSync('samples/cards/pebr.json', 'utf8'), 'rewards/new.reward.ts');
    const { project, problems } = parseProject(text, 'pebr.json');
    assert.deepEqual([project?.rewards.at(-1), problems], ['rewards/new.reward.ts', []]);
  });
});
