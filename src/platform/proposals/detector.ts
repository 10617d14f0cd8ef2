import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { AppError, messageOf } from '../../core/errors';
import { decodeDetections, DetectorMismatch, type OutputTensor, type Placing } from '../../core/proposals/decodeDetections';
import type { DetectorConfig } from '../../core/proposals/detectorConfig';
import { mapLabel } from '../../core/proposals/mapLabel';
import { tokenScores } from '../../core/proposals/tokenScores';
import { type EncodedTexts, TextTokens, type TokenSpan } from '../clip/textTokens';
import { type DetectorFolder, readDetectorFolder } from './detectorFolder';
import { detectorPixels } from './detectorPixels';
import type { ProposalReply, ProposalRequest } from './proposer';

type Runtime = typeof import('onnxruntime-node');

const mostQueries = 100;

/** An ONNX detector that is loaded. It runs in `detectorMain.ts`, a process of its own: a model is other people's work. */
export class Detector {
  private constructor(
    readonly described: DetectorFolder,
    private readonly runtime: Runtime,
    private readonly session: InferenceSession,
    private readonly tokens: TextTokens | undefined,
  ) {}

  /** Throws `detector.unusable` with a remedy. */
  static async open(folder: string): Promise<Detector> {
    const described = await readDetectorFolder(folder);
    const { config, file } = described;
    const unusable = (reason: string, remedy: string): AppError => new AppError('detector.unusable', { folder, reason, remedy });
    const runtime = await loadRuntime(folder);
    let session: InferenceSession;
    try {
      session = await runtime.InferenceSession.create(file, { intraOpNumThreads: Math.max(1, Math.floor(availableParallelism() / 2)), interOpNumThreads: 1, logSeverityLevel: 3 });
    } catch (error) {
      throw unusable(`${config.model} cannot be loaded as an ONNX model: ${messageOf(error)}`, 'Export it anew, or choose another folder.');
    }
    const known = describe('inputs', session.inputNames);
    if (config.input.name !== undefined && !session.inputNames.includes(config.input.name)) throw unusable(`it has no input "${config.input.name}"; ${known}`, 'Correct "input.name" in pebr-model.json.');
    const { text, output } = config;
    const wanted = output.kind === 'yolo' ? [output.name ?? session.outputNames[0] ?? ''] : output.kind === 'final' ? [output.boxes, output.labels, output.scores] : [output.boxes, output.scores];
    const absent = wanted.find(name => !session.outputNames.includes(name));
    if (absent !== undefined) throw unusable(`it has no output "${absent}"; ${describe('outputs', session.outputNames)}`, 'Correct "output" in pebr-model.json.');
    if (text && !session.inputNames.includes(text.ids)) throw unusable(`it has no input "${text.ids}" for the words to look for; ${known}`, 'Correct "text" in pebr-model.json, or leave it out.');
    return new Detector(described, runtime, session, text && (await readTokens(path.join(folder, text.tokenizer), folder)));
  }

  /** Throws `detector.failed` for a picture that cannot be read, `detector.unusable` where the model is not as described. */
  async detect({ image, labels }: ProposalRequest): Promise<ProposalReply> {
    const { config, folder } = this.described;
    const { values, dims, placing } = await detectorPixels(image, config.input).catch((error: unknown) => {
      throw new AppError('detector.failed', { image, reason: `The picture cannot be decoded: ${messageOf(error)}` });
    });
    const queries = this.tokens ? [...new Set(labels)].slice(0, mostQueries) : [];
    if (this.tokens && queries.length === 0) return { size: placing.size, proposals: [], note: 'there are no labels or key words to look for' };
    try {
      const words = this.words(queries);
      const feeds = { [config.input.name ?? this.session.inputNames[0] ?? '']: new this.runtime.Tensor('float32', values, dims), ...this.known({ ...words.feeds, pixel_mask: this.pixelMask(placing) }) };
      const outputs = (await this.session.run(feeds)) as unknown as Readonly<Record<string, OutputTensor>>;
      const found = decodeDetections(words.spans ? byText(outputs, config, words.spans) : outputs, config, placing, this.tokens ? queries.slice(0, words.spans?.length) : config.classes);
      const left = words.spans ? queries.slice(words.spans.length) : [];
      return {
        size: placing.size,
        proposals: found.map(each => ({ ...each, label: mapLabel(each.label, labels, config.labels) })),
        ...(left.length > 0 && { note: `${left.length} of ${queries.length} labels were not looked for: they do not fit into ${config.text?.length ?? 0} tokens` }),
      };
    } catch (error) {
      const reason = error instanceof DetectorMismatch ? error.message : `It does not take what it is given: ${messageOf(error)}`;
      throw new AppError('detector.unusable', { folder, reason, remedy: 'Correct pebr-model.json ("Detector folder" in docs/FORMATS.md says what it must hold), or choose another folder.' });
    }
  }

