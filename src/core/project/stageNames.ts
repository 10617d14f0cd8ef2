import type { Project } from './project';

/** The stages of a run of the project, in their order; `trainer/pebr_trainer/stage_names.py` finds the same. */
export function stageNames({ pipeline: { warmUp, sampling, stages, evaluate } }: Project): readonly string[] {
  const trained = stages.flatMap(({ name, resample }) => (resample ? [`sampling.${name}`, name] : [name]));
  return [...(warmUp ? ['warm-up'] : []), ...(sampling ? ['sampling'] : []), ...trained, ...(evaluate ? ['evaluation'] : [])];
}
