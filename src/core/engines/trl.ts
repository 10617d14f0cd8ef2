import type { Project } from '../project/project';
import { onCluster } from './rayJob';

/** A program's arguments and the environment variables it needs on top of the ones that are there; never a shell string. */
export interface TrainerCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface TrainerLocation {
  /** Folder that holds the Python package `pebr_trainer`. */
  readonly trainerFolder: string;
}

/** `swapped`: reasoning before perception. */
export type StageOrder = 'two-stage' | 'reasoning-only' | 'mixed' | 'swapped';
export const stageOrders: readonly StageOrder[] = ['two-stage', 'reasoning-only', 'mixed', 'swapped'];

/** The first stages of another run, up to and with `until`, which a new run takes over. */
export interface Reuse {
  /** Absolute folder of the run. */
  readonly run: string;
  readonly until: string;
}

export interface TrainOptions extends TrainerLocation {
  readonly projectFolder: string;
  readonly runFolder: string;
  /** Command that starts the reward worker, and what it needs in its environment. */
  readonly rewardWorker: { readonly command: readonly string[]; readonly env?: Readonly<Record<string, string>> };
  readonly seed?: number;
  /** Order of the RL stages at the same number of steps; `two-stage` is the paper's. */
  readonly order?: StageOrder;
  /** `ray` where not this machine's processes train; `pebr.json` says it where nothing is said here. */
  readonly engine?: 'trl' | 'ray';
  /** Processes that share each step: of this machine (`trl`), or workers of Ray. One where nothing is said. */
  readonly workers?: number;
  /** Ray's job server (`http://head:8265`), which the run is submitted to; its folder must be there under the same path. Null: this machine. */
  readonly address?: string | null;
  /** Values that differ from `pebr.json`: path into the file → value, such as `pipeline.stages.0.steps` → 4. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly reuse?: Reuse;
  /** Only these stages; all where absent. */
  readonly stages?: readonly string[];
}

/** Command line of a new run, after the name of the Python program. */
export function trainCommand(options: TrainOptions): TrainerCommand {
  return submitted({
    args: [
      ...launcher(options), '-m', 'pebr_trainer', 'train', '--project', options.projectFolder, '--run', options.runFolder,
      '--reward-worker', JSON.stringify(options.rewardWorker.command),
      ...(options.engine === undefined ? [] : ['--engine', options.engine]),
      ...(options.engine === 'ray' ? ['--workers', String(options.workers ?? 1)] : []),
      ...(options.seed === undefined ? [] : ['--seed', String(options.seed)]),
      ...(options.order === undefined ? [] : ['--order', options.order]),
      ...(options.reuse === undefined ? [] : ['--reuse', options.reuse.run, '--reuse-until', options.reuse.until]),
      ...(options.stages === undefined ? [] : ['--stages', options.stages.join(',')]),
      ...settings(options.overrides),
    ],
    env: { ...environment(options), ...options.rewardWorker.env },
  }, options);
}

/** Command line that goes on with a run from its last checkpoint; `overrides` such as those that an event offers. */
export function resumeCommand(options: Pick<TrainOptions, 'trainerFolder' | 'runFolder' | 'rewardWorker' | 'overrides' | 'engine' | 'workers'>): TrainerCommand {
  return {
    args: [...launcher(options), '-m', 'pebr_trainer', 'resume', '--run', options.runFolder, '--reward-worker', JSON.stringify(options.rewardWorker.command), ...settings(options.overrides)],
    env: { ...environment(options), ...options.rewardWorker.env },
  };
}

/** As a job of a cluster, which is sent the trainer; its own Python runs there. */
function submitted(command: TrainerCommand, { engine, address = null, trainerFolder, runFolder }: Pick<TrainOptions, 'engine' | 'address' | 'trainerFolder' | 'runFolder'>): TrainerCommand {
  if (engine !== 'ray' || address === null) return command;
  const { PYTHONPATH: _, ...env } = command.env; // the working folder is on the path of a job
  const [, ...args] = onCluster({ argv: ['python3', ...command.args], cwd: trainerFolder, env }, 'train', { address, python: 'python3', folder: runFolder.replaceAll('\\', '/') }, trainerFolder).train.argv;
  return { args, env: environment({ trainerFolder }) };
}

