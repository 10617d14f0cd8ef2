import type { Problem } from '../core/problem';
import type { Gpu } from '../core/launch/gpu';
import type { JsonObject } from '../core/parsedLine';
import type { RolloutMark } from '../core/rollouts/rolloutGroup';
import type { Alarm, AlarmId } from '../core/runs/alarms';
import type { SeriesColumns } from '../core/runs/metricSeries';
import type { Offer, RunEvent } from '../core/runs/runEvent';
import type { RunState } from '../core/runs/runState';
import type { RunStatus } from '../core/runs/runStatus';
import type { StagePlan } from '../core/runs/stagePlan';

/** What the panel shows of a run besides its events. */
export interface RunHeader {
  readonly folder: string;
  readonly id: string;
  readonly name: string;
  readonly seed: number | null;
  readonly engine: string;
  readonly status: RunStatus;
  /** The resolved `pebr.json`. */
  readonly config: JsonObject;
  readonly plan: readonly StagePlan[];
  /** Stages that have rollouts on disk. */
  readonly rolloutStages: readonly string[];
  /** Lines and files of the run that cannot be read. */
  readonly problems: readonly Problem[];
  /** Kinds of alarms that raise no notification for this run. */
  readonly muted: readonly AlarmId[];
}

export interface LogChunk {
  readonly source: 'stdout' | 'stderr';
  readonly text: string;
  /** Bytes before it that were passed over, because a log may be of any size. */
  readonly skipped: number;
}

/** What a run has come to, in the form that is quick to send: a long run has a hundred thousand steps. */
export interface RunSoFar {
  readonly state: RunState;
  readonly series: SeriesColumns;
  /** `series` has not every step yet: see `overviewOf`. */
  readonly isOverview: boolean;
  readonly alarms: readonly Alarm[];
}

/** Another run whose curves are drawn in the same charts. */
export interface ComparedRunView {
  readonly folder: string;
  readonly name: string;
  readonly config: JsonObject;
  readonly series: SeriesColumns;
}

/** The group that was written last. */
export interface LatestGroup {
  readonly stage: string;
  readonly step: number;
  readonly group: string;
  readonly dataset: string;
  readonly sampleId: string;
  readonly responses: readonly (RolloutMark & { readonly components: Readonly<Record<string, number | null>>; readonly tokens: number; /** Its beginning. */ readonly words: string })[];
}

/** After the first state the host sends events as they stand in the file; the panel adds them up with the core's own functions. */
export type RunContract = {
  requests: {
    /** Asked once the script has loaded; nothing is sent before it. `compared`: folders of runs that were laid beside it before the window was reloaded. */
    load: { params: { compared: readonly string[] }; result: { header: RunHeader; soFar: RunSoFar; log: readonly LogChunk[]; latest: LatestGroup | null; compared: readonly ComparedRunView[] } };
  };
  toWebview: {
    events: { events: readonly RunEvent[]; alarms: readonly Alarm[] };
    /** Every step. What was sent before is void: the file was cut back by a resumed run, or the panel asked for all. */
    reset: RunSoFar;
    header: RunHeader;
    log: readonly LogChunk[];
    latest: LatestGroup;
    compared: readonly ComparedRunView[];
    /** What a run beside this one has gained. */
    comparedEvents: { folder: string; events: readonly RunEvent[] };
    /** Of this machine, every two seconds while the run is active and the panel is seen. */
    gpus: readonly Gpu[];
  };
  toHost: {
    /** Asked once an overview is painted; `reset` is the answer. */
    everyStep: null;
    stop: null;
    resume: { set?: Offer['set'] };
    report: null;
    reveal: null;
    exportMetrics: null;
    rollouts: { stage?: string; group?: string };
    /** Asks which runs to compare with. */
    compare: null;
    stopComparing: { folder: string };
    mute: { alarm: AlarmId; isMuted: boolean };
    openLog: { source: LogChunk['source'] };
    /** Shows the place of a problem in its file. */
    openProblem: { file: string; line?: number };
  };
};
