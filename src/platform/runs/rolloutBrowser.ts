import type { Difficulty } from '../../core/dataset/sample';
import { matches, type RolloutFilter } from '../../core/rollouts/rolloutFilter';
import type { Rollout } from '../../core/rollouts/rollout';
import type { GroupSummary } from '../../core/rollouts/rolloutGroup';
import type { Problem } from '../../core/problem';
import { RolloutIndex } from './rolloutIndex';
import { listRolloutStages, rolloutFile } from './runFolders';

/** How often a list that is being read for the first time is made anew. */
const growthMs = 250;

/** The groups of one stage of a run as a filter makes them; answers pages of any size without touching the responses. */
export class RolloutBrowser {
  private readonly indexes = new Map<string, RolloutIndex>();
  private shown: readonly GroupSummary[] = [];
  /** Rises when another list is chosen: pages of an earlier one are void. A list that grows keeps its version. */
  version = 0;
  stage: string | null = null;
  filter: RolloutFilter = {};

  constructor(
    readonly runFolder: string,
    private readonly difficultyOf: (dataset: string, sampleId: string) => Difficulty | undefined,
  ) {}

  /** Whether the file is being read at this moment: the list is not whole yet. */
  get isIndexing(): boolean {
    return this.index?.isReading ?? false;
  }

  get matching(): readonly GroupSummary[] {
    return this.shown;
  }

  get all(): readonly GroupSummary[] {
    return this.index?.groups ?? [];
  }

  get rolloutCount(): number {
    return this.index?.rolloutCount ?? 0;
  }

  get problems(): readonly Problem[] {
    return this.index?.problems ?? [];
  }

  stages(): Promise<readonly string[]> {
    return listRolloutStages(this.runFolder);
  }

  /**
   * Shows another stage or filter. For a file that was not read yet it resolves with the file's first megabyte, so that something can
   * be shown; `onGrowth` is called as more of it is read.
   */
  async select(stage: string, filter: RolloutFilter, onGrowth: () => void): Promise<void> {
    this.stage = stage;
    this.filter = filter;
    this.version++;
    if (!this.indexes.has(stage)) {
      this.indexes.set(stage, new RolloutIndex(rolloutFile(this.runFolder, stage)));
      await this.readFirst(onGrowth);
    }
    this.refilter();
  }

  /** Reads what was added to the current stage's file; tells whether anything was. */
  async refresh(onGrowth: () => void = () => {}): Promise<boolean> {
    const { index } = this;
    if (!index) return false;
    let told = 0;
    const isChanged = await index.refresh(() => {
      const isSoon = Date.now() - told < growthMs;
      if (isSoon || index !== this.index) return; // not at every megabyte of a large file, nor for a stage that is not shown any more
      told = Date.now();
      this.refilter();
      onGrowth();
    });
    if (isChanged && index === this.index) this.refilter();
    return isChanged;
  }

  private readFirst(onGrowth: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      const grown = (): void => {
        resolve();
        onGrowth();
      };
      // A failure after the first part meets the next refresh too, and is told there.
      this.refresh(grown).then(grown, reject);
    });
  }

  read(group: string): Promise<readonly Rollout[]> {
    return this.index?.read(group) ?? Promise.resolve([]);
  }

  /** Applies the filter anew, for instance because the difficulty of samples changed. */
  refilter(): void {
    this.shown = this.all.filter(group => matches(group, this.filter, this.difficultyOf));
  }

  private get index(): RolloutIndex | undefined {
    return this.stage === null ? undefined : this.indexes.get(this.stage);
  }
}
