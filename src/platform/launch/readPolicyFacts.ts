import { open, readdir, readFile, stat } from 'node:fs/promises';
import * as path from 'node:path';
import { blindness, type PolicyFacts, policyFactsOf, policyFactsOfName } from '../../core/launch/policyFacts';
import { type JsonObject, parseJsonObject } from '../../core/parsedLine';

/** Files by which one knows that a folder holds a policy: each group needs one of its names. */
const needed: readonly { readonly words: string; readonly names: RegExp }[] = [
  { words: 'config.json', names: /^config\.json$/ },
  { words: 'weights (*.safetensors or pytorch_model*.bin)', names: /^.+\.safetensors$|^pytorch_model.*\.bin$/ },
  { words: 'a tokenizer (tokenizer.json, tokenizer.model or vocab.json)', names: /^(tokenizer\.(json|model)|vocab\.json)$/ },
  { words: 'a processor (processor_config.json or preprocessor_config.json)', names: /^(pre)?processor_config\.json$/ },
];
/** What else is read when the policy is loaded, and stops it where it is no JSON. */
const jsonFiles = /^(?:tokenizer|tokenizer_config|processor_config|preprocessor_config|generation_config|special_tokens_map|added_tokens|vocab|chat_template)\.json$/;
/** Length of the header of a safetensors file that is read at most; bytes. */
const mostHeader = 64 << 20;

/** What is known about a policy: a folder relative to the project, or the name of a hub model. Reads no weights. */
export async function readPolicyFacts(projectFolder: string, base: string): Promise<PolicyFacts> {
  const folder = path.resolve(projectFolder, base);
  const isFolder = await stat(folder).then(found => found.isDirectory(), () => false);
  if (!isFolder) return /^[\w.-]+\/[\w.-]+$/.test(base) && !(await isThere(path.dirname(folder))) ? policyFactsOfName(base) : { ...policyFactsOfName(base), kind: 'missing' };
  const names = await readdir(folder);
  const missing = needed.filter(({ names: pattern }) => !names.some(name => pattern.test(name))).map(({ words }) => words);
  const config = names.includes('config.json') ? parseJsonObject(await readFile(path.join(folder, 'config.json'), 'utf8')) : { value: {} as JsonObject };
  const shards = await missingShards(folder, names);
  const weights = await Promise.all(names.filter(name => name.endsWith('.safetensors')).map(name => readWeights(path.join(folder, name))));
  const parameters = weights.length === 0 || weights.some(each => each.parameters === null) ? null : weights.reduce((sum, each) => sum + (each.parameters ?? 0), 0);
  const blind = config.value && blindness(config.value);
  const unreadable = (await Promise.all(names.filter(name => jsonFiles.test(name)).map(name => faultOfJson(path.join(folder, name))))).flatMap(fault => fault ?? []);
  const broken = [...(config.value ? [] : [`config.json cannot be read: ${config.fault}`]), ...unreadable, ...(blind ? [blind] : []), ...weights.flatMap(each => each.fault ?? [])];
  return policyFactsOf(config.value ?? {}, { base, kind: 'folder', parameters, missing: [...missing, ...shards], broken });
}

async function faultOfJson(file: string): Promise<string | undefined> {
  const { fault } = parseJsonObject(await readFile(file, 'utf8'));
  return fault === undefined ? undefined : `${path.basename(file)} cannot be read: ${fault}`;
}

/** Parts that the index names and the folder lacks: a download that was broken off. */
async function missingShards(folder: string, names: readonly string[]): Promise<readonly string[]> {
  const index = names.find(name => name.endsWith('.safetensors.index.json'));
  if (!index) return [];
  const map = parseJsonObject(await readFile(path.join(folder, index), 'utf8')).value?.weight_map;
  const shards = new Set(typeof map === 'object' && map !== null ? Object.values(map).filter(value => typeof value === 'string') : []);
  return [...shards].filter(shard => !names.includes(shard)).sort();
}

interface Weights {
  /** Numbers in all tensors; null where that cannot be told. */
  readonly parameters: number | null;
  readonly fault?: string;
}

/** A safetensors file by its header alone, which also says how long the file must be. */
async function readWeights(file: string): Promise<Weights> {
  const name = path.basename(file);
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const { buffer: head, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    const length = bytesRead === 8 ? Number(head.readBigUInt64LE()) : 0;
    if (length === 0 || length + 8 > size) return { parameters: null, fault: `${name} was not written to its end (${size.toLocaleString('en')} bytes).` };
    if (length > mostHeader) return { parameters: null };
    const { buffer } = await handle.read(Buffer.alloc(length), 0, length, 8);
    const header = parseJsonObject(buffer.toString('utf8')).value;
    if (!header) return { parameters: null, fault: `${name} is no safetensors file.` };
    const tensors = Object.entries(header).flatMap(([key, tensor]) => (key === '__metadata__' ? [] : [tensor]));
    const whole = 8 + length + Math.max(0, ...tensors.map(endOf));
    const parameters = tensors.reduce<number>((sum, tensor) => sum + sizeOf(tensor), 0);
    return size >= whole ? { parameters } : { parameters, fault: `${name} was not written to its end: it has ${size.toLocaleString('en')} of ${whole.toLocaleString('en')} bytes.` };
  } finally {
    await handle.close();
  }
}

/** Bytes from the end of the header to the end of a tensor. */
function endOf(tensor: unknown): number {
  const offsets = (tensor as { data_offsets?: unknown } | null)?.data_offsets;
  return Array.isArray(offsets) ? Number(offsets[1]) || 0 : 0;
}

function sizeOf(tensor: unknown): number {
  const shape = (tensor as { shape?: unknown } | null)?.shape;
  return Array.isArray(shape) ? shape.reduce((product: number, side) => product * Number(side), 1) : 0;
}

async function isThere(file: string): Promise<boolean> {
  return stat(file).then(() => true, () => false);
}
