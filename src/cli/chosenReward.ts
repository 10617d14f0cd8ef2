import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { AppError } from '../core/errors';
import { openProject } from './openProject';

export interface ChosenReward {
  /** Absolute. */
  readonly reward: string;
  readonly clip: string | null;
  readonly imageRoot: string | null;
}

/** The reward file of the command line, with image-text model and images of the project around it where there is one. */
export async function chosenReward(values: Readonly<Record<string, unknown>>): Promise<ChosenReward> {
  if (typeof values['reward'] !== 'string') throw new AppError('argument.invalid', { argument: 'FILE', reason: 'Give a reward file.' });
  const folder = path.resolve(String(values['project'] ?? '.'));
  const reward = [path.resolve(values['reward']), path.resolve(folder, values['reward'])].find(file => existsSync(file));
  if (!reward) throw new AppError('argument.invalid', { argument: 'FILE', reason: `There is no ${values['reward']}.` });
  if (!existsSync(path.join(folder, 'pebr.json'))) return { reward, clip: null, imageRoot: null };
  const { project } = await openProject(folder);
  const roots = [...new Set(project.datasets.map(dataset => path.resolve(folder, dataset.imageRoot)))];
  return { reward, clip: project.clip === null ? null : path.resolve(folder, project.clip), imageRoot: roots.length === 1 ? (roots[0] ?? null) : null };
}
