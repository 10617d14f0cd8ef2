import { numberOf, parseJsonObject, type Parsed, textOf, textsOf } from '../parsedLine';

/** A response that stands in a file, without a score. */
export interface StoredResponse {
  /** Undefined where the line does not say: then the dataset is the one that was chosen. */
  readonly dataset: string | undefined;
  readonly qid: string;
  readonly index: number;
  readonly response: string;
  readonly tokens: number | undefined;
}

const idNames = ['qid', 'sampleId', 'sample_id', 'question_id', 'id'] as const;
const textNames = ['response', 'completion', 'output', 'prediction', 'generated_text', 'text'] as const;

/**
 * One line of a file of responses: ours (docs/FORMATS.md, "Responses"), rollouts, or what other tools write under the usual names. A list
 * of texts is as many responses.
 */
export function parseStoredResponses(line: string): Parsed<readonly StoredResponse[]> {
  const { value: object, fault } = parseJsonObject(line);
  if (!object) return { fault };
  const id = idNames.map(name => object[name]).find(value => typeof value === 'string' || typeof value === 'number');
  if (id === undefined) return { fault: `This line names no sample: none of ${idNames.join(', ')} is there.` };
  const given = textNames.map(name => object[name]).find(value => typeof value === 'string' || Array.isArray(value));
  const texts = typeof given === 'string' ? [given] : textsOf(given);
  if (given === undefined || (texts.length === 0 && Array.isArray(given) && given.length > 0)) return { fault: `This line has no response: none of ${textNames.join(', ')} is a text.` };
  const first = numberOf(object.index) ?? 0;
  return {
    value: texts.map((response, offset) => ({
      dataset: textOf(object.dataset), qid: String(id), index: first + offset, response, tokens: texts.length === 1 ? numberOf(object.tokens) : undefined,
    })),
  };
}
