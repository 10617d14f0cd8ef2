import type { Project } from '../project/project';

/** A program's arguments and the environment variables it needs on top of the ones that are there; never a shell string. */
export interface TrainerCommand {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface TrainerLocation {
  /** Folder that holds the Python package `pebr_trainer`. */
  readonly trainerFolder: string;
}

export type StageOrder = 'two-stage' | 'reasoning-only' | 'mixed';

export interface TrainOptions extends TrainerLocation {
  readonly projectFolder: string;
  readonly runFolder: string;
  /** Command that starts the reward worker, and what it needs in its environment. */
  readonly rewardWorker: { readonly command: readonly string[]; readonly env?: Readonly<Record<string, string>> };
  readonly seed?: number;
  /** Order of the RL stages at the same number of steps; `two-stage` is the paper's. */
  readonly order?: StageOrder;
  /** Values that differ from `pebr.json`: path into the file → value, such as `pipeline.stages.0.steps` → 4. */
  readonly overrides?: Readonly<Record<string, unknown>>;
}

/** Command line of a new run, after the name of the Python program. */
export function trainCommand(options: TrainOptions): TrainerCommand {
  return {
    args: [
      '-m', 'pebr_trainer', 'train', '--project', options.projectFolder, '--run', options.runFolder,
      '--reward-worker', JSON.stringify(options.rewardWorker.command),
      ...(options.seed === undefined ? [] : ['--seed', String(options.seed)]),
      ...(options.order === undefined ? [] : ['--order', options.order]),
      ...settings(options.overrides),
    ],
    env: { ...environment(options), ...options.rewardWorker.env },
  };
}

/** Command line that goes on with a run from its last checkpoint; `overrides` such as those that an event offers. */
export function resumeCommand(options: Pick<TrainOptions, 'trainerFolder' | 'runFolder' | 'rewardWorker' | 'overrides'>): TrainerCommand {
  return {
    args: ['-m', 'pebr_trainer', 'resume', '--run', options.runFolder, '--reward-worker', JSON.stringify(options.rewardWorker.command), ...settings(options.overrides)],
    env: { ...environment(options), ...options.rewardWorker.env },
  };
}

function settings(overrides: Readonly<Record<string, unknown>> = {}): readonly string[] {
  return Object.entries(overrides).flatMap(([path, value]) => ['--set', `${path}=${JSON.stringify(value)}`]);
}

/** Command line that tells whether the trainer's packages can be imported. */
export function checkCommand(options: TrainerLocation): TrainerCommand {
  return { args: ['-m', 'pebr_trainer', 'check'], env: environment(options) };
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
