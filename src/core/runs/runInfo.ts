import { type JsonObject, numberOf, type Parsed, textOf, textsOf } from '../parsedLine';

/** What `run.json` says about a run; docs/FORMATS.md. */
export interface RunInfo {
  readonly id: string;
  readonly name: string;
  /** Absolute folder of the project as it was when the run started, or '' where the file does not say. */
  readonly project: string;
  /** As the file has it (ISO 8601). */
  readonly created: string;
  readonly seed: number | null;
  readonly engine: string;
  /** Processes that share each step. */
  readonly workers: number;
  readonly command: readonly string[];
  readonly stages: readonly string[];
  /** The resolved `pebr.json`, not checked. */
  readonly config: JsonObject;
  /** Hashes of data, rewards and prompt, versions of packages, and what was changed when the run was resumed. */
  readonly provenance?: JsonObject;
  /** Hashes of the files that the run depends on; empty where an older trainer wrote none. */
  readonly hashes: JsonObject;
  /** What the run started from instead of `policy.base`. */
  readonly policy: string | null;
  /** The run whose first stages this one took over. */
  readonly reused: string | null;
  /** Paths into `pebr.json` that were changed when the run was resumed. */
  readonly changed: readonly string[];
}

/** Reads the text of `run.json`; `folderName` names a run whose file does not. */
export function parseRunInfo(text: string, folderName: string): Parsed<RunInfo> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { fault: `run.json is not JSON: ${(error as SyntaxError).message}` };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return { fault: 'run.json is not a JSON object.' };
  const object = json as JsonObject;
  return {
    value: {
      id: textOf(object.id) ?? folderName,
      name: textOf(object.name) ?? folderName,
      project: textOf(object.project) ?? '',
      created: textOf(object.created) ?? (numberOf(object.created) === undefined ? '' : new Date((numberOf(object.created) ?? 0) * 1000).toISOString()),
      seed: numberOf(object.seed) ?? null,
      engine: textOf(object.engine) ?? 'trl',
      workers: numberOf(object.workers) ?? 1,
      command: textsOf(object.command),
      stages: textsOf(object.stages),
      provenance: { hashes: object.hashes, versions: object.versions, changes: object.changes, command: object.command },
      config: objectOf(object.config),
      hashes: objectOf(object.hashes),
      policy: textOf(object.policy) ?? null,
      reused: textOf(object.reused) ?? null,
      changed: Array.isArray(object.changes) ? object.changes.flatMap(change => Object.keys(objectOf(objectOf(change).set))) : [],
    },
  };
}

/** The reward file that scored a stage's rollouts of a dataset, relative to the project's folder; null where the config names none. */
export function rewardOfStage(info: RunInfo, stage: string, dataset: string): string | null {
  const pipeline = objectOf(info.config.pipeline);
  if (stage === 'sampling' || stage.startsWith('sampling.')) return textOf(objectOf(pipeline.sampling).reward) ?? null;
  const stages = Array.isArray(pipeline.stages) ? pipeline.stages.map(objectOf) : [];
  const named = stages.find(entry => entry.name === stage);
  const choices = (named ? [named] : stages).flatMap(entry => [entry, objectOf(entry.replay)]);
  return textOf((choices.find(entry => entry.dataset === dataset) ?? named)?.reward) ?? null;
}

function objectOf(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? (value as JsonObject) : {};
}
