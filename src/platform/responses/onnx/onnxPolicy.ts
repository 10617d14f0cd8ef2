import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { AppError, messageOf } from '../../../core/errors';
import { nextToken, type TokenChoice } from '../../../core/sampling/nextToken';
import { type Preprocessing, readPreprocessing, toPixelValues } from '../../clip/preprocessing';
import type { PromptPart } from '../promptParts';
import { type PolicyShape, readPolicyFolder } from './policyFolder';
import { PolicyPrompt } from './policyPrompt';

type Runtime = typeof import('onnxruntime-node');

export interface PolicyResponse {
  readonly text: string;
  readonly tokens: number;
  readonly finish: 'stop' | 'length';
}

export interface GenerateOptions extends Omit<TokenChoice, 'suppressed'> {
  readonly responses: number;
  readonly maxTokens: number;
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/** A policy that `export-policy` wrote (docs/FORMATS.md, "Exported policy"), run by onnxruntime. */
export class OnnxPolicy {
  private constructor(
    private readonly runtime: Runtime,
    private readonly vision: InferenceSession,
    private readonly decoder: InferenceSession,
    private readonly shape: PolicyShape,
    private readonly prompt: PolicyPrompt,
    private readonly preprocessing: Preprocessing,
  ) {}

  /** Throws `policy.failed` where the folder, or the runtime on this machine, cannot be used. */
  static async open(folder: string): Promise<OnnxPolicy> {
    const texts = await readPolicyFolder(folder);
    try {
      const runtime = await loadRuntime();
      const options: InferenceSession.SessionOptions = { intraOpNumThreads: Math.max(1, Math.floor(availableParallelism() / 2)), interOpNumThreads: 1, logSeverityLevel: 3 };
      const [vision, decoder] = await Promise.all(['vision.onnx', 'decoder.onnx'].map(name => runtime.InferenceSession.create(path.join(folder, name), options)));
      if (!vision || !decoder) throw new Error('a model did not open');
      return new OnnxPolicy(runtime, vision, decoder, texts.shape, new PolicyPrompt(texts), readPreprocessing(texts.preprocessor));
    } catch (error) {
      throw new AppError('policy.failed', { policy: folder, reason: messageOf(error), remedy: 'Sample with Python instead (PeBR: Set Up Python for Training).' }, { cause: error });
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.vision.release(), this.decoder.release()]);
  }

  /** Responses to one user turn. The prompt is computed once; the responses go on from it side by side. */
  async generate(parts: readonly PromptPart[], options: GenerateOptions): Promise<readonly PolicyResponse[]> {
    const { responses: count, signal, random } = options;
    const choice: TokenChoice = { temperature: options.temperature, topP: options.topP, suppressed: new Set(this.shape.suppressedTokens) };
    const prompt = this.prompt.encode(parts);
    const maxTokens = Math.min(options.maxTokens, this.shape.positions - prompt.length);
    if (maxTokens < 1) throw new Error(`the prompt has ${prompt.length} tokens, the policy reads ${this.shape.positions} at most`);
    const ends = new Set(this.shape.endTokens);
    const made: number[][] = Array.from({ length: count }, () => []);
    const isDone = (ids: readonly number[]): boolean => ends.has(ids.at(-1) ?? -1);
    let { logits, past } = await this.step([prompt], await this.features(parts), this.noPast());
    let rows = repeated(logits, count, this.shape.vocabulary);
    past = this.repeatedPast(past, count);
    for (let length = 0; ; ) {
      made.forEach((ids, row) => {
        if (!isDone(ids)) ids.push(nextToken(rows.subarray(row * this.shape.vocabulary, (row + 1) * this.shape.vocabulary), choice, random));
      });
      if (++length >= maxTokens || made.every(isDone)) break;
      signal.throwIfAborted();
      // A response that has ended goes on beside the others; what it says is not read.
      ({ logits, past } = await this.step(made.map(ids => [ids.at(-1) ?? 0]), this.noImage(), past));
      rows = logits;
    }
    return made.map(ids => ({ text: this.prompt.decode(ids), tokens: ids.length, finish: isDone(ids) ? 'stop' : 'length' }));
  }

  private async step(ids: readonly (readonly number[])[], features: Tensor, past: Tensor): Promise<{ logits: Float32Array; past: Tensor }> {
    const flat = BigInt64Array.from(ids.flat(), BigInt);
    const { logits, present } = await this.decoder.run({ input_ids: new this.runtime.Tensor('int64', flat, [ids.length, ids[0]?.length ?? 0]), image_features: features, past });
    if (!logits || !present) throw new Error('decoder.onnx has no output "logits" or "present".');
    return { logits: logits.data as Float32Array, past: present };
  }

  private async features(parts: readonly PromptPart[]): Promise<Tensor> {
    const pictures = await Promise.all(parts.flatMap(part => ('image' in part ? [toPixelValues(part.image, this.preprocessing)] : [])));
    const [first] = pictures;
    if (!first) return this.noImage();
    const size = 3 * first.width * first.height;
    const values = new Float32Array(pictures.length * size);
    pictures.forEach((picture, index) => values.set(picture.values, index * size));
    const { image_features: features } = await this.vision.run({ pixel_values: new this.runtime.Tensor('float32', values, [pictures.length, 3, first.height, first.width]) });
    if (!features) throw new Error('vision.onnx has no output "image_features".');
    return features.reshape([pictures.length * this.shape.imageTokens, this.shape.width]);
  }

  private noImage(): Tensor {
    return new this.runtime.Tensor('float32', new Float32Array(0), [0, this.shape.width]);
  }

  private noPast(): Tensor {
    const { layers, heads, headSize } = this.shape;
    return new this.runtime.Tensor('float32', new Float32Array(0), [layers, 2, 1, heads, 0, headSize]);
  }

  /** (layers, 2, 1, heads, t, size) → the same for `count` responses. */
  private repeatedPast(past: Tensor, count: number): Tensor {
    const [layers = 0, two = 0, , heads = 0, length = 0, size = 0] = past.dims;
    const row = heads * length * size;
    const data = past.data as Float32Array;
    const values = new Float32Array(layers * two * count * row);
    for (let block = 0; block < layers * two; block++) values.set(repeated(data.subarray(block * row, (block + 1) * row), count, row), block * count * row);
    return new this.runtime.Tensor('float32', values, [layers, two, count, heads, length, size]);
  }
}

function repeated(values: Float32Array, count: number, length: number): Float32Array {
  const out = new Float32Array(count * length);
  for (let row = 0; row < count; row++) out.set(values.subarray(0, length), row * length);
  return out;
}

/** Native, large, and not on every platform: loaded when the first policy is opened. */
async function loadRuntime(): Promise<Runtime> {
  try {
    const module = (await import('onnxruntime-node')) as Runtime & { default?: Runtime };
    return module.default ?? module;
  } catch (error) {
    throw new Error(`onnxruntime-node does not run on ${process.platform} ${process.arch}: ${messageOf(error)}`);
  }
}
