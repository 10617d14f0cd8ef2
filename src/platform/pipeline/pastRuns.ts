import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { parseFileHashes } from '../../core/pipeline/fileHashes';
import { pipelineNodes } from '../../core/pipeline/pipelineNodes';
import type { PastRun } from '../../core/pipeline/reusePlan';
import { parseProject } from '../../core/project/parseProject';
import type { RunInfo } from '../../core/runs/runInfo';
import type { RunState } from '../../core/runs/runState';
import { type RunStatus, statusOfRun } from '../../core/runs/runStatus';
import { listRunFolders } from '../runs/runFolders';
import { RunReader } from '../runs/runReader';
import { livenessOf, readTrainerProcess } from '../runs/trainerProcess';

/** A run as the pipeline sees it. */
export interface KnownRun extends PastRun {
  readonly info: RunInfo | undefined;
  readonly state: RunState;
  readonly status: RunStatus;
  /** Tokens of all responses of a stage, as far as its steps tell. */
  readonly tokens: Readonly<Record<string, number>>;
}

interface Followed {
  readonly reader: RunReader;
  readonly tokens: Record<string, number>;
  hasEnded: boolean;
}

/** Reads the runs of a project again and again, each time only what is new. */
export class PastRuns {
  private readonly followed = new Map<string, Followed>();

  constructor(private readonly projectFolder: string) {}

  /** The newest first. */
  async read(): Promise<readonly KnownRun[]> {
    const folders = await listRunFolders(this.projectFolder);
    for (const folder of this.followed.keys()) if (!folders.includes(folder)) this.followed.delete(folder);
    return Promise.all(folders.map(folder => this.readOne(folder)));
  }

  private async readOne(folder: string): Promise<KnownRun> {
    const known = this.followed.get(folder) ?? { reader: new RunReader(folder), tokens: {}, hasEnded: false };
    this.followed.set(folder, known);
    const { reader, tokens } = known;
    const liveness = await livenessOf(await readTrainerProcess(folder)); // first: its last words are then in the file
    const { isReset, events } = await reader.refresh();
    if (isReset) for (const stage of Object.keys(tokens)) delete tokens[stage];
    const last = liveness === 'alive' ? [] : await reader.finish();
    for (const event of [...events, ...last]) {
      if (event.type !== 'step' || event.metrics.response_tokens === undefined) continue;
      tokens[event.stage] = (tokens[event.stage] ?? 0) + event.metrics.response_tokens * groupOf(reader.info, event.stage);
    }
    const { info, state } = reader;
    return { id: path.basename(folder), folder, stages: info?.stages ?? [], nodes: nodesOf(info), done: doneStages(folder, state), info, state, status: statusOfRun(state, liveness), tokens };
  }
}

/** Responses of one step of a stage. */
function groupOf(info: RunInfo | undefined, name: string): number {
  const stages = (info?.config.pipeline as { stages?: readonly { name: string; samplesPerStep: number; responses: number }[] } | undefined)?.stages;
  const stage = stages?.find(found => found.name === name);
  return stage ? stage.samplesPerStep * stage.responses : 0;
}

/** What a run ran; none where its record does not say enough, or an earlier stage ran with other values than it has now. */
function nodesOf(info: RunInfo | undefined): PastRun['nodes'] {
  if (!info || info.policy !== null || info.changed.some(key => key === 'policy.maxResponseTokens')) return [];
  const hashes = parseFileHashes(info.hashes);
  const { project } = parseProject(JSON.stringify({ ...info.config, engine: 'trl', views: [] }), 'run.json');
  return hashes && project ? pipelineNodes(project, hashes) : [];
}

/** Done, and what it made is whole as far as can be told quickly; the trainer looks at it closely before it takes it over. */
function doneStages(folder: string, state: RunState): ReadonlySet<string> {
  const isThere = (name: string): boolean => {
    if (name === 'evaluation') return true;
    if (name === 'sampling' || name.startsWith('sampling.')) return existsSync(path.join(folder, 'difficulty', name));
    return existsSync(path.join(folder, 'checkpoints', name, 'final', 'manifest.json'));
  };
  return new Set(state.stages.filter(stage => stage.status === 'done' && isThere(stage.name)).map(stage => stage.name));
}
