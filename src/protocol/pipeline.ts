import type { NodeView } from '../core/pipeline/nodeViews';
import type { QueueStatus } from '../core/pipeline/runQueue';
import type { ReportTable } from '../core/runs/report';

/** Runs of a queue, one after the other. */
export interface QueueView {
  readonly runs: readonly { readonly title: string; readonly status: QueueStatus; /** Name of its folder; null before it starts. */ readonly run: string | null; readonly message: string }[];
  /** Whether a process works on it. */
  readonly isWorked: boolean;
}

export interface AblationChoice {
  readonly id: string;
  readonly title: string;
  readonly detail: string;
}

/** The pipeline of one project as it is now. */
export interface PipelineView {
  readonly folder: string;
  readonly project: string;
  readonly nodes: readonly NodeView[];
  /** What *Run all* would take over. */
  readonly reuse: { readonly run: string; readonly until: string } | null;
  /** The run that is under way. */
  readonly active: string | null;
  readonly queue: QueueView | null;
  /** The queue's runs beside each other. */
  readonly comparison: ReportTable | null;
  readonly ablations: readonly AblationChoice[];
}

/** A part of the page that somebody asked for: the choice of ablations, their table, or a node. */
export type PipelinePart = 'ablations' | 'comparison' | { readonly node: string };

export type PipelineContract = {
  requests: {
    load: { params: null; result: PipelineView };
    /** Starts a run: of everything that cannot be taken over; of everything from `node` on; or of `node` alone. Returns what to tell where nothing was started. */
    run: { params: { readonly node: string | null; readonly only: boolean }; result: string | null };
    /** Starts runs that differ in one factor, by their ids. */
    ablate: { params: readonly string[]; result: null };
  };
  toWebview: { changed: PipelineView; failed: string; show: PipelinePart };
  toHost: {
    openInput: { readonly node: string; readonly path: string };
    openOutput: { readonly node: string; readonly index: number };
    openRun: string;
    stop: null;
    /** Draws the queue's runs in one another's charts. */
    compareCurves: null;
    /** Ends the queue, with the run that it is at. */
    stopQueue: null;
    /** Goes on with a queue that nobody works on. */
    resumeQueue: null;
    openConfig: null;
  };
};
