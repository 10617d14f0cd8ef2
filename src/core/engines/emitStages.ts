import type { Project, StageConfig } from '../project/project';
import { type BatchPlan, batchPlan } from './batchPlan';
import type { EmitOptions, EmittedStage, EmitProblem } from './emission';
import { lastStepFolder } from './stageFacts';

/** What is the same for every engine about a stage. Paths are absolute, with `/`. */
export interface StagePlace {
  readonly plan: BatchPlan;
  readonly place: string;
  readonly checkpoints: string;
  /** The checkpoint of the last step, in shards. */
  readonly last: string;
}

export type EmitStage = (stage: StageConfig, options: EmitOptions, place: StagePlace) => { readonly stage: EmittedStage; readonly problems: readonly EmitProblem[] };

/** The RL stages one after the other, each starting from the merged policy of the one before. */
export function emitStages(project: Project, options: EmitOptions, emitStage: EmitStage): { readonly stages: readonly EmittedStage[]; readonly problems: readonly EmitProblem[] } {
  const stages: EmittedStage[] = [];
  const problems: EmitProblem[] = [];
  let { policy } = options;
  for (const config of project.pipeline.stages) {
    const plan = batchPlan(config, Math.max(1, options.nodes * options.gpus), project.policy.microBatch);
    const place = `${options.folder}/${config.name}`;
    const checkpoints = `${place}/checkpoints`;
    const emitted = emitStage(config, { ...options, policy }, { plan, place, checkpoints, last: lastStepFolder(checkpoints, plan.steps) });
    stages.push(emitted.stage);
    problems.push(...plan.problems, ...emitted.problems);
    policy = emitted.stage.policy;
  }
  return { stages, problems };
}
