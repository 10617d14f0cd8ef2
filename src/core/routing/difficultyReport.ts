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
  readonly records: ReadonlyMap<string, DifficultyRecord>;
  readonly curation: ReadonlyMap<string, Curation>;
  readonly stages: readonly StageConfig[];
  /** The sampling before this one; undefined where there was none. */
  readonly previous: { readonly run: string; readonly records: ReadonlyMap<string, DifficultyRecord> } | undefined;
}

const mostSources = 12;

/** Samples of one pass rate. */
interface Asked {
  readonly correct: number;
  readonly responses: number;
  count: number;
}

/** Gathers a report row by row, so that a million rows need neither be held nor keep anybody waiting at the end. */
export class DifficultyTally {
  private readonly bySource = new Map<string, { readonly bins: number[]; readonly counts: Record<Difficulty | 'unsampled', number> }>();
  /** What stages may draw, by difficulty and pass rate. */
  private readonly pools: Readonly<Record<Difficulty, Map<string, Asked>>> = { easy: new Map(), medium: new Map(), hard: new Map() };
  private readonly binLabels: readonly string[];
  private rows = 0;
  private overridden = 0;
  private leftOut = 0;

  constructor(private readonly input: ReportInput) {
    const sizes = new Set<number>();
    for (const { responses } of input.records.values()) sizes.add(responses);
    const [only = 0] = sizes;
    const isExact = sizes.size === 1 && only <= 16;
    this.binLabels = Array.from({ length: isExact ? only + 1 : 11 }, (_, bin) => (isExact ? `${bin}/${only}` : `${bin * 10} %`));
  }

  add({ qid, source }: SourcedRow): void {
    const { records, curation } = this.input;
    const record = records.get(qid);
    const known = this.bySource.get(source) ?? { bins: this.binLabels.map(() => 0), counts: { easy: 0, medium: 0, hard: 0, unsampled: 0 } };
    this.bySource.set(source, known);
    this.rows++;
    known.counts[record?.difficulty ?? 'unsampled']++;
    if (record) {
      const bin = Math.round((record.correct / record.responses) * (this.binLabels.length - 1));
      known.bins[bin] = (known.bins[bin] ?? 0) + 1;
    }
    const difficulty = effectiveDifficulty(record, curation.get(qid) ?? untouched);
    if (difficulty === undefined) this.leftOut += record ? 1 : 0;
    else if (difficulty !== record?.difficulty) this.overridden++;
    if (difficulty !== undefined && record) this.pool(difficulty, record);
  }

  get report(): DifficultyReport {
    const { input: { dataset, records, stages, previous }, rows, overridden, leftOut, binLabels } = this;
    const sources = folded([...this.bySource].map(([source, { bins, counts }]) => ({ source, bins, counts })).sort((a, b) => sampledOf(b) - sampledOf(a)));
    return {
      dataset, rows, overridden, leftOut, binLabels, sources,
      counts: { easy: sum(sources, 'easy'), medium: sum(sources, 'medium'), hard: sum(sources, 'hard'), unsampled: sum(sources, 'unsampled') },
      stages: stages.flatMap(stage => this.outlooksOf(stage)),
      provenance: provenanceOf(records.values()),
      transitions: previous ? transitionsBetween(previous, records) : null,
    };
  }

  private pool(difficulty: Difficulty, { correct, responses }: DifficultyRecord): void {
    const key = `${correct}/${responses}`;
    const asked = this.pools[difficulty].get(key);
    if (asked) asked.count++;
    else this.pools[difficulty].set(key, { correct, responses, count: 1 });
  }

  private outlooksOf(stage: StageConfig): StageOutlook[] {
    const uses = [{ ...stage, isReplay: false, share: 1 - (stage.replay?.share ?? 0) }, ...(stage.replay ? [{ ...stage.replay, isReplay: true, passRate: null }] : [])];
    return uses.filter(use => use.dataset === this.input.dataset).map(({ difficulty, isReplay, share, passRate }) => {
      const [low, high] = passRate ?? [0, 1];
      const pool = difficulty.flatMap(each => [...this.pools[each].values()]).filter(({ correct, responses }) => correct / responses >= low && correct / responses <= high);
      const samples = pool.reduce((total, { count }) => total + count, 0);
      const mean = (of: (asked: Asked) => number): number | null => (samples === 0 ? null : pool.reduce((total, asked) => total + of(asked) * asked.count, 0) / samples);
      return {
        stage: stage.name, isReplay, responses: stage.responses, difficulty, samples, samplesPerStep: Math.round(stage.samplesPerStep * share),
        zeroStd: mean(({ correct, responses }) => zeroStdProbability(correct / responses, stage.responses)),
        expectedZeroStd: mean(({ correct, responses }) => expectedZeroStd(correct, responses, stage.responses)),
      };
    });
  }
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
