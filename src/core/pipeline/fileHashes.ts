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
  /** Of the pictures that its rows name, by path of a file of rows. */
  readonly pictures: Readonly<Record<string, Hash>>;
  /** By path of the reward file. */
  readonly rewards: Readonly<Record<string, Hash>>;
  /** By path of the reward file: the files of its own that it imports, by their paths. */
  readonly imports: Readonly<Record<string, Readonly<Record<string, Hash>>>>;
  readonly prompt: Hash;
  readonly warmUp: Hash;
  readonly policy: Hash;
  readonly clip: Hash;
  /** The picture that was written last, by path of a file of rows: to name it where pictures have changed. No run records it. */
  readonly newestPictures?: Readonly<Record<string, string | null>>;
}

/** Undefined where a run does not say all of it: such a run cannot be compared. */
export function parseFileHashes(hashes: JsonObject): FileHashes | undefined {
  const isComplete = ['datasets', 'heldOut', 'curation', 'pictures', 'rewards', 'imports', 'prompt', 'warmUp', 'policy', 'clip'].every(key => Object.hasOwn(hashes, key));
  if (!isComplete) return undefined;
  const entries = (value: unknown): [string, unknown][] => (typeof value === 'object' && value !== null ? Object.entries(value) : []);
  const each = (value: unknown): Record<string, Hash> => Object.fromEntries(entries(value).map(([key, hash]) => [key, textOf(hash) ?? null]));
  const one = (value: unknown): Hash => textOf(value) ?? null;
  return {
    datasets: each(hashes.datasets), heldOut: each(hashes.heldOut), curation: each(hashes.curation),
    pictures: each(hashes.pictures), rewards: each(hashes.rewards), imports: Object.fromEntries(entries(hashes.imports).map(([reward, files]) => [reward, each(files)])),
    prompt: one(hashes.prompt), warmUp: one(hashes.warmUp), policy: one(hashes.policy), clip: one(hashes.clip),
  };
}
