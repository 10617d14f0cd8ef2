import { createHash } from 'node:crypto';
import { messageOf } from '../../core/errors';
import { AppError } from '../../core/errors';
import { proposalPrompt, readAnswer } from '../../core/proposals/endpointAnswer';
import { modelName, type ProposalModel } from '../../core/proposals/proposal';
import type { BoxFrame } from '../../core/project/project';
import { readImageHeader } from '../dataset/imageInfo';
import { dataUrl } from '../responses/dataUrl';
import { type Endpoint, EndpointClient } from '../responses/endpoint';
import { choicesIn } from '../responses/endpointResponses';
import type { Proposer, ProposalReply, ProposalRequest } from './proposer';

/** An endpoint, its model, and the frame that this model writes boxes in. */
export interface ProposalEndpoint extends Endpoint {
  readonly model: string;
  readonly frame: BoxFrame;
}

const mostTokens = 2048;

/** A vision-language model behind an OpenAI-compatible endpoint that is asked for boxes. */
export class EndpointProposer implements Proposer {
  readonly model: ProposalModel;
  readonly concurrency: number;
  private readonly client: EndpointClient;

  /** Throws `argument.invalid` for an address that cannot be one. */
  constructor(private readonly endpoint: ProposalEndpoint) {
    this.client = new EndpointClient(endpoint);
    this.model = endpointModel(endpoint);
    this.concurrency = endpoint.concurrency ?? 4;
  }

  async propose({ image, labels }: ProposalRequest, signal: AbortSignal): Promise<ProposalReply> {
    const { model, frame } = this.endpoint;
    const { width, height, isTurned } = await readImageHeader(image);
    const size = { width, height };
    const url = isTurned ? await uprightUrl(image) : await dataUrl(image); // few servers turn a picture as its EXIF data say
    const content = [{ type: 'image_url', image_url: { url } }, { type: 'text', text: proposalPrompt(labels, frame) }];
    const answer = await this.client.ask('/chat/completions', { model, messages: [{ role: 'user', content }], temperature: 0, max_tokens: mostTokens }, signal);
    const [choice] = choicesIn(answer);
    if (!choice) throw new AppError('detector.failed', { image, reason: 'The endpoint gave no answer.' });
    const { proposals, unusable, reason } = readAnswer(choice.text, frame, size, labels);
    const notes = [
      unusable > 0 ? `${unusable === 1 ? '1 box' : `${unusable} boxes`} of the answer could not be used: ${reason ?? ''}` : '',
      choice.finish === 'length' ? 'the answer was cut at its limit' : '',
      proposals.length + unusable === 0 && !/^\s*(?:```(?:json)?)?\s*\[\s*\]/.test(choice.text) ? `the answer holds no box: ${JSON.stringify(choice.text.slice(0, 80))}` : '',
    ].filter(Boolean);
    return { size, proposals, ...(notes.length > 0 && { note: notes.join('; ') }) };
  }

  dispose(): void {
    // nothing is kept open
  }
}

/** Who proposes there; the key is no part of it. */
export function endpointModel({ url, model, frame }: ProposalEndpoint): ProposalModel {
  const hash = createHash('sha256').update(JSON.stringify([url, model, frame, proposalPrompt([], frame)])).digest('hex').slice(0, 12);
  return { name: modelName(model.split('/').at(-1) ?? model), hash };
}

async function uprightUrl(image: string): Promise<string> {
  const { default: sharp } = await import('sharp'); // native: loaded with the first image
  try {
    return `data:image/png;base64,${(await sharp(image, { limitInputPixels: 100_000_000 }).rotate().png().toBuffer()).toString('base64')}`;
  } catch (error) {
    throw new AppError('detector.failed', { image, reason: `The picture cannot be decoded: ${messageOf(error)}` }, { cause: error });
  }
}
