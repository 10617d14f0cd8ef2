import type { Sample, SampleRef } from '../../core/dataset/sample';
import type { DatasetConfig } from '../../core/project/project';
import { type PlacedSample, readSamples } from './readSample';

/** A dataset and the folder of its project. */
export interface DatasetPlace {
  readonly folder: string;
  readonly config: DatasetConfig;
}

export interface FoundSamples {
  of(ref: SampleRef): Sample | undefined;
  /** Samples that are not there any more, dataset by dataset, in words. */
  readonly left: readonly string[];
}

/** The rows of many samples, read in one pass a dataset; held-out rows are looked through where the dataset has not all of them. */
export async function findSamples(datasets: readonly DatasetPlace[], refs: readonly SampleRef[]): Promise<FoundSamples> {
  const rows = new Map<string, Sample>();
  const left: string[] = [];
  for (const id of new Set(refs.map(ref => ref.dataset))) {
    const known = datasets.find(dataset => dataset.config.id === id);
    const qids = new Set(refs.filter(ref => ref.dataset === id).map(ref => ref.qid));
    for (const { sample } of known ? await samplesById(known, qids) : []) rows.set(keyOf({ dataset: id, qid: sample.qid }), sample);
    const gone = [...qids].filter(qid => !rows.has(keyOf({ dataset: id, qid })));
    if (gone.length > 0) left.push(known ? `${id} has no sample ${gone.slice(0, 3).join(', ')}${gone.length > 3 ? ` and ${gone.length - 3} more` : ''}` : `pebr.json names no dataset "${id}"`);
  }
  return { of: ref => rows.get(keyOf(ref)), left };
}

async function samplesById({ folder, config }: DatasetPlace, qids: ReadonlySet<string>): Promise<readonly PlacedSample[]> {
  const found = await readSamples(folder, config, { limit: qids.size, qids });
  const seen = new Set(found.map(({ sample }) => sample.qid));
  const rest = new Set([...qids].filter(qid => !seen.has(qid)));
  if (rest.size === 0 || config.heldOut === null) return found;
  return [...found, ...(await readSamples(folder, config, { limit: rest.size, qids: rest, heldOut: true }))];
}

function keyOf({ dataset, qid }: SampleRef): string {
  return `${dataset}\0${qid}`;
}
