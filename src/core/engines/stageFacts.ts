import type { Project, StageConfig } from '../project/project';
import type { EmitProblem } from './emission';

/** Smallest and largest pictures of the paper's RL stages, in pixels. */
export const pixels = { least: 576, most: 802_816 };

/** The rows a stage trains on, as a query; null where all are wanted. */
export function difficultyQuery({ difficulty, passRate }: Pick<StageConfig, 'difficulty' | 'passRate'>): string | null {
  const chips = [...(new Set(difficulty).size === 3 ? [] : [`difficulty:${difficulty.join('|')}`]), ...(passRate ? [`pass_rate:${passRate[0]}..${passRate[1]}`] : [])];
  return chips.length === 0 ? null : chips.join(' ');
}

/** The rows an engine validates on, relative: those held out, else those it trains on (which `untranslated` tells). */
export function heldOutFile(project: Project, { name, dataset }: StageConfig, ending: 'json' | 'parquet'): string {
  return `${name}/data/${dataset}${hasHeldOut(project, dataset) ? '.heldout' : ''}.${ending}`;
}

function hasHeldOut({ datasets }: Project, id: string): boolean {
  return datasets.some(dataset => dataset.id === id && dataset.heldOut !== null);
}

/** What a stage asks for that engines of their own do not do. */
export function untranslated(project: Project, stage: StageConfig): readonly EmitProblem[] {
  const problems: EmitProblem[] = [];
  const warn = (message: string, remedy: string): void => {
    problems.push({ severity: 'warning', message: `Stage ${stage.name}: ${message}`, remedy });
  };
  if (!hasHeldOut(project, stage.dataset)) warn(`${stage.dataset} has no held-out rows: the engine validates on the rows it trains on.`, 'Split some rows off (heldOut of the dataset).');
  if (stage.replay) warn(`the replay of ${stage.replay.dataset} is left out: the engine trains on one dataset with one reward.`, 'Watch the held-out score of the other stage, or train this stage with the engine trl or ray.');
  if (stage.resample) warn('the sampling before the stage is left out.', 'Sample with `pebr train --stages sampling` and the merged policy of the stage before.');
  if (stage.curriculum !== 'none') warn('the order by pass rate is left out: the engine shuffles.', 'Train this stage with the engine trl or ray.');
  if (project.policy.dtype === 'float16' || project.policy.dtype === 'float32') warn(`the engine computes in bfloat16, not in ${project.policy.dtype}.`, 'Set policy.dtype to auto.');
  return problems;
}

/** Shards of the checkpoint of a step. */
export function lastStepFolder(checkpoints: string, steps: number): string {
  return `${checkpoints}/global_step_${steps}/actor`;
}
