import * as path from 'node:path';
import { AppError } from '../core/errors';
import type { Project } from '../core/project/project';

/** The absolute path of `--reward`, which is relative to the project. */
export function rewardArgument(folder: string, given: unknown): string {
  if (typeof given !== 'string') throw new AppError('argument.invalid', { argument: '--reward', reason: 'Give a reward file, relative to the project.' });
  return path.resolve(folder, given);
}

/** Absolute folder of the project's image-text model. */
export function clipFolder(folder: string, { clip }: Project): string | undefined {
  return clip === null ? undefined : path.resolve(folder, clip);
}
