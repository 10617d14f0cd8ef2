/// <reference path="../../../media/pebr.d.ts" />
import * as assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type * as Declared from 'pebr';
import * as actual from '../../../src/core/rewards/api';

/** Does not compile where the declarations promise what the code does not keep. */
const declared: typeof Declared = actual;
/** Nor where the code can do what the declarations keep quiet about: an option, a field of a result. */
const isWhole: typeof Declared extends typeof actual ? true : never = true;

describe('the reward API', () => {
  const text = readFileSync('media/pebr.d.ts', 'utf8');

  it('declares every function that a reward file can import', () => {
    const names = [...text.matchAll(/export function (\w+)/g)].map(match => match[1]);
    assert.ok(isWhole);
    assert.deepEqual(names.sort(), Object.keys(declared).sort());
  });

  it('declares every type that a reward file can import, and tells what each function does', () => {
    const named = [...readFileSync('src/core/rewards/api.ts', 'utf8').matchAll(/\btype (\w+)|export type \{([^}]*)\}/g)].flatMap(match => (match[1] ?? match[2] ?? '').split(',').map(name => name.trim()));
    const declaredTypes = [...text.matchAll(/export (?:interface|type) (\w+)/g)].map(match => match[1] ?? '');
    assert.deepEqual(named.filter(name => !declaredTypes.includes(name)), []);
    assert.deepEqual([...text.matchAll(/(\S+)\n\s*export function (\w+)/g)].filter(match => match[1] !== '*/').map(match => match[2]), []);
  });

  it('is what the bundle for the worker exports', () => {
    const exported = readFileSync('dist/rewardApi.js', 'utf8');
    for (const name of Object.keys(actual)) assert.match(exported, new RegExp(`\\b${name}\\b`));
  });
});
