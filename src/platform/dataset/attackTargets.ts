import type { DatasetConfig } from '../../core/project/project';
import type { AttackTarget } from '../../core/rewards/attacks/attacks';
import { readImageSize } from './imageInfo';
import { readSamples } from './readSample';

/** Samples that every attack is tried on. */
const tried = 8;
/** Rows whose labels an attacker knows. */
const known = 64;

/** The first samples of a dataset as targets of attacks; empty where no row can be read. */
export async function readAttackTargets(folder: string, config: DatasetConfig): Promise<readonly AttackTarget[]> {
  const samples = (await readSamples(folder, config, { limit: known })).map(placed => placed.sample);
  return Promise.all(samples.slice(0, tried).map(async sample => {
    const image = sample.images[0];
    const size = image === undefined ? null : await readImageSize(image).catch(() => null); // the reward itself tells of an image that is not there
    return { sample, others: samples.filter(other => other !== sample), size };
  }));
}
