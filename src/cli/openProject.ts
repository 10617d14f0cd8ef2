import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError } from '../core/errors';
import { parseProject } from '../core/project/parseProject';
import type { Project } from '../core/project/project';

export interface ProjectOnDisk {
  readonly folder: string;
  readonly file: string;
  readonly project: Project;
}

/** The project in `folder`; every problem of its `pebr.json` is printed, an error in it ends the command. */
export async function openProject(folder: string): Promise<ProjectOnDisk> {
  const absolute = path.resolve(folder);
  const file = path.join(absolute, 'pebr.json');
  const text = await readFile(file, 'utf8').catch(() => {
    throw new AppError('project.missing', { folder: absolute });
  });
  const { project, problems } = parseProject(text, file);
  const first = problems.find(problem => problem.severity === 'error');
  if (!project) throw new AppError('project.invalid', { file, line: first?.line ?? 1, reason: `${first?.message ?? 'It cannot be used.'} ${first?.remedy ?? ''}` });
  for (const problem of problems) console.error(`${problem.file}:${problem.line ?? 1}: ${problem.severity}: ${problem.message}`);
  return { folder: absolute, file, project };
}
