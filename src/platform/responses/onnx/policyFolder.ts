import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as v from 'valibot';
import { AppError, messageOf } from '../../../core/errors';

const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));
const token = v.pipe(v.number(), v.integer(), v.minValue(0));
const schema = v.object({
  v: v.literal(1), layers: count, heads: count, headSize: count, width: count, vocabulary: count, positions: count,
  imageToken: token, imageTokens: count, endTokens: v.pipe(v.array(token), v.minLength(1)), suppressedTokens: v.array(token),
});

/** `policy.json` of an exported policy: what a program must know of its two models. */
export type PolicyShape = v.InferOutput<typeof schema>;

const files = ['policy.json', 'vision.onnx', 'decoder.onnx', 'tokenizer.json', 'tokenizer_config.json', 'preprocessor_config.json', 'chat_template.jinja'] as const;

/** The folder in which a policy's export lies by default. */
export function exportFolderOf(policyFolder: string): string {
  return path.join(policyFolder, 'onnx');
}

/** Whether a policy's folder holds an export that can be sampled without Python. */
export function hasExport(policyFolder: string): boolean {
  return files.every(name => existsSync(path.join(exportFolderOf(policyFolder), name)));
}

export interface PolicyTexts {
  readonly shape: PolicyShape;
  /** `tokenizer.json` and `tokenizer_config.json`, parsed. */
  readonly tokenizer: object;
  readonly tokenizerConfig: object;
  /** The text of `preprocessor_config.json`. */
  readonly preprocessor: string;
  readonly chatTemplate: string;
}

/** Reads all of an exported policy but its models. Throws `policy.failed` where a file is missing or says nothing that can be used. */
export async function readPolicyFolder(folder: string): Promise<PolicyTexts> {
  const failed = (reason: string): AppError => new AppError('policy.failed', { policy: folder, reason, remedy: 'Export the policy again: python -m pebr_trainer export-policy.' });
  const missing = files.filter(name => !existsSync(path.join(folder, name)));
  if (missing.length > 0) throw failed(`${missing.join(', ')} missing.`);
  const text = (name: (typeof files)[number]): Promise<string> => readFile(path.join(folder, name), 'utf8');
  try {
    const shape = v.parse(schema, JSON.parse(await text('policy.json')));
    return {
      shape, tokenizer: JSON.parse(await text('tokenizer.json')) as object, tokenizerConfig: JSON.parse(await text('tokenizer_config.json')) as object,
      preprocessor: await text('preprocessor_config.json'), chatTemplate: await text('chat_template.jinja'),
    };
  } catch (error) {
    throw failed(`A file cannot be read: ${messageOf(error)}`);
  }
}
