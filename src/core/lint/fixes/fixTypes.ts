import { JsonLine } from '../../labels/jsonLine';
import { parseRow } from '../../dataset/parseRow';
import { topLevelProperties } from '../../dataset/topLevelProperties';
import type { RowFix } from './fixOf';

/** One image as a list of one, numbers as texts: the forms that every loader takes. */
export const writeOneType: RowFix = (text, { columns }) => {
  const listed = (['images', 'key_words'] as const).reduce((now, name) => {
    const line = new JsonLine(now);
    return line.typeOf([columns[name]]) === 'string' ? line.set([columns[name]], [String(line.scalarAt([columns[name]]))]) : now;
  }, text);
  return (['qid', 'answer', 'problem'] as const).reduce((now, name) => {
    const line = new JsonLine(now);
    const type = line.typeOf([columns[name]]);
    return type === 'number' || type === 'boolean' ? line.set([columns[name]], literalOf(now, columns[name])) : now;
  }, listed);
};

/** As it is written: a long id keeps its digits, `1.50` its zero. */
function literalOf(text: string, name: string): string {
  let literal = '';
  for (const { key, value } of topLevelProperties(text)) if (key === name) literal = /^[\w.+-]+/.exec(text.slice(value))?.[0] ?? '';
  return literal;
}

/** `q7` becomes `q7-2`, or the next number that no row has. */
export const suffixQid: RowFix = (text, { columns, isTaken }) => {
  const { row } = parseRow(text, columns);
  if (!row || row.qid === '' || !isTaken) return text;
  for (let number = 2; number < 100_000; number++) {
    const qid = `${row.qid}-${number}`;
    if (!isTaken(qid)) return new JsonLine(text).set([columns.qid], qid);
  }
  return text;
};
