import type { ForeignEngine } from './engineId';
import type { LogDialect } from './metricNames';
import type { RayJob } from './rayJob';

/** Where an engine of its own runs, and what is written for it. All paths are absolute, with `/`. */
export interface EmitOptions {
  /** Folder that everything is written into; its checkpoints too. */
  readonly folder: string;
  /** What the first stage starts from: a model folder, or an id of a hub. */
  readonly policy: string;
  /** Python program of the engine's environment. */
  readonly python: string;
  readonly nodes: number;
  /** GPUs a node. */
  readonly gpus: number;
  /** Checkout of EasyR1 or of its fork; verl needs none. */
  readonly engineFolder: string | null;
  /** `pebr-r1`: the paper's fork of EasyR1, which lacks some settings and has some of its own. */
  readonly fork: 'easyr1' | 'pebr-r1';
  /** `http://head:8265` submits a job to a Ray cluster; null runs here. */
  readonly address: string | null;
  /** Which try this is: log files are made anew by the engine, so each try gets its own. */
  readonly attempt: number;
}

/** A program's arguments (the program first), its working folder, and the variables it needs; never a shell string. */
export interface EngineCommand {
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

export interface EmittedFile {
  /** Relative to the folder. */
  readonly path: string;
  readonly text: string;
}

/** Rows that have to be exported for a stage, with the prompt rendered into them. */
export interface EmittedData {
  readonly dataset: string;
  readonly target: ForeignEngine;
  readonly container: 'json' | 'parquet';
  /** Query that chooses the rows to train on; null takes all. */
  readonly query: string | null;
  /** How pictures come along: a job on a cluster cannot see this machine's files. */
  readonly images: 'relative' | 'absolute' | 'copy' | 'embed';
  /** Folder, relative; the files in it are called `<dataset>.…` as the exporter names them. */
  readonly folder: string;
  readonly train: string;
  readonly heldOut: string;
}

export interface EmittedStage {
  readonly stage: string;
  /** Steps as the engine counts them. */
  readonly total: number;
  readonly dialect: LogDialect;
  readonly data: EmittedData;
  /** The reward file of the project and where its shim goes, relative. */
  readonly reward: { readonly file: string; readonly dataset: string; readonly shim: string };
  readonly files: readonly EmittedFile[];
  readonly train: EngineCommand;
  /** The job that `train` submits to a cluster; null where it runs here. */
  readonly job: RayJob | null;
  /** Makes a model folder of the shards; null where it cannot be told. */
  readonly merge: EngineCommand | null;
  /** The merged policy: what the next stage starts from. */
  readonly policy: string;
  /** Where the engine itself writes its metrics, one JSON object a line; null where it only prints. */
  readonly metrics: string | null;
  readonly checkpoints: string;
  /** File or folder that the engine dumps responses into, and the stage that they are shown under. */
  readonly rollouts: { readonly place: string; readonly stage: string };
}

export interface EmitProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly remedy: string;
}

/** Everything an engine needs for the RL stages of a project. */
export interface Emission {
  readonly engine: ForeignEngine;
  readonly stages: readonly EmittedStage[];
  /** What a person should know: what is done differently from the engine's own examples, and why. */
  readonly notes: readonly string[];
  readonly problems: readonly EmitProblem[];
}
