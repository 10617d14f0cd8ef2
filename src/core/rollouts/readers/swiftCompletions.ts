import { type JsonObject, numberOf, type Parsed } from '../../parsedLine';
import { componentsBeside, type ForeignRollout, stepOf, sumOf, textOfChat } from './foreignRollout';

const known = ['step', 'gen_step', 'prompt', 'messages', 'completion', 'response', 'advantages', 'advantage', 'entropy', 'solution', 'images', 'trajectory_infos', 'request_id', 'prompt_id'];
const mostRows = 100_000;

/** A line of ms-swift's `completions.jsonl`: columns as lists, a value a rollout (`step` and `prompt` may be one for all). A line that is one rollout is read too. */
export function readSwiftCompletions(record: JsonObject): Parsed<readonly ForeignRollout[]> {
  const completions = record.completion ?? record.response;
  const isList = Array.isArray(completions) && (completions.length === 0 || typeof completions[0] === 'string' || Array.isArray(completions[0]));
  if (!isList && textOfChat(completions) === undefined) return { fault: 'The line has no "completion".' };
  const list: readonly unknown[] = isList ? (completions as readonly unknown[]) : [completions];
  if (list.length > mostRows) return { fault: `The line holds ${list.length.toLocaleString('en')} rollouts; more than ${mostRows.toLocaleString('en')} are not read.` };
  const rows = list.map((_, at) => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, isList && Array.isArray(value) && value.length === list.length ? (value[at] as unknown) : value])));
  const lengths = Object.entries(record).filter(([, value]) => isList && Array.isArray(value) && value.length !== list.length && value.length > 1);
  if (lengths.length > 0) return { fault: `"${lengths[0]?.[0] ?? ''}" has another length than "completion".` };
  return { value: rows.map(rowOf) };
}

function rowOf(row: JsonObject): ForeignRollout {
  const components = componentsBeside(row, known);
  return {
    response: textOfChat(row.completion ?? row.response) ?? '', prompt: textOfChat(row.prompt ?? row.messages), step: stepOf(row.step ?? row.gen_step),
    gold: typeof row.solution === 'string' ? row.solution : undefined, ...(typeof row.prompt_id === 'string' ? { group: row.prompt_id } : {}),
    components, overall: sumOf(components), advantage: numberOf(row.advantages) ?? numberOf(row.advantage) ?? null,
  };
}
