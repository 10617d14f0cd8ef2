import { type Curation, untouched } from '../curation/curation';
import type { Difficulty, DifficultyRecord } from '../dataset/sample';
import type { StageConfig } from '../project/project';
import { effectiveDifficulty } from './destination';
import { transitionsBetween, type Transitions } from './transitions';
import { expectedZeroStd, zeroStdProbability } from './zeroStd';

/** Pass rates of the sampled samples of one source. `bins[k]` counts those with `k` of `responses` right, or by tenths where they were asked differently often. */
export interface SourceHistogram {
  readonly source: string;
  readonly bins: readonly number[];
  readonly counts: DifficultyCounts;
}

export type DifficultyCounts = Readonly<Record<Difficulty | 'unsampled', number>>;

/** What a stage can expect of its groups when its reward is 0 or 1. */
export interface StageOutlook {
  readonly stage: string;
  readonly isReplay: boolean;
  /** Responses a group. */
  readonly responses: number;
  readonly difficulty: readonly Difficulty[];
  /** Samples the stage may draw. */
  readonly samples: number;
  /** Share of zero-std groups at the measured pass rates, and with what so few responses leave open; null without samples. */
  readonly zeroStd: number | null;
  readonly expectedZeroStd: number | null;
  /** Groups a step that teach something, of `samplesPerStep`, by `expectedZeroStd`. */
  readonly samplesPerStep: number;
}

/** Which policy a sampling asked, how, and when. */
export interface Provenance {
  readonly run: string;
  readonly policy: string;
  readonly checkpoint: string;
  readonly responses: number;
  readonly temperature: number | null;
  readonly topP: number | null;
  readonly rewardHash: string;
  readonly date: string;
  readonly samples: number;
}

export interface DifficultyReport {
  readonly dataset: string;
  readonly rows: number;
  readonly counts: DifficultyCounts;
  /** Samples that people moved or left out. */
  readonly overridden: number;
  readonly leftOut: number;
  /** Labels of the bins. */
  readonly binLabels: readonly string[];
  readonly sources: readonly SourceHistogram[];
  readonly stages: readonly StageOutlook[];
  readonly provenance: readonly Provenance[];
  readonly transitions: Transitions | null;
}

/** A row of the dataset, as far as the report needs it. */
export interface SourcedRow {
  readonly qid: string;
  readonly source: string;
}

export interface ReportInput {
  readonly dataset: string;
  readonly rows: Iterable<SourcedRow>;
  readonly records: ReadonlyMap<string, DifficultyRecord>;
  readonly curation: ReadonlyMap<string, Curation>;
  readonly stages: readonly StageConfig[];
  /** The sampling before this one; undefined where there was none. */
  readonly previous: { readonly run: string; readonly records: ReadonlyMap<string, DifficultyRecord> } | undefined;
}

const mostSources = 12;

