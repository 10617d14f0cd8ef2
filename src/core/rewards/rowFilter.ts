import type { Score } from './score';

/** What a filter looks at. */
export interface FilteredRow {
  readonly sample: { readonly qid: string };
  readonly response: string;
  readonly score: Omit<Score, 'evidence'>;
  readonly before: number | null;
}

export type RowTest = (row: FilteredRow) => boolean;

const comparison = /^([\w.-]+?)(<=|>=|!=|=|<|>)(-?\d+(?:\.\d+)?(?:e-?\d+)?)$/i;
const compare: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
  '=': (value, limit) => Math.abs(value - limit) < 1e-9,
  '!=': (value, limit) => Math.abs(value - limit) >= 1e-9,
};

/**
 * Reads a filter: words that must all hold. `clip<0.3`, `overall=0` compare a value, `error` and `changed` mean what they say, and any
 * other word must occur in the sample's id or the response, in any letter case. `names` are the components.
 */
export function parseRowFilter(text: string, names: readonly string[]): RowTest {
  const tests = text.trim().split(/\s+/).filter(Boolean).map(word => testOf(word, names));
  return row => tests.every(test => test(row));
}

function testOf(word: string, names: readonly string[]): RowTest {
  const [, name = '', operator = '', limit = ''] = comparison.exec(word) ?? [];
  const holds = compare[operator];
  if (holds && (name === 'overall' || names.includes(name))) {
    return ({ score }) => {
      const value = name === 'overall' ? score.overall : (score.components[name] ?? null);
      return value !== null && holds(value, Number(limit)); // a failure is no number
    };
  }
  if (word === 'error') return ({ score }) => score.error !== undefined;
  if (word === 'changed') return ({ score, before }) => before !== null && score.overall !== null && Math.abs(score.overall - before) >= 5e-4;
  const wanted = word.toLowerCase();
  return ({ sample, response }) => sample.qid.toLowerCase().includes(wanted) || response.toLowerCase().includes(wanted);
}

/** The filter with one more range of a value, in place of the ranges of that value that it had. */
export function withRange(text: string, name: string, from: number, to: number): string {
  const others = text.trim().split(/\s+/).filter(word => word !== '' && comparison.exec(word)?.[1] !== name);
  const plain = (value: number): string => String(Math.round(value * 1e4) / 1e4);
  return [...others, `${name}>=${plain(from)}`, `${name}<=${plain(to)}`].join(' ');
}
