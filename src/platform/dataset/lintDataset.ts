import * as path from 'node:path';
import type { RowFault } from '../../core/dataset/row';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { ColumnTypes } from '../../core/lint/columnTypes';
import { FrameEvidence } from '../../core/lint/frameEvidence';
import { Leakage } from '../../core/lint/leakage';
import type { ImageHeader } from '../../core/lint/lintImage';
import { problemOfFault, type RowPlace } from '../../core/lint/problemOfFault';
import { type RuleId, rules } from '../../core/lint/rules';
import type { Problem } from '../../core/problem';
import type { DatasetConfig } from '../../core/project/project';
import { DatasetFile, type RowText } from './datasetFile';
import { readImageHeader } from './imageInfo';
import { type InspectedRow, inspectRow, type RowContext } from './inspectRow';

/** A dataset with more problems than this has one cause; the rest is counted, not listed. */
const mostProblems = 2000;

export interface LintOptions {
  /** Tokens that a prompt may have (`policy.maxPromptTokens`). */
  readonly maxPromptTokens?: number;
  readonly signal?: AbortSignal;
}

/** What is known of a dataset across its files. */
interface Known {
  readonly qids: Map<string, { readonly file: string; readonly line: number }>;
  readonly types: ColumnTypes<RowPlace>;
  readonly frames: FrameEvidence;
  readonly leakage: Leakage;
  readonly headerOf: (file: string) => Promise<ImageHeader>;
}

/** Checks a dataset and its held-out rows. `folder` is the project's; a file that cannot be read is a problem too. */
export async function lintDataset(folder: string, config: DatasetConfig, { maxPromptTokens, signal }: LintOptions = {}): Promise<readonly Problem[]> {
  const headers = new Map<string, Promise<ImageHeader>>();
  const known: Known = {
    qids: new Map(), types: new ColumnTypes(), frames: new FrameEvidence(), leakage: new Leakage(),
    headerOf: file => {
      const header = headers.get(file) ?? readImageHeader(file);
      headers.set(file, header);
      return header;
    },
  };
  const problems: Problem[] = [];
  for (const name of config.heldOut === null ? [config.path] : [config.path, config.heldOut]) {
    const context = { ...rowContext(folder, config, name), maxPromptTokens: maxPromptTokens ?? null };
    problems.push(...(await lintFile(context, known, config.heldOut === null ? 'alone' : name === config.path ? 'trained' : 'heldOut', signal)));
  }
  return [...problems, ...ofWholeDataset(known, folder, config)];
}

/** How the rows of one of a dataset's files are read. */
export function rowContext(folder: string, config: DatasetConfig, name = config.path): RowContext {
  const { stage, columns, boxFrame } = config;
  return { file: path.resolve(folder, name), imageRoot: path.resolve(folder, config.imageRoot), stage, columns, boxFrame, maxPromptTokens: null };
}

/** Rows in their order, a few at a time: each may open an image, and open files are few. */
async function* inspectAll(rows: readonly RowText[], context: RowContext, { headerOf }: Known): AsyncGenerator<InspectedRow & { readonly at: RowText }> {
  const together = 32;
  for (let from = 0; from < rows.length; from += together) {
    yield* await Promise.all(rows.slice(from, from + together).map(async at => ({ at, ...(await inspectRow(at, context, headerOf)) })));
  }
}

async function lintFile(context: RowContext, known: Known, part: 'trained' | 'alone' | 'heldOut', signal?: AbortSignal): Promise<readonly Problem[]> {
  const { file, columns } = context;
  const problems: Problem[] = [];
  let dataset: DatasetFile | undefined;
  try {
    dataset = await DatasetFile.open(file);
    for await (const rows of dataset.batches(signal)) {
      for await (const inspected of inspectAll(rows, context, known)) {
        const { at, row, types, images, problems: found } = inspected;
        problems.push(...found);
        if (!row) continue;
        const place: RowPlace = { file, line: at.line, text: at.text, qid: row.qid };
        known.types.add(types, place);
        const size = images[0]?.size;
        if (size) known.frames.add(row, size);
        if (part === 'trained') known.leakage.addTraining(row);
        const across = [...duplicateQid(row.qid, at, file, known), ...(part === 'heldOut' ? known.leakage.findHeldOut(row) : [])];
        problems.push(...across.map(fault => problemOfFault(fault, place, columns)));
      }
      if (problems.length > mostProblems) break;
    }
    if ((await dataset.count()) === 0) problems.push(ofFile('dataset/empty-file', file, 'The file has no rows.', 'Write one JSON object a line into it.'));
  } catch (error) {
    if (!AppError.is(error, 'dataset.unreadable')) throw error;
    problems.push(ofFile('dataset/unreadable', file, errorInWords(error), 'Correct "path" or "heldOut" in pebr.json, or put the file back.'));
  } finally {
    await dataset?.close();
  }
  if (problems.length <= mostProblems) return problems;
  return [...problems.slice(0, mostProblems), ofFile('dataset/more-problems', file, `Only the first ${mostProblems.toLocaleString('en')} problems are listed.`, 'Correct their cause and check again.')];
}

function duplicateQid(qid: string, at: RowText, file: string, { qids }: Known): readonly RowFault[] {
  if (qid === '') return [];
  const first = qids.get(qid);
  if (first === undefined) {
    qids.set(qid, { file, line: at.line });
    return [];
  }
  return [{
    severity: 'error', rule: 'dataset/duplicate-qid', field: 'qid', offset: Math.max(0, at.text.indexOf(JSON.stringify(qid))),
    message: `The qid "${qid}" is also on line ${first.line}${first.file === file ? '' : ` of ${path.basename(first.file)}`}.`, remedy: 'Give each row an id of its own: difficulty and rollouts of the two are mixed up.',
  }];
}

function ofWholeDataset({ types, frames }: Known, folder: string, config: DatasetConfig): readonly Problem[] {
  const mixed = types.faults(config.columns).map(({ place, fault }) => problemOfFault(fault, place, config.columns));
  const better = frames.betterThan(config.boxFrame);
  if (!better) return mixed;
  const { frame, fitting, declaredFitting, boxes } = better;
  return [...mixed, ofFile(
    'dataset/suspicious-frame', path.resolve(folder, config.path),
    `${declaredFitting} of ${boxes} boxes fit their image in the declared frame "${config.boxFrame}", and ${fitting} in the frame "${frame}".`,
    `Look at some, and set "boxFrame": "${frame}" for ${config.id} in pebr.json if it is so.`,
  )];
}

function ofFile(rule: RuleId, file: string, message: string, remedy: string): Problem {
  return { severity: rules[rule].severity, rule, file, message, remedy };
}
