import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError, messageOf } from '../../core/errors';
import { parseJsonObject } from '../../core/parsedLine';
import { type DetectorConfig, parseDetectorConfig } from '../../core/proposals/detectorConfig';
import { huggingFaceConfig } from '../../core/proposals/huggingFaceConfig';
import { modelName, type ProposalModel } from '../../core/proposals/proposal';

/** A folder with an ONNX detector and what has to be known of it. */
export interface DetectorFolder {
  readonly folder: string;
  readonly model: ProposalModel;
  readonly config: DetectorConfig;
  /** Absolute. */
  readonly file: string;
}

const largestConfig = 4 << 20;
const ownFile = 'pebr-model.json';
const help = 'Choose another folder, or see "Detector folder" in docs/FORMATS.md for what it must hold.';

/** Reads the description of a detector and fingerprints it. Throws `detector.unusable`. */
export async function readDetectorFolder(folder: string): Promise<DetectorFolder> {
  const unusable = (reason: string, remedy = help): AppError => new AppError('detector.unusable', { folder, reason, remedy });
  if (!existsSync(folder)) throw unusable('there is no such folder');
  try {
    const { config, texts } = existsSync(path.join(folder, ownFile)) ? await ownConfig(folder) : await foreignConfig(folder);
    const file = path.join(folder, config.model);
    if (!existsSync(file)) throw unusable(`it has no file ${config.model}`);
    const name = modelName(config.name ?? path.basename(folder));
    return { folder, config, file, model: { name, hash: await hashOf(file, texts) } };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unusable(messageOf(error));
  }
}

interface Described {
  readonly config: DetectorConfig;
  readonly texts: readonly string[];
}

async function ownConfig(folder: string): Promise<Described> {
  const text = await readSmall(path.join(folder, ownFile));
  const { value, fault } = parseDetectorConfig(text);
  if (!value) throw new Error(`${ownFile}: ${fault}`);
  return { config: value, texts: [text] };
}

async function foreignConfig(folder: string): Promise<Described> {
  const names = ['config.json', 'preprocessor_config.json'];
  const missing = names.filter(name => !existsSync(path.join(folder, name)));
  if (missing.length > 0) throw new Error(`it holds neither ${ownFile} nor ${missing.join(' and ')}`);
  const model = ['model.onnx', 'onnx/model.onnx'].find(name => existsSync(path.join(folder, name)));
  if (model === undefined) throw new Error('it holds neither model.onnx nor onnx/model.onnx');
  const texts = await Promise.all(names.map(name => readSmall(path.join(folder, name))));
  const [config, preprocessor] = texts.map((text, at) => {
    const { value, fault } = parseJsonObject(text);
    if (!value) throw new Error(`${names[at] ?? ''}: ${fault}`);
    return value;
  });
  const { value, fault } = huggingFaceConfig(config ?? {}, preprocessor ?? {}, model);
  if (!value) throw new Error(fault);
  return { config: value, texts };
}

async function readSmall(file: string): Promise<string> {
  if ((await stat(file)).size > largestConfig) throw new Error(`${path.basename(file)} is larger than ${largestConfig >> 20} MB`);
  return readFile(file, 'utf8');
}

/** Twelve hexadecimal digits. */
async function hashOf(file: string, texts: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(text);
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex').slice(0, 12);
}
