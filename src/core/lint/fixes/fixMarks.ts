import { parseRow } from '../../dataset/parseRow';
import { imageMark, withMarks } from '../../labels/imageMarks';
import { JsonLine } from '../../labels/jsonLine';
import { parseWarmUpRow } from '../lintWarmUp';
import type { RowFix } from './fixOf';

/** Missing placeholders are put before the text, where every loader expects them; those too many are taken from its end. */
export const matchMarks: RowFix = (text, { columns }) => {
  const { row } = parseRow(text, columns);
  if (!row || row.images.length === 0) return text;
  return new JsonLine(text).set([columns.problem], withMarks(row.problem, row.images.length));
};

export const matchWarmUpMarks: RowFix = text => {
  const { row } = parseWarmUpRow(text);
  if (!row || row.images.length === 0) return text;
  const line = new JsonLine(text);
  for (let index = 0; line.typeOf(['messages', index]) !== undefined; index++) {
    if (line.scalarAt(['messages', index, 'role']) === 'user') return line.set(['messages', index, 'content'], withMarks(row.user, row.images.length));
  }
  return text;
};

/** An image that stands twice, and its placeholder, are taken out. */
export const dropRepeatedImages: RowFix = (text, { columns }) => {
  const { row } = parseRow(text, columns);
  if (!row) return text;
  const repeated = row.images.map((name, index) => row.images.indexOf(name) < index);
  const parts = row.problem.split(imageMark);
  const isMatched = parts.length - 1 === row.images.length;
  const images = row.images.filter((_, index) => !repeated[index]);
  const now = new JsonLine(text).set([columns.images], images);
  if (!isMatched) return now;
  const problem = parts.reduce((all, part, index) => `${all}${repeated[index - 1] ? '' : imageMark}${part}`);
  return new JsonLine(now).set([columns.problem], problem);
};
