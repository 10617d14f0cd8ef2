import * as fc from 'fast-check';

const text = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('', '<image>', 'NaN', 'a "quoted" \\ word', 'ü 中 🙂', 'line\nbreak', '}{][,:'));
const number = fc.constantFrom('0', '1', '7', '12.50', '1e2', '-3', '100', '0.10');
const blank = fc.constantFrom('', ' ', '  ', '\t');

/** JSON text of a value with blanks wherever JSON allows them, number literals as people write them, and non-ASCII text escaped or not. */
function jsonText(tree: fc.LetrecTypedTie<{ value: string }>): fc.Arbitrary<string> {
  const spaced = (parts: fc.Arbitrary<string[]>, open: string, close: string): fc.Arbitrary<string> =>
    fc.tuple(parts, blank, blank).map(([items, before, after]) => `${open}${before}${items.join(`${before},${after}`)}${after}${close}`);
  return fc.oneof(
    { maxDepth: 2 },
    text.map(value => JSON.stringify(value)),
    number,
    fc.constantFrom('true', 'false', 'null'),
    spaced(fc.array(tree('value'), { maxLength: 3 }), '[', ']'),
    spaced(fc.array(fc.tuple(text, tree('value')).map(([key, value]) => `${JSON.stringify(`k${key}`)}:${value}`), { maxLength: 3 }), '{', '}'),
  );
}

const { value: anyJson } = fc.letrec<{ value: string }>(tie => ({ value: jsonText(tie) }));

const box = fc.tuple(text, fc.tuple(number, number, number, number), blank, fc.boolean()).map(([label, numbers, gap, hasScore]) => {
  const bbox = `"bbox"${gap}:${gap}[${numbers.join(`,${gap}`)}]`;
  return `{${gap}"label":${gap}${JSON.stringify(label)},${hasScore ? ` "score": 0.90,` : ''}${bbox}${gap}}`;
});

/** Lines of datasets as people's tools write them: any key order, any blanks, unknown keys, escapes. The keys of ours are well formed. */
export const rowLine: fc.Arbitrary<string> = fc
  .record({
    qid: fc.uuid(),
    problem: text,
    answer: fc.oneof(text.map(value => JSON.stringify(value)), number),
    words: fc.array(text, { maxLength: 3 }),
    boxes: fc.array(fc.oneof({ weight: 5, arbitrary: box }, { weight: 1, arbitrary: fc.constant('{"label": "no numbers"}') }), { maxLength: 4 }),
    extra: fc.array(anyJson, { maxLength: 2 }),
    gap: blank,
    seed: fc.nat(),
    isAscii: fc.boolean(),
  })
  .map(({ qid, problem, answer, words, boxes, extra, gap, seed, isAscii }) => {
    const properties = [
      `"qid":${gap}${JSON.stringify(qid)}`,
      `"problem"${gap}:${JSON.stringify(problem)}`,
      `"answer":${answer}`,
      `"images":${gap}["a.png"]`,
      `"key_words": [${words.map(word => JSON.stringify(word)).join(`,${gap}`)}]`,
      `"boxes":${gap}[${gap}${boxes.join(`${gap},`)}${gap}]`,
      ...extra.map((value, index) => `"extra ${index}":${value}`),
    ];
    const start = seed % properties.length;
    const line = `${gap}{${[...properties.slice(start), ...properties.slice(0, start)].join(`,${gap}`)}${gap}}`;
    return isAscii ? line.replace(/[\u0080-\uffff]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`) : line;
  });
