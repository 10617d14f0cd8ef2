import * as assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { type JsonPiece, JsonSplitter } from '../../../src/core/formats/jsonSplitter';

function split(text: string, cuts: readonly number[] = [], maxBytes?: number): JsonPiece[] {
  const bytes = Buffer.from(text, 'utf8');
  const pieces: JsonPiece[] = [];
  const splitter = new JsonSplitter(piece => pieces.push({ ...piece, bytes: Uint8Array.from(piece.bytes) }), key => String(JSON.parse(Buffer.from(key).toString())), maxBytes);
  const ends = [...new Set(cuts.map(cut => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const end of [...ends, bytes.length]) {
    splitter.push(bytes.subarray(from, end));
    from = end;
  }
  splitter.end();
  return pieces;
}

const valueOf = ({ bytes }: JsonPiece): unknown => JSON.parse(Buffer.from(bytes).toString());
const rows = fc.array(fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 3 })), { maxLength: 8 });
const indent = fc.constantFrom(undefined, 1, 2, '\t');
const cuts = fc.array(fc.nat(), { maxLength: 6 });

describe('a JSON document cut into its elements', () => {
  it('gives the elements of any list, however it is laid out and wherever the chunks end', () => {
    fc.assert(fc.property(rows, indent, cuts, (list, space, at) => {
      const pieces = split(JSON.stringify(list, null, space), at);
      assert.deepEqual(pieces.map(valueOf), JSON.parse(JSON.stringify(list)));
      assert.ok(pieces.every(piece => piece.end === 'whole' && piece.key === undefined));
    }), { numRuns: 500 });
  });

  it('gives the elements of the lists of an object under their keys', () => {
    fc.assert(fc.property(fc.dictionary(fc.string({ minLength: 1, maxLength: 6 }).filter(key => key !== '__proto__'), fc.oneof(rows, fc.jsonValue({ maxDepth: 1 }))), indent, cuts, (document, space, at) => {
      const expected = Object.entries(JSON.parse(JSON.stringify(document)) as Record<string, unknown>).flatMap(([key, value]) => (Array.isArray(value) ? value.map((each: unknown) => [key, each] as const) : [[key, value] as const]));
      assert.deepEqual(split(JSON.stringify(document, null, space), at).map(piece => [piece.key, valueOf(piece)] as const), expected);
    }), { numRuns: 300 });
  });

  it('gives every whole element of a file that ends too early, and says which one is cut', () => {
    fc.assert(fc.property(rows.filter(list => list.length > 0), indent, fc.nat(), (list, space, at) => {
      const text = JSON.stringify(list, null, space);
      const pieces = split(Buffer.from(text).subarray(0, at % Buffer.byteLength(text)).toString('latin1'));
      const whole = pieces.filter(piece => piece.end === 'whole');
      assert.ok(whole.length <= list.length && pieces.length <= list.length);
      for (const piece of whole) assert.doesNotThrow(() => valueOf(piece)); // brackets and quotes are ASCII: latin1 does not touch them
    }), { numRuns: 300 });
  });

  it('names the line of each element', () => {
    assert.deepEqual(split('\n[\n  {"a": "x\\ny"},\n  {\n    "b": 1\n  }, {"c": 2}\n]').map(piece => piece.line), [3, 4, 6]);
  });

  it('leaves a torn element at the next one', () => {
    const good = (n: number): string => `  {\n    "id": ${n},\n    "q": "why?"\n  }`;
    for (const torn of ['  {\n    "id": 2,\n    "q": why?"\n  }', '  {\n    "id": 2,\n    "q": "why?\n  }', '  {\n    "id": 2,\n    "q": "why?"']) {
      const pieces = split(`[\n${[good(1), torn, good(3), good(4)].join(',\n')}\n]`);
      assert.deepEqual(pieces.filter(piece => piece.end === 'whole').map(piece => (valueOf(piece) as { id: number }).id).filter(id => id !== 2), [1, 3, 4], torn);
      assert.equal(pieces.find(piece => piece.end === 'broken')?.line, 6, torn);
    }
  });

  it('passes over an element that is too long without holding it', () => {
    const pieces = split(`[{"a": 1}, {"b": "${'x'.repeat(5000)}"}, {"c": 3}]`, Array.from({ length: 60 }, (_, index) => index * 97), 1000);
    assert.deepEqual(pieces.map(piece => piece.end), ['whole', 'long', 'whole']);
  });
});
