import * as path from 'node:path';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import type { ImageSize } from '../../core/geometry/boxFrame';
import type { Problem } from '../../core/problem';
import type { DatasetConfig } from '../../core/project/project';
import { DatasetFile, type RowText } from './datasetFile';
import { readImageSize } from './imageInfo';
import { type InspectedRow, inspectRow, type RowContext } from './inspectRow';

/** A dataset with more problems than this has one cause; the rest is counted, not listed. */
const mostProblems = 2000;

/** Where each qid was first. */
type SeenQids = Map<string, { readonly file: string; readonly line: number }>;

/** Checks a dataset and its held-out rows. `folder` is the project's; a file that cannot be read is a problem too. */
export async function lintDataset(folder: string, config: DatasetConfig, signal?: AbortSignal): Promise<readonly Problem[]> {
  const seen: SeenQids = new Map();
  const sizes = new Map<string, Promise<ImageSize>>();
  const sizeOf = (file: string): Promise<ImageSize> => {
    const known = sizes.get(file) ?? readImageSize(file);
    sizes.set(file, known);
    return known;
  };
  const problems: Problem[] = [];
  for (const name of config.heldOut === null ? [config.path] : [config.path, config.heldOut]) {
    const context = rowContext(folder, config, name);
    problems.push(...(await lintFile(context, seen, sizeOf, signal)));
  }
  return problems;
}

/** How the rows of one of a dataset's files are read. */
export function rowContext(folder: string, config: DatasetConfig, name = config.path): RowContext {
  const { stage, columns, boxFrame } = config;
  return { file: path.resolve(folder, name), imageRoot: path.resolve(folder, config.imageRoot), stage, columns, boxFrame };
}

/** Rows in their order, a few at a time: each may open an image, and open files are few. */
async function* inspectAll(rows: readonly RowText[], context: RowContext, sizeOf: (file: string) => Promise<ImageSize>): AsyncGenerator<InspectedRow & { readonly at: RowText }> {
  const together = 32;
  for (let from = 0; from < rows.length; from += together) {
    yield* await Promise.all(rows.slice(from, from + together).map(async at => ({ at, ...(await inspectRow(at, context, sizeOf)) })));
  }
}

async function lintFile(context: RowContext, seen: SeenQids, sizeOf: (file: string) => Promise<ImageSize>, signal?: AbortSignal): Promise<readonly Problem[]> {
  const { file } = context;
  const problems: Problem[] = [];
  let dataset: DatasetFile | undefined;
  try {
    dataset = await DatasetFile.open(file);
    for await (const rows of dataset.batches(signal)) {
      for await (const { at, row, problems: found } of inspectAll(rows, context, sizeOf)) {
        problems.push(...found);
        if (!row || row.qid === '') continue;
        const first = seen.get(row.qid);
        if (first === undefined) seen.set(row.qid, { file, line: at.line });
        else {
          problems.push({
            severity: 'error', rule: 'dataset/duplicate-qid', file, line: at.line, column: Math.max(0, at.text.indexOf(JSON.stringify(row.qid))) + 1, qid: row.qid,
            message: `The qid "${row.qid}" is also on line ${first.line}${first.file === file ? '' : ` of ${path.basename(first.file)}`}.`, remedy: 'Give each row an id of its own: difficulty and rollouts of the two are mixed up.',
          });
        }
      }
      if (problems.length > mostProblems) break;
    }
    const rowCount = await dataset.count();
    if (rowCount === 0) problems.push({ severity: 'warning', rule: 'dataset/empty-file', file, message: 'The file has no rows.', remedy: 'Write one JSON object a line into it.' });
  } catch (error) {
    if (!AppError.is(error, 'dataset.unreadable')) throw error;
    problems.push({ severity: 'error', rule: 'dataset/unreadable', file, message: errorInWords(error), remedy: 'Correct "path" or "heldOut" in pebr.json, or put the file back.' });
  } finally {
    await dataset?.close();
  }
  if (problems.length <= mostProblems) return problems;
  const more: Problem = {
    severity: 'warning', rule: 'dataset/more-problems', file, message: `Only the first ${mostProblems.toLocaleString('en')} problems are listed.`, remedy: 'Correct their cause and check again.',
  };
  return [...problems.slice(0, mostProblems), more];
}
