import { open, readdir, readFile, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { policyFactsOf, policyFactsOfName, type PolicyFacts } from '../../core/launch/policyFacts';
import { type JsonObject, parseJsonObject } from '../../core/parsedLine';

/** Files by which one knows that a folder holds a policy: each group needs one of its names. */
const needed: readonly { readonly words: string; readonly names: RegExp }[] = [
  { words: 'config.json', names: /^config\.json$/ },
  { words: 'weights (*.safetensors or pytorch_model*.bin)', names: /^.+\.safetensors$|^pytorch_model.*\.bin$/ },
  { words: 'a tokenizer (tokenizer.json, tokenizer.model or vocab.json)', names: /^(tokenizer\.(json|model)|vocab\.json)$/ },
  { words: 'a processor (processor_config.json or preprocessor_config.json)', names: /^(pre)?processor_config\.json$/ },
];
/** Length of the header of a safetensors file that is read at most; bytes. */
const mostHeader = 64 << 20;

/** What is known about a policy: a folder relative to the project, or the name of a hub model. Reads no weights. */
export async function readPolicyFacts(projectFolder: string, base: string): Promise<PolicyFacts> {
  const folder = path.resolve(projectFolder, base);
  const isFolder = await stat(folder).then(found => found.isDirectory(), () => false);
  if (!isFolder) return /^[\w.-]+\/[\w.-]+$/.test(base) && !(await isThere(path.dirname(folder))) ? policyFactsOfName(base) : { ...policyFactsOfName(base), kind: 'missing' };
  const names = await readdir(folder);
  const missing = needed.filter(({ names: pattern }) => !names.some(name => pattern.test(name))).map(({ words }) => words);
  const config = await readFile(path.join(folder, 'config.json'), 'utf8').then(text => parseJsonObject(text).value ?? {}, (): JsonObject => ({}));
  const shards = await missingShards(folder, names);
  const parameters = await countParameters(folder, names.filter(name => name.endsWith('.safetensors')));
  return policyFactsOf(config, { base, kind: 'folder', parameters, missing: [...missing, ...shards] });
}

/** Parts that the index names and the folder lacks: a download that was broken off. */
async function missingShards(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const index = names.find(name => name.endsWith('.safetensors.index.json'));
  if (!index) return [];
  const map = parseJsonObject(await readFile(path.join(folder, index), 'utf8')).value?.weight_map;
  const shards = new Set(typeof map === 'object' && map !== null ? Object.values(map).filter(value => typeof value === 'string') : []);
  return [...shards].filter(shard => !names.includes(shard)).sort();
}

/** Numbers in all tensors, from the headers alone; null where there is no such file or one cannot be read. */
async function countParameters(folder: string, files: readonly string[]): Promise<number | null> {
  if (files.length === 0) return null;
  const counts = await Promise.all(files.map(name => parametersOf(path.join(folder, name)).catch(() => null)));
  return counts.reduce((sum, count) => (sum === null || count === null ? null : sum + count), 0);
}

async function parametersOf(file: string): Promise<number | null> {
  const handle = await open(file);
  try {
    const { buffer: head, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    const length = bytesRead === 8 ? Number(head.readBigUInt64LE()) : 0;
    if (length === 0 || length > mostHeader) return null;
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, 8);
    const header = parseJsonObject(buffer.toString('utf8')).value;
    if (!header) return null;
    return Object.entries(header).reduce((sum, [name, tensor]) => sum + (name === '__metadata__' ? 0 : sizeOf(tensor)), 0);
  } finally {
    await handle.close();
  }
}

function sizeOf(tensor: unknown): number {
  const shape = (tensor as { shape?: unknown } | null)?.shape;
  return Array.isArray(shape) ? shape.reduce((product: number, side) => product * Number(side), 1) : 0;
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(() => true, () => false);
}
