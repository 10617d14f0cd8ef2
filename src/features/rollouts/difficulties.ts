import type { Services } from '../../host/services';
import type { SampleDifficulty } from '../../platform/rollouts/rolloutStore';

/** Difficulty of the samples of every dataset, as the last sampling found it. */
export async function difficultiesOf({ datasets }: Services): Promise<readonly SampleDifficulty[]> {
  const found = await Promise.all((await datasets.list()).map(async dataset => {
    const { records } = await datasets.difficulty(dataset);
    return [...records].map(([sample, { difficulty }]): SampleDifficulty => ({ dataset: dataset.config.id, sample, difficulty }));
  }));
  return found.flat();
}
