import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { AppError, messageOf } from '../../core/errors';
import { decodeDetections, DetectorMismatch, type OutputTensor } from '../../core/proposals/decodeDetections';
import { mapLabel } from '../../core/proposals/mapLabel';
import { TextTokens } from '../clip/textTokens';
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
      const feeds: Record<string, Tensor> = { [config.input.name ?? this.session.inputNames[0] ?? '']: new this.runtime.Tensor('float32', values, dims), ...this.words(queries) };
      const outputs = (await this.session.run(feeds)) as unknown as Readonly<Record<string, OutputTensor>>;
      const found = decodeDetections(outputs, config, placing, this.tokens ? queries : config.classes);
      return { size: placing.size, proposals: found.map(each => ({ ...each, label: mapLabel(each.label, labels, config.labels) })) };
    } catch (error) {
      const reason = error instanceof DetectorMismatch ? error.message : `It does not take what it is given: ${messageOf(error)}`;
      throw new AppError('detector.unusable', { folder, reason, remedy: 'Correct pebr-model.json ("Detector folder" in docs/FORMATS.md says what it must hold), or choose another folder.' });
    }
  }

  private words(queries: readonly string[]): Record<string, Tensor> {
    const { text } = this.described.config;
    if (!this.tokens || !text) return {};
    const { ids, mask, length } = this.tokens.encode(queries.map(query => text.template.replaceAll('{label}', () => query)), text.length);
    const shape = [queries.length, length];
    const feeds = { [text.ids]: new this.runtime.Tensor('int64', ids, shape), [text.mask]: new this.runtime.Tensor('int64', mask, shape) };
    return Object.fromEntries(Object.entries(feeds).filter(([name]) => this.session.inputNames.includes(name)));
  }
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
