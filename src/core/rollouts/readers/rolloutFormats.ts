import type { JsonObject, Parsed } from '../../parsedLine';
import { type ForeignRollout, type RolloutFormat } from './foreignRollout';
import { readPebrResult } from './pebrResults';
import { readSwiftCompletions } from './swiftCompletions';
import { readTrlCompletion } from './trlCompletions';
import { readVerlDump } from './verlDump';

interface FormatFacts {
  readonly label: string;
  /** Engine whose advantage rule holds. */
  readonly engine: string;
  /** Stage that its rollouts are shown under. */
  readonly stage: string;
  /** What the format never says, in sentences. */
  readonly lacks: readonly string[];
}

const noId = 'It names no sample: rollouts are matched with a dataset by their prompt.';
const noTokens = 'It says neither how many tokens a response has nor whether it was cut off.';
const noEvidence = 'It has no evidence: answers and boxes are read from the text.';
const noAdvantage = 'It has no advantage: advantages are worked out from the rewards by the rule of the engine, and cannot be asked for.';
const noImage = 'It names no image: the picture is that of the matched sample.';

export const rolloutFormats: Readonly<Record<RolloutFormat, FormatFacts>> = {
  'pebr-results': { label: 'PeBR-R1 rollout_results.jsonl', engine: 'easyr1', stage: 'sampling', lacks: ['It has no prompt and no step.', noAdvantage, 'Its responses may be shortened to their first and last fifty characters.', noTokens, noEvidence] },
  trl: { label: 'TRL completions', engine: 'trl', stage: 'trl', lacks: [noId, noImage, 'It has no overall and no weights: the overall is the plain sum of the rewards.', 'Only the last batch of each logging step is in it.', noTokens, noEvidence] },
  verl: { label: 'verl rollout dump', engine: 'verl', stage: 'verl', lacks: [noId, noImage, noAdvantage, noTokens, noEvidence] },
  easyr1: { label: 'EasyR1 generations.log', engine: 'easyr1', stage: 'validation', lacks: [noId, noImage, 'It has validation responses only, without a step, and one response a prompt at each validation.', 'It has the score alone: no components.', noAdvantage, noTokens, noEvidence] },
  'ms-swift': { label: 'ms-swift completions.jsonl', engine: 'ms-swift', stage: 'ms-swift', lacks: [noId, noImage, 'It has no overall and no weights: the overall is the plain sum of the rewards.', noTokens, noEvidence] },
};

/** Readers of the formats that come record by record. */
export const recordReaders: Readonly<Record<Exclude<RolloutFormat, 'easyr1'>, (record: JsonObject) => Parsed<readonly ForeignRollout[]>>> = {
  'pebr-results': readPebrResult, trl: readTrlCompletion, verl: readVerlDump, 'ms-swift': readSwiftCompletions,
};

/** The format of a record by its fields; `own` is ours. */
export function formatOfRecord(record: JsonObject): RolloutFormat | 'own' | undefined {
  const has = (...names: readonly string[]): boolean => names.every(name => Object.hasOwn(record, name));
  if (has('stage', 'group', 'sampleId', 'response')) return 'own';
  if (has('qid', 'response', 'score')) return 'pebr-results';
  if (has('input', 'output') && (has('score') || has('step'))) return 'verl';
  if (!has('completion')) return undefined;
  return has('advantages') || (Array.isArray(record.completion) && typeof record.completion[0] === 'string') ? 'ms-swift' : 'trl';
}