  /** How the model is asked for what the words name. `spans`: their tokens, where they are one text. */
  private words(queries: readonly string[]): { readonly feeds: Readonly<Record<string, Tensor>>; readonly spans?: readonly TokenSpan[] } {
    const { text } = this.described.config;
    if (!this.tokens || !text) return { feeds: {} };
    const phrases = queries.map(query => text.template.replaceAll('{label}', () => query));
    const feeds = ({ ids, mask, length }: EncodedTexts): Readonly<Record<string, Tensor>> => {
      const shape = [ids.length / length, length];
      return { [text.ids]: this.numbers(ids, shape), [text.mask]: this.numbers(mask, shape), token_type_ids: this.numbers(new BigInt64Array(ids.length), shape) };
    };
    if (!text.joined) return { feeds: feeds(this.tokens.encode(phrases, text.length)) };
    const joined = this.tokens.encodeJoined(phrases.map(phrase => phrase.replaceAll('.', ' ')), '.', text.length);
    return { feeds: feeds(joined), spans: joined.spans };
  }

  /** Where the input is picture: 1, and 0 around it. */
  private pixelMask({ size, input: { width, height }, scaleX, scaleY, offsetX, offsetY }: Placing): Tensor {
    const mask = new BigInt64Array(width * height);
    const [right, bottom] = [offsetX + Math.round(size.width * scaleX), offsetY + Math.round(size.height * scaleY)];
    for (let y = offsetY; y < bottom; y++) mask.fill(1n, y * width + offsetX, y * width + right);
    return this.numbers(mask, [1, height, width]);
  }

  private numbers(values: BigInt64Array, shape: readonly number[]): Tensor {
    return new this.runtime.Tensor('int64', values, shape);
  }

  /** Of these inputs those that the model has. */
  private known(feeds: Readonly<Record<string, Tensor>>): Readonly<Record<string, Tensor>> {
    return Object.fromEntries(Object.entries(feeds).filter(([name]) => this.session.inputNames.includes(name)));
  }
}

function byText(outputs: Readonly<Record<string, OutputTensor>>, { output }: DetectorConfig, spans: readonly TokenSpan[]): Readonly<Record<string, OutputTensor>> {
  const name = output.kind === 'yolo' ? (output.name ?? '') : output.scores;
  const scores = outputs[name];
  return scores ? { ...outputs, [name]: tokenScores(scores, spans, name) } : outputs;
}

const describe = (what: string, names: readonly string[]): string => `its ${what} are ${names.map(name => `"${name}"`).join(', ')}`;

async function readTokens(file: string, folder: string): Promise<TextTokens> {
  const beside = path.join(path.dirname(file), 'tokenizer_config.json');
  try {
    const config = existsSync(beside) ? (JSON.parse(await readFile(beside, 'utf8')) as object) : {};
    return new TextTokens(JSON.parse(await readFile(file, 'utf8')) as object, config);
  } catch (error) {
    throw new AppError('detector.unusable', { folder, reason: `${path.basename(file)} cannot be used: ${messageOf(error)}`, remedy: 'Put the tokenizer of the model there.' });
  }
}

/** Native, large, and not on every platform: loaded with the first model. */
async function loadRuntime(folder: string): Promise<Runtime> {
  try {
    const module = (await import('onnxruntime-node')) as Runtime & { default?: Runtime };
    return module.default ?? module;
  } catch (error) {
    throw new AppError('detector.unusable', { folder, reason: `onnxruntime-node does not run on ${process.platform} ${process.arch} (${messageOf(error)})`, remedy: 'Ask an endpoint for boxes on this machine.' });
  }
}