/** Several processes of this machine are started by Accelerate, each with one GPU where there are any; Ray starts its own. Port 0 takes a free one. */
function launcher({ engine = 'trl', workers = 1 }: Pick<TrainOptions, 'engine' | 'workers'>): readonly string[] {
  if (engine === 'ray' || workers < 2) return [];
  return [
    '-m', 'accelerate.commands.launch', '--multi_gpu', '--num_processes', String(workers), '--num_machines', '1', '--mixed_precision', 'no', '--dynamo_backend', 'no', '--main_process_port', '0',
  ];
}

function settings(overrides: Readonly<Record<string, unknown>> = {}): readonly string[] {
  return Object.entries(overrides).flatMap(([path, value]) => ['--set', `${path}=${JSON.stringify(value)}`]);
}

/** A policy that is to be loaded without its weights. */
export interface PolicyTrial {
  /** Absolute folder, or the name of a model of the hub, which is not looked at. */
  readonly policy: string;
  /** File that keeps which one was sound last; absolute. */
  readonly remember: string;
}

/** Command line that tells whether the trainer's packages can be imported, and with a policy's folder whether that can be loaded. */
export function checkCommand({ trial = null, ...options }: TrainerLocation & { readonly trial?: PolicyTrial | null }): TrainerCommand {
  return { args: ['-m', 'pebr_trainer', 'check', ...(trial === null ? [] : ['--policy', trial.policy, '--remember', trial.remember])], env: environment(options) };
}

function environment({ trainerFolder }: TrainerLocation): Record<string, string> {
  return { PYTHONPATH: trainerFolder, PYTHONUNBUFFERED: '1', PYTHONUTF8: '1' };
}

const everyDifficulty = ['easy', 'medium', 'hard'] as const;

/** Overrides of a run that shows the whole loop in a minute or two: every stage is there, none is long enough to learn much. */
export function shortenedRun({ pipeline }: Pick<Project, 'pipeline'>): Record<string, unknown> {
  const overrides: Record<string, unknown> = {};
  if (pipeline.warmUp) overrides['pipeline.warmUp.steps'] = Math.min(4, pipeline.warmUp.steps);
  if (pipeline.sampling) overrides['pipeline.sampling.samples'] = Math.min(32, pipeline.sampling.samples ?? 32);
  pipeline.stages.forEach((stage, index) => {
    overrides[`pipeline.stages.${index}.steps`] = Math.min(3, stage.steps);
    overrides[`pipeline.stages.${index}.samplesPerStep`] = Math.min(4, stage.samplesPerStep);
    overrides[`pipeline.stages.${index}.saveEvery`] = 2;
    overrides[`pipeline.stages.${index}.difficulty`] = everyDifficulty; // of so few sampled rows none may be easy
    if (stage.passRate) overrides[`pipeline.stages.${index}.passRate`] = null;
    if (stage.replay) overrides[`pipeline.stages.${index}.replay.difficulty`] = everyDifficulty;
  });
  if (pipeline.evaluate) overrides['pipeline.evaluate.samples'] = Math.min(8, pipeline.evaluate.samples ?? 8);
  return overrides;
}

export interface RespondOptions extends TrainerLocation {
  readonly projectFolder: string;
  readonly dataset: string;
  readonly responses: number;
  readonly temperature: number;
  readonly topP: number;
  readonly maxTokens: number;
  /** Folder or Hugging Face id; null: `policy.base`. */
  readonly policy: string | null;
}

/** Command line that prints new responses, a JSON line each; it reads the samples' ids, a JSON list, from its standard input. */
export function respondCommand(options: RespondOptions): TrainerCommand {
  return {
    args: [
      '-m', 'pebr_trainer', 'respond', '--project', options.projectFolder, '--dataset', options.dataset, '--qids', '-', '--responses', String(options.responses),
      '--temperature', String(options.temperature), '--top-p', String(options.topP), '--max-tokens', String(options.maxTokens),
      ...(options.policy === null ? [] : ['--policy', options.policy]),
    ],
    env: environment(options),
  };
}
