import type * as vscode from 'vscode';
import type { DifficultyRecord } from '../../core/dataset/sample';
import { errorInWords } from '../../core/errorWords';
import { Emitter } from '../../core/event';
import type { Disposable } from '../../core/lifecycle';
import type { DatasetService, ProjectDataset } from '../../host/datasetService';
import { type GroupedRows, groupRows } from '../../platform/dataset/groupRows';

/** What reading a dataset through told; each part is absent until it is known. */
export interface DatasetFacts {
  readonly records: ReadonlyMap<string, DifficultyRecord>;
  readonly grouped: GroupedRows | undefined;
  /** Why the rows could not be read. */
  readonly failure: string | undefined;
}

const nothingYet: DatasetFacts = { records: new Map(), grouped: undefined, failure: undefined };

/** Facts of each dataset, found in the background and found again when its files change. The trees read them here. */
export class DatasetFactsCache implements Disposable {
  private readonly facts = new Map<string, DatasetFacts>();
  private readonly running = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>();
  private readonly changed = new Emitter<ProjectDataset>();
  private readonly subscription: Disposable;

  /** Some of a dataset's facts became known or changed. */
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly datasets: DatasetService,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.subscription = datasets.onDidChange(dataset => {
      if (dataset) void this.find(dataset);
      else void this.findAgain();
    });
  }

  /** What is known now; the first call for a dataset starts finding out. */
  get(dataset: ProjectDataset): DatasetFacts {
    const known = this.facts.get(keyOf(dataset));
    if (known) return known;
    this.facts.set(keyOf(dataset), nothingYet);
    void this.find(dataset);
    return nothingYet;
  }

  /** Reads a dataset through; settles when all is known. A newer call for the same dataset ends an older one, which then waits for it. */
  find(dataset: ProjectDataset): Promise<void> {
    const key = keyOf(dataset);
    this.running.get(key)?.abort.abort();
    const abort = new AbortController();
    const done = this.read(dataset, abort.signal).then(() => (abort.signal.aborted ? this.running.get(key)?.done : undefined));
    this.running.set(key, { abort, done });
    return done;
  }

  dispose(): void {
    this.subscription.dispose();
    for (const { abort } of this.running.values()) abort.abort();
    this.changed.dispose();
  }

  private async read(dataset: ProjectDataset, signal: AbortSignal): Promise<void> {
    const key = keyOf(dataset);
    const learn = (news: Partial<DatasetFacts>): void => {
      if (signal.aborted) return;
      this.facts.set(key, { ...(this.facts.get(key) ?? nothingYet), ...news });
      this.changed.fire(dataset);
    };
    try {
      try {
        const { records } = await this.datasets.difficulty(dataset);
        learn({ records, grouped: await groupRows(dataset.file, dataset.config.columns, records), failure: undefined });
      } catch (error) {
        learn({ grouped: undefined, failure: errorInWords(error) });
      }
    } catch (error) {
      if (!signal.aborted) this.log.error(`reading ${dataset.file}`, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  }

  private async findAgain(): Promise<void> {
    const datasets = await this.datasets.list();
    const wanted = new Set(datasets.map(keyOf));
    for (const key of this.facts.keys()) if (!wanted.has(key)) this.facts.delete(key);
    await Promise.all(datasets.filter(dataset => this.facts.has(keyOf(dataset))).map(dataset => this.find(dataset)));
  }
}

/** Two projects of a workspace may use the same dataset id. */
export function keyOf(dataset: ProjectDataset): string {
  return `${dataset.project.file}#${dataset.config.id}`;
}
