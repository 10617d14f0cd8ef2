import type { JsonObject, Parsed } from '../../parsedLine';
import { componentsBeside, type ForeignRollout, stepOf, sumOf, textOfChat } from './foreignRollout';

const known = ['step', 'prompt', 'completion', 'advantage'];

/** A row of TRL's `completions_<step>.parquet`: `step, prompt, completion, <one column a reward function>, advantage`. */
export function readTrlCompletion(record: JsonObject): Parsed<readonly ForeignRollout[]> {
  const response = textOfChat(record.completion);
  if (response === undefined) return { fault: 'The row has no "completion".' };
  const components = componentsBeside(record, known);
  return {
    value: [{ response, prompt: textOfChat(record.prompt), step: stepOf(record.step), components, overall: sumOf(components), advantage: typeof record.advantage === 'number' && Number.isFinite(record.advantage) ? record.advantage : null }],
  };
}
