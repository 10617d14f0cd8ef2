import { type JsonObject, numberOf, type Parsed, textOf } from '../../parsedLine';
import { componentsBeside, type ForeignRollout, stepOf } from './foreignRollout';

const known = ['input', 'output', 'gts', 'score', 'step', 'uid', 'request_id', 'index', 'num_turns', 'qid'];

/** A line of verl's rollout dump `<step>.jsonl`: `{input, output, gts, score, step}`, with `uid` (V1) or the reward's further keys and `request_id` (V0); `qid` is among those of our shim. */
export function readVerlDump(record: JsonObject): Parsed<readonly ForeignRollout[]> {
  const response = textOf(record.output);
  if (response === undefined) return { fault: 'The line has no "output".' };
  const score = numberOf(record.score) ?? null;
  const components = componentsBeside(record, known);
  const gold = textOf(record.gts) ?? (typeof record.gts === 'number' ? String(record.gts) : textOf((record.gts as JsonObject | null | undefined)?.ground_truth));
  return {
    value: [{
      response, prompt: textOf(record.input), step: stepOf(record.step), gold, ...idOf(record),
      components: typeof components.acc === 'number' && components.accuracy === undefined ? { ...components, accuracy: components.acc } : components, overall: score,
    }],
  };
}

/** Rollouts of one sample in one step are a group; questions alone are asked of many pictures. */
function idOf({ uid, qid }: JsonObject): Pick<ForeignRollout, 'group' | 'sampleId'> {
  const sampleId = textOf(qid);
  const group = groupOf(uid) ?? sampleId;
  return { ...(group === undefined ? {} : { group }), ...(sampleId === undefined || sampleId === '' ? {} : { sampleId }) };
}

/** `<group>_<rollout>_<output>`. */
function groupOf(uid: unknown): string | undefined {
  return typeof uid === 'string' ? (/^(.+)_\d+_\d+$/.exec(uid)?.[1] ?? uid) : undefined;
}
