import * as path from 'node:path';
import { messageOf } from '../../core/errors';
import type { PlacedSample } from '../dataset/readSample';
import { type Endpoint, EndpointClient, RefusedRequest } from './endpoint';
import { type FreshOutcome, type FreshRequest, type FreshResponse, inSampleOrder, type LeftSample } from './freshResponse';
import { dataUrl } from './dataUrl';
import { type PromptPart, promptParts, rawRows, UnusableSample } from './promptParts';
import { readPromptTemplate } from './promptTemplate';

/** Names that the endpoint gives its models. Throws `endpoint.failed` and `argument.invalid`. */
export async function endpointModels(endpoint: Omit<Endpoint, 'model'>, signal?: AbortSignal): Promise<readonly string[]> {
  const { data } = await new EndpointClient(endpoint).ask('/models', undefined, signal);
  return Array.isArray(data) ? data.flatMap((each: unknown) => (typeof (each as { id?: unknown })?.id === 'string' ? [(each as { id: string }).id] : [])) : [];
}

/**
 * New responses from an OpenAI-compatible endpoint, to the prompt that the trainer would give. Throws `endpoint.failed` and
 * `argument.invalid` where no sample can be answered, and what the signal says; a sample that alone cannot be is left out with its reason.
 */
export async function endpointResponses(endpoint: Endpoint, request: FreshRequest): Promise<FreshOutcome> {
  const { folder, project, samples, signal, onResponse, onProgress } = request;
  const client = new EndpointClient(endpoint);
  const template = await readPromptTemplate(folder, project.prompt);
  const [model, rows] = await Promise.all([modelOf(endpoint, client, signal), rawRows(samples)]);
  const responses: FreshResponse[] = [];
  const left: LeftSample[] = [];
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let placed = samples[next++]; placed; placed = samples[next++]) {
      const { qid } = placed.sample;
      try {
        const parts = await promptParts(template, request.dataset, path.resolve(folder, request.dataset.imageRoot), placed, rows.get(placed) ?? {});
        await askForAll(client, model, await contentOf(parts), { ...request, signal: either }, placed, response => {
          responses.push(response);
          onResponse(response);
        });
      } catch (error) {
        if (!(error instanceof UnusableSample || error instanceof RefusedRequest)) throw error;
        left.push({ qid, reason: messageOf(error) });
      }
      onProgress?.({ done: ++done, total: samples.length, what: `asking ${model}` });
    }
  };
  onProgress?.({ done: 0, total: samples.length, what: `asking ${model}` });
  const workers = Array.from({ length: Math.max(1, Math.min(endpoint.concurrency ?? 4, samples.length)) }, work);
  try {
    await Promise.all(workers);
  } catch (error) {
    stop.abort(error); // what the others are asking is for nothing
    await Promise.allSettled(workers);
    signal.throwIfAborted();
    throw error;
  }
  return { responses: inSampleOrder(samples, responses), left, policy: model };
}

async function modelOf(endpoint: Endpoint, client: EndpointClient, signal: AbortSignal): Promise<string> {
  if (endpoint.model !== null) return endpoint.model;
  const [first] = await endpointModels(endpoint, signal);
  if (first === undefined) throw client.failed('It names no model.', 'Give the name of the model.');
  return first;
}

/** Asks until there are as many responses as wanted: a server that knows no `n` gives one at a time. */
async function askForAll(
  client: EndpointClient,
  model: string,
  content: unknown,
  { project, responses: wanted, temperature, topP = 1, maxTokens = project.policy.maxResponseTokens, signal }: FreshRequest,
  { sample }: PlacedSample,
  onResponse: (response: FreshResponse) => void,
): Promise<void> {
  let most = wanted;
  for (let index = 0; index < wanted; ) {
    const n = Math.min(most, wanted - index);
    const body = { model, messages: [{ role: 'user', content }], ...(n > 1 ? { n } : {}), temperature, top_p: topP, max_tokens: maxTokens };
    const answer = await client.ask('/chat/completions', body, signal).catch((error: unknown) => {
      if (n === 1 || !(error instanceof RefusedRequest)) throw error;
      most = 1; // perhaps it is `n` that it refuses
      return undefined;
    });
    if (!answer) continue;
    const choices = choicesIn(answer);
    if (choices.length === 0) throw new RefusedRequest(index === 0 ? 'the endpoint gave no response' : `the endpoint gave ${index} of ${wanted} responses`);
    const tokens = n === 1 ? (answer['usage'] as { completion_tokens?: unknown } | undefined)?.completion_tokens : undefined;
    for (const { text, finish } of choices.slice(0, wanted - index)) {
      onResponse({ qid: sample.qid, index: index++, response: text, finish, ...(typeof tokens === 'number' ? { tokens } : {}) });
    }
  }
}

/** The responses in what `/chat/completions` answers. */
export function choicesIn(answer: Readonly<Record<string, unknown>>): readonly { readonly text: string; readonly finish: string }[] {
  const { choices } = answer as { choices?: readonly { message?: { content?: unknown }; finish_reason?: unknown }[] };
  if (!Array.isArray(choices)) return [];
  return choices.flatMap(choice => {
    const text = textOf(choice?.message?.content);
    return text === undefined ? [] : [{ text, finish: typeof choice.finish_reason === 'string' ? choice.finish_reason : 'stop' }];
  });
}

/** A message's content is a text, or a list of parts of which some are. */
function textOf(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (content === null) return '';
  if (!Array.isArray(content)) return undefined;
  return content.map((part: { text?: unknown } | null) => (typeof part?.text === 'string' ? part.text : '')).join('');
}

async function contentOf(parts: readonly PromptPart[]): Promise<unknown> {
  if (!parts.some(part => 'image' in part)) return parts.map(part => ('text' in part ? part.text : '')).join('');
  return Promise.all(parts.map(async part => ('text' in part ? { type: 'text', text: part.text } : { type: 'image_url', image_url: { url: await dataUrl(part.image) } })));
}
