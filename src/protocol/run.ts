import type { Problem } from '../core/problem';
import type { RunEvent } from '../core/runs/runEvent';
import type { RunStatus } from '../core/runs/runStatus';

/** What the panel shows of a run besides its events. */
export interface RunHeader {
  readonly folder: string;
  readonly id: string;
  readonly name: string;
  readonly seed: number | null;
  readonly engine: string;
  readonly status: RunStatus;
  /** Stages that have rollouts on disk. */
  readonly rolloutStages: readonly string[];
  /** Lines and files of the run that cannot be read. */
  readonly problems: readonly Problem[];
}

export interface LogChunk {
  readonly source: 'stdout' | 'stderr';
  readonly text: string;
}

/** The host sends events as they stand in the file; the panel adds them up with the core's own functions. */
export type RunContract = {
  requests: {
    /** Asked once the script has loaded; nothing is sent before it. */
    load: { params: null; result: { header: RunHeader; events: readonly RunEvent[]; log: readonly LogChunk[] } };
  };
  toWebview: {
    /** New events; with `isReset` they are all there are (the file was cut back by a resumed run). */
    events: { isReset: boolean; events: readonly RunEvent[] };
    header: RunHeader;
    log: readonly LogChunk[];
  };
  toHost: {
    stop: null;
    resume: null;
    report: null;
    reveal: null;
    rollouts: { stage?: string };
    /** Shows the place of a problem in its file. */
    openProblem: { file: string; line?: number };
  };
};
