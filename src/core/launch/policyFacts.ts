import type { JsonObject } from '../parsedLine';

/** What is known about `policy.base` without loading it. Sizes are null where its files do not say. */
export interface PolicyFacts {
  readonly base: string;
  /** A folder of this machine, or the name of a model on the Hugging Face hub. */
  readonly kind: 'folder' | 'hub' | 'missing';
  /** Parameters of the whole model. */
  readonly parameters: number | null;
  /** Most tokens of prompt and response together. */
  readonly context: number | null;
  readonly layers: number | null;
  readonly hidden: number | null;
  readonly vocabulary: number | null;
  /** Numbers that each token leaves in the cache of one layer, keys and values together. */
  readonly cached: number | null;
  /** Files that a policy needs and this folder lacks. */
  readonly missing: readonly string[];
  /** What is there and cannot be used: a sentence a file. */
  readonly broken: readonly string[];
}

/** Reads what `config.json` of a Hugging Face model says about its language model. */
export function policyFactsOf(config: JsonObject, rest: Pick<PolicyFacts, 'base' | 'kind' | 'parameters' | 'missing' | 'broken'>): PolicyFacts {
  const language = objectOf(config.text_config) ?? config;
  const number = (key: string): number | null => {
    const value = language[key] ?? config[key];
    return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
  };
  const [layers, hidden, heads] = [number('num_hidden_layers'), number('hidden_size'), number('num_attention_heads')];
  const headSize = number('head_dim') ?? (hidden && heads ? hidden / heads : null);
  const cached = headSize && heads ? 2 * headSize * (number('num_key_value_heads') ?? heads) : null;
  return { ...rest, context: number('max_position_embeddings'), layers, hidden, vocabulary: number('vocab_size'), cached };
}

/** Why a model with this `config.json` cannot be a policy; undefined where nothing speaks against it. Models that see have a part of their own for it. */
export function blindness(config: JsonObject): string | undefined {
  const { architectures } = config;
  const names = Array.isArray(architectures) ? architectures.filter(name => typeof name === 'string') : [];
  if (names.length === 0 || !names.every(name => /(?:ForCausalLM|LMHeadModel)$/.test(name))) return undefined;
  return Object.keys(config).some(key => /vision|visual|image|img/i.test(key)) ? undefined : `config.json is that of a model of texts alone (${names.join(', ')}); a policy sees pictures.`;
}

/** What the name of a hub model tells: `Qwen/Qwen2.5-VL-3B-Instruct` has about 3 · 10⁹ parameters. */
export function policyFactsOfName(base: string): PolicyFacts {
  const size = /(?:^|[-_/])(\d+(?:\.\d+)?)\s?([bm])(?:[-_./]|$)/i.exec(base);
  const parameters = size?.[1] ? Number(size[1]) * (size[2]?.toLowerCase() === 'm' ? 1e6 : 1e9) : null;
  return { base, kind: 'hub', parameters, context: null, layers: null, hidden: null, vocabulary: null, cached: null, missing: [], broken: [] };
}

function objectOf(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}