export function difficultyReport({ dataset, rows, records, curation, stages, previous }: ReportInput): DifficultyReport {
  const sizes = new Set([...records.values()].map(record => record.responses));
  const [only] = sizes;
  const binCount = sizes.size === 1 && only !== undefined && only <= 16 ? only + 1 : 11;
  const bySource = new Map<string, { bins: number[]; counts: Record<Difficulty | 'unsampled', number> }>();
  const pools = new Map<Difficulty, DifficultyRecord[]>([['easy', []], ['medium', []], ['hard', []]]);
  let rowCount = 0;
  let overridden = 0;
  let leftOut = 0;
  for (const { qid, source } of rows) {
    rowCount++;
    const record = records.get(qid);
    const decided = curation.get(qid) ?? untouched;
    const known = bySource.get(source) ?? { bins: Array.from({ length: binCount }, () => 0), counts: { easy: 0, medium: 0, hard: 0, unsampled: 0 } };
    bySource.set(source, known);
    known.counts[record?.difficulty ?? 'unsampled']++;
    if (record) known.bins[Math.round((record.correct / record.responses) * (binCount - 1))]!++;
    const difficulty = effectiveDifficulty(record, decided);
    if (difficulty === undefined) leftOut += record ? 1 : 0;
    else if (difficulty !== record?.difficulty) overridden++;
    if (difficulty !== undefined && record) pools.get(difficulty)?.push(record);
  }
  const sources = folded([...bySource].map(([source, { bins, counts }]) => ({ source, bins, counts })).sort((a, b) => sampledOf(b) - sampledOf(a)));
  return {
    dataset, rows: rowCount, overridden, leftOut, sources,
    counts: { easy: sum(sources, 'easy'), medium: sum(sources, 'medium'), hard: sum(sources, 'hard'), unsampled: sum(sources, 'unsampled') },
    binLabels: Array.from({ length: binCount }, (_, bin) => (binCount === 11 && only !== 10 ? `${bin * 10} %` : `${bin}/${binCount - 1}`)),
    stages: stages.flatMap(stage => outlooksOf(stage, dataset, pools)),
    provenance: provenanceOf(records.values()),
    transitions: previous ? transitionsBetween(previous, records) : null,
  };
}

function outlooksOf(stage: StageConfig, dataset: string, pools: ReadonlyMap<Difficulty, readonly DifficultyRecord[]>): StageOutlook[] {
  const uses = [{ ...stage, isReplay: false, share: 1 - (stage.replay?.share ?? 0) }, ...(stage.replay ? [{ ...stage.replay, isReplay: true }] : [])];
  return uses.filter(use => use.dataset === dataset).map(({ difficulty, isReplay, share }) => {
    const pool = difficulty.flatMap(each => pools.get(each) ?? []);
    const mean = (of: (record: DifficultyRecord) => number): number | null => (pool.length === 0 ? null : pool.reduce((total, record) => total + of(record), 0) / pool.length);
    return {
      stage: stage.name, isReplay, responses: stage.responses, difficulty, samples: pool.length, samplesPerStep: Math.round(stage.samplesPerStep * share),
      zeroStd: mean(record => zeroStdProbability(record.correct / record.responses, stage.responses)),
      expectedZeroStd: mean(record => expectedZeroStd(record.correct, record.responses, stage.responses)),
    };
  });
}

/** Sources past the first ones are told as one: nobody reads a hundred histograms. */
function folded(sources: readonly SourceHistogram[]): readonly SourceHistogram[] {
  if (sources.length <= mostSources) return sources;
  const rest = sources.slice(mostSources - 1);
  const bins = (rest[0]?.bins ?? []).map((_, bin) => rest.reduce((total, source) => total + (source.bins[bin] ?? 0), 0));
  const counts = { easy: sum(rest, 'easy'), medium: sum(rest, 'medium'), hard: sum(rest, 'hard'), unsampled: sum(rest, 'unsampled') };
  return [...sources.slice(0, mostSources - 1), { source: `${rest.length} other sources`, bins, counts }];
}

function provenanceOf(records: Iterable<DifficultyRecord>): readonly Provenance[] {
  const found = new Map<string, Provenance & { samples: number }>();
  for (const { run, policy, checkpoint, responses, temperature = null, topP = null, rewardHash = '', date } of records) {
    const key = JSON.stringify([run, policy, checkpoint, responses, temperature, topP, rewardHash]);
    const known = found.get(key);
    found.set(key, { run, policy, checkpoint, responses, temperature, topP, rewardHash, date: known && known.date > date ? known.date : date, samples: (known?.samples ?? 0) + 1 });
  }
  return [...found.values()].sort((a, b) => b.samples - a.samples);
}

function sampledOf({ counts }: SourceHistogram): number {
  return counts.easy + counts.medium + counts.hard;
}

function sum(sources: readonly SourceHistogram[], of: keyof DifficultyCounts): number {
  return sources.reduce((total, { counts }) => total + counts[of], 0);
}
