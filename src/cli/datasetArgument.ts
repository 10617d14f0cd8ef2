import { AppError } from '../core/errors';
import type { DatasetConfig, Project } from '../core/project/project';

/** The dataset that `--dataset` names; the project's first one where nothing is given. */
export function datasetArgument(project: Project, id: unknown): DatasetConfig {
  const dataset = id === undefined ? project.datasets[0] : project.datasets.find(candidate => candidate.id === id);
  if (!dataset) throw new AppError('argument.invalid', { argument: '--dataset', reason: `There is no dataset "${String(id)}". Known: ${project.datasets.map(known => known.id).join(', ')}.` });
  return dataset;
}
