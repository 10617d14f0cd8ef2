import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { type JsonNode, jsonTree } from '../../../src/core/labels/jsonTree';
import { rowLine } from '../dataset/randomLines';

describe('tree of a JSON text', () => {
  /** What the tree says, by its places in the text alone. */
  const valueOf = (text: string, node: JsonNode): unknown => {
    const { children = [] } = node;
    if (node.type === 'array') return children.map(child => valueOf(text, child));
    if (node.type !== 'object') return JSON.parse(text.slice(node.offset, node.offset + node.length));
    return Object.fromEntries(children.map(({ children: [key, value] = [] }) => [key?.value as string, value && valueOf(text, value)]));
  };

  it('has every value where it stands', () => {
    const any = fc.oneof(rowLine, fc.json(), fc.json().map(text => text.replace(/([:,{}[\]])/g, ' \t$1\r ')));
    fc.assert(fc.property(any, text => {
      let expected: unknown;
      try {
        expected = JSON.parse(text);
      } catch {
        return; // blanks went into a text
      }
      assert.deepEqual(valueOf(text, jsonTree(text)), expected);
    }), { numRuns: 500 });
  });

  it('refuses what JSON.parse refuses', () => {
    const broken = fc.tuple(fc.oneof(rowLine, fc.json()), fc.nat(), fc.constantFrom('', ',', '"', '\\', '0', '\t', '\u0001', '}', '[', 'e', '-', '.', 'NaN')).map(([text, place, insert]) => {
      const at = place % (text.length + 1);
      return insert === '' ? text.slice(0, at) : text.slice(0, at) + insert + text.slice(at);
    });
    const accepts = (read: (text: string) => unknown, text: string): boolean => {
      try {
        read(text);
        return true;
      } catch (error) {
        assert.ok(error instanceof SyntaxError);
        return false;
      }
    };
    fc.assert(fc.property(broken, text => assert.equal(accepts(jsonTree, text), accepts(JSON.parse, text))), { numRuns: 2000 });
  });
});
