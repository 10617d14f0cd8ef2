import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { StageOrder } from '../../core/engines/trl';
import { AppError } from '../../core/errors';
import { withOverrides } from '../../core/launch/withOverrides';
import { orderedProject } from '../../core/pipeline/orderedProject';
import { type PipelineNode, pipelineNodes } from '../../core/pipeline/pipelineNodes';
import { type ReusePlan, reusePlan } from '../../core/pipeline/reusePlan';
import type { Project } from '../../core/project/project';
import type { FileHasher } from './hashFiles';
import type { KnownRun, PastRuns } from './pastRuns';

export interface PlannedRun {
  readonly project: Project;
  readonly nodes: readonly PipelineNode[];
  readonly runs: readonly KnownRun[];
  readonly plan: ReusePlan;
}

/** What a run of the project as it is now would do, and what it can take over. Throws `project.invalid` and `project.missing`. */
export async function planRun(folder: string, hasher: FileHasher, past: PastRuns, order: StageOrder = 'two-stage', overrides: Readonly<Record<string, unknown>> = {}): Promise<PlannedRun> {
  const file = path.join(folder, 'pebr.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new AppError('project.missing', { folder }, { cause: error });
  });
  const { project: read, problems } = withOverrides(text, overrides, file);
  const problem = problems.find(found => found.severity === 'error');
  const project = read && orderedProject(read, order);
  if (!read || problem) throw new AppError('project.invalid', { file, line: problem?.line ?? 1, reason: `${problem?.message ?? ''} ${problem?.remedy ?? ''}`.trim() });
  if (!project) throw new AppError('project.invalid', { file, line: 1, reason: 'There are no perception and reasoning stages to put in another order.' });
  const [hashes, runs] = await Promise.all([hasher.hashes(folder, project), past.read()]);
  const nodes = pipelineNodes(project, hashes);
  return { project, nodes, runs, plan: reusePlan(nodes, runs) };
}
