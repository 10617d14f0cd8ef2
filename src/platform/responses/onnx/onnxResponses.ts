import * as path from 'node:path';
import { messageOf } from '../../../core/errors';
import { seededRandom } from '../../../core/sampling/nextToken';
import { type FreshOutcome, type FreshRequest, type FreshResponse, inSampleOrder, type LeftSample } from '../freshResponse';
import { promptParts, rawRows } from '../promptParts';
import { readPromptTemplate } from '../promptTemplate';
import { OnnxPolicy } from './onnxPolicy';

export interface OnnxSource {
  /** Absolute folder of the export. */
  readonly folder: string;
  /** How records call the policy. */
  readonly name: string;
  /** The same seed, the same responses. */
  readonly seed: number;
}

/** New responses of an exported policy, without Python. Throws `policy.failed`, and what the signal says. */
export async function onnxResponses({ folder: exported, name, seed }: OnnxSource, request: FreshRequest): Promise<FreshOutcome> {
  const { folder, project, dataset, samples, signal, onResponse, onProgress } = request;
  signal.throwIfAborted();
  onProgress?.({ done: 0, total: samples.length, what: 'loading the policy' });
  const template = await readPromptTemplate(folder, project.prompt);
  const [policy, rows] = await Promise.all([OnnxPolicy.open(exported), rawRows(samples)]);
  const responses: FreshResponse[] = [];
  const left: LeftSample[] = [];
  const random = seededRandom(seed);
  try {
    for (const [done, placed] of samples.entries()) {
      signal.throwIfAborted();
      onProgress?.({ done, total: samples.length, what: 'generating' });
      const { qid } = placed.sample;
      try {
        const parts = await promptParts(template, dataset, path.resolve(folder, dataset.imageRoot), placed, rows.get(placed) ?? {});
        const made = await policy.generate(parts, {
          responses: request.responses, temperature: request.temperature, topP: request.topP ?? 1, maxTokens: request.maxTokens ?? project.policy.maxResponseTokens, random, signal,
        });
        for (const [index, { text, tokens, finish }] of made.entries()) {
          const response = { qid, index, response: text, tokens, finish };
          responses.push(response);
          onResponse(response);
        }
      } catch (error) {
        signal.throwIfAborted();
        left.push({ qid, reason: messageOf(error) }); // one picture that cannot be read, or a prompt that is too long: the others are sampled
      }
    }
    onProgress?.({ done: samples.length, total: samples.length, what: 'generating' });
  } finally {
    await policy.close();
  }
  return { responses: inSampleOrder(samples, responses), left, policy: name };
}
