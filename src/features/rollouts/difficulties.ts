import type { Difficulty } from '../../core/dataset/sample';
import { difficultyFile, readDifficulty } from '../../platform/dataset/difficultyFile';

/** Difficulty of the samples of a project, as its last sampling found it. */
export class Difficulties {
  private readonly byDataset = new Map<string, ReadonlyMap<string, { readonly difficulty: Difficulty }>>();

  constructor(private readonly projectFolder: string) {}

  async load(datasets: readonly string[]): Promise<void> {
    for (const dataset of datasets) this.byDataset.set(dataset, (await readDifficulty(difficultyFile(this.projectFolder, dataset))).records);
  }

  of(dataset: string, sampleId: string): Difficulty | undefined {
    return this.byDataset.get(dataset)?.get(sampleId)?.difficulty;
  }
}
