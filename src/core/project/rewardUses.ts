import type { Project } from './project';

/** The reward files that a project names, each once: those under `rewards`, then those that only a stage names. */
export function rewardNames({ rewards, pipeline }: Project): readonly string[] {
  const staged = pipeline.stages.flatMap(stage => [stage.reward, ...(stage.replay ? [stage.replay.reward] : [])]);
  return [...new Set([...rewards, ...staged, ...(pipeline.sampling ? [pipeline.sampling.reward] : [])])];
}

/** Ids of the datasets that are trained with a reward; all of them for a reward that no stage names. */
export function rewardDatasets({ datasets, pipeline }: Project, isReward: (name: string) => boolean): readonly string[] {
  const used = pipeline.stages.flatMap(({ reward, dataset, replay }) => [
    ...(isReward(reward) ? [dataset] : []),
    ...(replay && isReward(replay.reward) ? [replay.dataset] : []),
  ]);
  const known = datasets.map(dataset => dataset.id).filter(id => used.includes(id));
  return known.length > 0 ? known : datasets.map(dataset => dataset.id);
}

/** The rewards that a dataset is trained with, each once. */
export function rewardsOfDataset({ pipeline }: Project, dataset: string): readonly string[] {
  return [...new Set(pipeline.stages.filter(stage => stage.dataset === dataset).map(stage => stage.reward))];
}
