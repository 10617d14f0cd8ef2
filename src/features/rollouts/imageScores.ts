import type { Services } from '../../host/services';
import { sampleBatches } from '../../platform/dataset/readSample';
import type { SampleMean } from '../../platform/rollouts/rolloutStore';
import type { ImageScore } from '../../protocol/rollouts';

interface Sums {
  readonly perception: number[];
  readonly reasoning: number[];
  readonly samples: Set<string>;
}

/** Images that have samples of both kinds in a run: what the perception ones got (mean reward) beside the reasoning ones (pass rate, else mean reward). */
export async function imageScores({ datasets }: Services, means: readonly SampleMean[]): Promise<readonly ImageScore[]> {
  const byImage = new Map<string, Sums>();
  for (const dataset of await datasets.list()) {
    const own = means.filter(mean => mean.dataset === dataset.config.id);
    if (own.length === 0) continue;
    const bySample = new Map<string, SampleMean[]>();
    for (const mean of own) bySample.set(mean.sample, [...(bySample.get(mean.sample) ?? []), mean]);
    for (const heldOut of dataset.heldOut === undefined ? [false] : [false, true]) {
      for await (const batch of sampleBatches(dataset.project.folder, dataset.config, { heldOut })) {
        for (const { sample: { qid, images } } of batch) {
          const [image] = images;
          if (image === undefined) continue;
          const sums = byImage.get(image) ?? { perception: [], reasoning: [], samples: new Set<string>() };
          for (const { mean, passRate } of bySample.get(qid) ?? []) {
            const score = dataset.config.stage === 'reasoning' ? (passRate ?? mean) : mean;
            if (score === null) continue;
            sums[dataset.config.stage].push(score);
            sums.samples.add(qid);
            byImage.set(image, sums);
          }
        }
      }
    }
  }
  return [...byImage].flatMap(([image, { perception, reasoning, samples }]) =>
    perception.length === 0 || reasoning.length === 0 ? [] : [{ image, perception: meanOf(perception), reasoning: meanOf(reasoning), samples: [...samples] }]);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
