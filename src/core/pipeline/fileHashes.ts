import { type JsonObject, textOf } from '../parsedLine';

/** SHA-256 of a file, or of a model's folder; null where there is none. */
export type Hash = string | null;

/** What a run depends on besides its configuration; `hashes` of `run.json`, which `trainer/pebr_trainer/run_folder.py` writes. */
export interface FileHashes {
  /** By dataset id. */
  readonly datasets: Readonly<Record<string, Hash>>;
  readonly heldOut: Readonly<Record<string, Hash>>;
  /** What people decided about the rows of a dataset. */
  readonly curation: Readonly<Record<string, Hash>>;
  /** By path of the reward file. */
  readonly rewards: Readonly<Record<string, Hash>>;
  readonly prompt: Hash;
  readonly warmUp: Hash;
  readonly policy: Hash;
  readonly clip: Hash;
}

/** Undefined where a run does not say all of it: such a run cannot be compared. */
export function parseFileHashes(hashes: JsonObject): FileHashes | undefined {
  const isComplete = ['datasets', 'heldOut', 'curation', 'rewards', 'prompt', 'warmUp', 'policy', 'clip'].every(key => Object.hasOwn(hashes, key));
  if (!isComplete) return undefined;
  const each = (value: unknown): Record<string, Hash> =>
    typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, hash]) => [key, textOf(hash) ?? null])) : {};
  const one = (value: unknown): Hash => textOf(value) ?? null;
  return {
    datasets: each(hashes.datasets), heldOut: each(hashes.heldOut), curation: each(hashes.curation), rewards: each(hashes.rewards),
    prompt: one(hashes.prompt), warmUp: one(hashes.warmUp), policy: one(hashes.policy), clip: one(hashes.clip),
  };
}
