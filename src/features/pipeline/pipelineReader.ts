import { type Ablation, ablationsOf } from '../../core/pipeline/ablations';
import { nodeViews } from '../../core/pipeline/nodeViews';
import type { RunQueue } from '../../core/pipeline/runQueue';
import { runTable } from '../../core/runs/runTable';
import type { ReportTable } from '../../core/runs/report';
import { FileHasher } from '../../platform/pipeline/hashFiles';
import { numbersOfRewards } from '../../platform/pipeline/numbersOfRewards';
import { type KnownRun, PastRuns } from '../../platform/pipeline/pastRuns';
import { type PlannedRun, planRun } from '../../platform/pipeline/planRun';
import { queueFileOf, readQueue } from '../../platform/pipeline/queueFile';
import type { PipelineView } from '../../protocol/pipeline';

/** Reads a project's files and runs for its pipeline view; each time only what has changed. */
export class PipelineReader {
  private readonly hasher = new FileHasher();
  private readonly past: PastRuns;

  constructor(private readonly folder: string) {
    this.past = new PastRuns(folder);
  }

  plan(): Promise<PlannedRun> {
    return planRun(this.folder, this.hasher, this.past);
  }

  async ablations(): Promise<readonly Ablation[]> {
    const { project } = await this.plan();
    return ablationsOf(project, await numbersOfRewards(this.folder, project));
  }

  async read(): Promise<PipelineView> {
    const { project, nodes, runs, plan } = await this.plan();
    const state = await readQueue(queueFileOf(this.folder));
    const ablations = ablationsOf(project, await numbersOfRewards(this.folder, project));
    return {
      folder: this.folder, project: project.name, nodes: nodeViews(nodes, plan, runs), reuse: plan.reuse ? { run: plan.reuse.run.id, until: plan.reuse.until } : null,
      active: runs.find(run => run.status === 'active')?.id ?? null,
      queue: state ? { runs: state.queue.runs.map(({ title, status, run, message = '' }) => ({ title, status, run, message })), isWorked: state.isWorked } : null,
      comparison: state ? comparisonOf(state.queue, runs) : null,
      ablations: ablations.map(({ id, title, detail }) => ({ id, title, detail })),
    };
  }
}

function comparisonOf(queue: RunQueue, runs: readonly KnownRun[]): ReportTable | null {
  const compared = queue.runs.flatMap(({ title, run }) => {
    const found = runs.find(({ id }) => id === run);
    return found ? [{ title, info: found.info, state: found.state }] : [];
  });
  return compared.length === 0 ? null : runTable(compared);
}
