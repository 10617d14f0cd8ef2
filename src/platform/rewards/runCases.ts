import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { parseRow } from '../../core/dataset/parseRow';
import type { Sample, SampleRef } from '../../core/dataset/sample';
import { sampleOfRow } from '../../core/dataset/sampleOfRow';
import { errorInWords } from '../../core/errorWords';
import { defaultColumns } from '../../core/project/projectDefaults';
import { type CaseDifference, checkCase } from '../../core/rewards/cases/checkCase';
import { type ParsedCases, parseCases } from '../../core/rewards/cases/parseCases';
import type { PlacedCase } from '../../core/rewards/cases/rewardCase';
import type { Score, ScoreItem } from '../../core/rewards/score';
import { resolveImage } from '../dataset/imageInfo';

/** How a case went: its score and what of it differs, or why it could not be scored at all. */
export type CaseOutcome =
  | { readonly placed: PlacedCase; readonly score: Score; readonly differences: readonly CaseDifference[] }
  | { readonly placed: PlacedCase; readonly fault: string };

export interface CaseHands {
  /** The row of a dataset; throws where there is none. */
  readonly findSample: (ref: SampleRef) => Promise<Sample>;
  readonly score: (items: readonly ScoreItem[]) => Promise<readonly Score[]>;
}

/** The cases of a file; none where it does not exist. */
export async function readCases(file: string): Promise<ParsedCases> {
  try {
    return parseCases(await readFile(file, 'utf8'), file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { cases: [], problems: [] };
    throw error;
  }
}

/** Scores the cases as one batch, as training would, and compares. A case whose sample is gone fails alone. */
export async function runCases(cases: readonly PlacedCase[], { findSample, score }: CaseHands): Promise<readonly CaseOutcome[]> {
  const found = await Promise.all(cases.map(placed => itemOfCase(placed, findSample).then(item => ({ item }), (error: unknown) => ({ fault: errorInWords(error) }))));
  const scores = await score(found.flatMap(each => ('item' in each ? [each.item] : [])));
  let next = 0;
  return cases.map((placed, index): CaseOutcome => {
    const each = found[index];
    if (!each || 'fault' in each) return { placed, fault: each?.fault ?? 'It was not scored.' };
    const given = scores[next++];
    return given ? { placed, score: given, differences: checkCase(placed, given) } : { placed, fault: 'The worker gave no score for this response.' };
  });
}

/** The response of a case with its row, ready for scoring. Images of a row of its own are relative to the cases file. */
export async function itemOfCase({ sample, response, tokens, file }: PlacedCase, findSample: CaseHands['findSample']): Promise<ScoreItem> {
  return { response, ...(tokens === undefined ? {} : { tokens }), sample: 'row' in sample ? ownRow(sample.row, path.dirname(file)) : await findSample(sample) };
}

function ownRow(fields: object, folder: string): Sample {
  const { row, faults } = parseRow(JSON.stringify(fields), defaultColumns);
  const fault = faults.find(each => each.rule !== 'dataset/missing-qid');
  if (!row || fault) throw new Error(fault?.message ?? 'The row of the case cannot be read.');
  return { ...sampleOfRow(row, 'pixel', undefined), images: row.images.flatMap(name => resolveImage(folder, name) ?? []) };
}

export function isPassed(outcome: CaseOutcome): boolean {
  return 'differences' in outcome && outcome.differences.length === 0;
}
