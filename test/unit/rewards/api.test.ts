/// <reference path="../../../media/pebr.d.ts" />
import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type * as Declared from 'pebr';
import * as actual from '../../../src/core/rewards/api';

/** Does not compile where the declarations promise what the code does not keep. */
const declared: typeof Declared = actual;

describe('the reward API', () => {
  const text = readFileSync('media/pebr.d.ts', 'utf8');

  it('declares every function that a reward file can import', () => {
    const names = [...text.matchAll(/export function (\w+)/g)].map(match => match[1]);
    assert.deepEqual(names.sort(), Object.keys(declared).sort());
  });

  it('lies beside the rewards of the sample project as it is', () => assert.equal(readFileSync('samples/cards/rewards/pebr.d.ts', 'utf8'), text));

  it('is what the bundle for the worker exports', () => {
    const exported = readFileSync('dist/rewardApi.js', 'utf8');
    for (const name of Object.keys(actual)) assert.match(exported, new RegExp(`\\b${name}\\b`));
  });
});
