import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { messageOf } from '../../core/errors';
import { type Pixels, readPreprocessing, type Preprocessing, toPixelValues } from './preprocessing';
import type { ImageTextPair, Similarity } from './similarity';
import { TextTokens } from './textTokens';

type Runtime = typeof import('onnxruntime-node');

interface Vector {
  readonly values: Float32Array;
}

const batchSize = 32;
const remembered = 4096;

/** A folder of a CLIP-like export (docs/FORMATS.md, "Image-text model folder") that is ready to compare images with texts. */
export class ImageTextModel {
  private readonly images = new Map<string, Vector>();
  private readonly texts = new Map<string, Vector>();

  private constructor(
    private readonly runtime: Runtime,
    private readonly vision: InferenceSession,
    private readonly text: InferenceSession,
    private readonly tokens: TextTokens,
    private readonly preprocessing: Preprocessing,
  ) {}

  /** Throws with a remedy when a file or a package is missing. */
  static async open(folder: string): Promise<ImageTextModel> {
    const file = (name: string): string => path.join(folder, name);
    const missing = ['vision_model.onnx', 'text_model.onnx', 'tokenizer.json', 'preprocessor_config.json'].filter(name => !existsSync(file(name)));
    if (missing.length > 0) throw new Error(`${existsSync(folder) ? `${missing.join(', ')} missing` : 'there is no such folder'}. Put an ONNX export of a CLIP model there, or name another folder under "clip" in pebr.json.`);
    const runtime = await loadRuntime();
    const options: InferenceSession.SessionOptions = { intraOpNumThreads: Math.max(1, Math.floor(availableParallelism() / 2)), interOpNumThreads: 1, logSeverityLevel: 3 };
    const [vision, text, tokenizer, preprocessor] = await Promise.all([
      runtime.InferenceSession.create(file('vision_model.onnx'), options),
      runtime.InferenceSession.create(file('text_model.onnx'), options),
      readFile(file('tokenizer.json'), 'utf8'),
      readFile(file('preprocessor_config.json'), 'utf8'),
    ]);
    const config = existsSync(file('tokenizer_config.json')) ? await readFile(file('tokenizer_config.json'), 'utf8') : '{}';
    return new ImageTextModel(runtime, vision, text, new TextTokens(JSON.parse(tokenizer) as object, JSON.parse(config) as object), readPreprocessing(preprocessor));
  }

  async similarities(pairs: readonly ImageTextPair[]): Promise<readonly Similarity[]> {
    const keys = new Map<string, string>();
    const failures = new Map<string, string>();
    await Promise.all([...new Set(pairs.map(pair => pair.image))].map(async image => {
      try {
        keys.set(image, `${image}\0${(await stat(image)).mtimeMs}`); // a picture that was changed is read again
      } catch {
        failures.set(image, `The image ${image} cannot be read. Correct its path in the dataset.`);
      }
    }));
    const unknown = [...keys].filter(([, key]) => !this.images.has(key));
    for (let start = 0; start < unknown.length; start += batchSize) await this.embedImages(unknown.slice(start, start + batchSize), failures);
    const newTexts = [...new Set(pairs.map(pair => pair.text))].filter(text => !this.texts.has(text));
    for (let start = 0; start < newTexts.length; start += batchSize) await this.embedTexts(newTexts.slice(start, start + batchSize));
    const results = pairs.map(({ image, text }): Similarity => {
      const imageVector = this.images.get(keys.get(image) ?? '');
      const textVector = this.texts.get(text);
      if (!imageVector || !textVector) return { error: failures.get(image) ?? `The model gave no embedding for ${image}.` };
      return { similarity: dot(imageVector.values, textVector.values) };
    });
    forgetOldest(this.images);
    forgetOldest(this.texts);
    return results;
  }

  private async embedImages(images: readonly (readonly [image: string, key: string])[], failures: Map<string, string>): Promise<void> {
    const read = await Promise.all(images.map(async ([image, key]): Promise<{ key: string; pixels: Pixels } | undefined> => {
      try {
        return { key, pixels: await toPixelValues(image, this.preprocessing) };
      } catch (error) {
        failures.set(image, `The image ${image} cannot be decoded: ${messageOf(error)}`);
        return undefined;
      }
    }));
    const usable = read.filter(each => each !== undefined);
    const [first] = usable;
    if (!first) return;
    const { width, height } = first.pixels;
    const values = new Float32Array(usable.length * 3 * width * height);
    usable.forEach(({ pixels }, index) => values.set(pixels.values, index * 3 * width * height));
    const outputs = await this.vision.run({ [this.vision.inputNames[0] ?? 'pixel_values']: new this.runtime.Tensor('float32', values, [usable.length, 3, height, width]) });
    const vectors = rows(outputOf(this.vision, outputs, 'image_embeds'), usable.length);
    usable.forEach(({ key }, index) => remember(this.images, key, vectors[index]));
  }

  private async embedTexts(texts: readonly string[]): Promise<void> {
    const { ids, mask, length } = this.tokens.encode(texts);
    const shape = [texts.length, length];
    const inputs: Record<string, Tensor> = { input_ids: new this.runtime.Tensor('int64', ids, shape), attention_mask: new this.runtime.Tensor('int64', mask, shape) };
    const feeds = Object.fromEntries(Object.entries(inputs).filter(([name]) => this.text.inputNames.includes(name)));
    const vectors = rows(outputOf(this.text, await this.text.run(feeds), 'text_embeds'), texts.length);
    texts.forEach((text, index) => remember(this.texts, text, vectors[index]));
  }
}

/** Native, large, and not on every platform: loaded when the first image is compared. */
async function loadRuntime(): Promise<Runtime> {
  try {
    const module = (await import('onnxruntime-node')) as Runtime & { default?: Runtime };
    return module.default ?? module;
  } catch (error) {
    throw new Error(`onnxruntime-node does not run on ${process.platform} ${process.arch} (${messageOf(error)}). Use a Python reward for the similarity on this machine.`);
  }
}

function outputOf(session: InferenceSession, outputs: Awaited<ReturnType<InferenceSession['run']>>, name: string): Tensor {
  const tensor = outputs[name] ?? outputs[session.outputNames[0] ?? ''];
  if (!tensor || !('data' in tensor)) throw new Error(`the model has no output "${name}".`);
  return tensor as Tensor;
}

/** The rows of a (count, width) tensor, each of length 1. */
function rows(tensor: Tensor, count: number): readonly Vector[] {
  const data = tensor.data as Float32Array;
  const width = data.length / count;
  return Array.from({ length: count }, (_, row) => {
    const values = data.slice(row * width, (row + 1) * width);
    const norm = Math.sqrt(dot(values, values)) || 1;
    return { values: values.map(value => value / norm) };
  });
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

function remember(cache: Map<string, Vector>, key: string, vector: Vector | undefined): void {
  if (vector) cache.set(key, vector);
}

function forgetOldest(cache: Map<string, Vector>): void {
  for (const key of cache.keys()) {
    if (cache.size <= remembered) return;
    cache.delete(key);
  }
}
