import type { SampleRef } from '../../core/dataset/sample';
import { goldResponse } from '../../core/rewards/goldResponse';
import type { ScoreItem } from '../../core/rewards/score';
import type { Rollout } from '../../core/rollouts/rollout';
import type { Services } from '../../host/services';
import { type PlacedSample, readSamples } from '../../platform/dataset/readSample';
import { readGroup, readLastRollouts } from '../../platform/runs/readRollouts';
import type { PlaygroundChoice } from '../../protocol/playground';

/** A response that is to be scored, and what the table says of it besides its score. */
export interface PlaygroundItem {
  readonly key: string;
  readonly sample: SampleRef;
  readonly group: string | null;
  readonly index: number;
  readonly item: ScoreItem;
}

export interface PlaygroundItems {
  readonly items: readonly PlaygroundItem[];
  /** Why some responses are not among them. */
  readonly left: readonly string[];
}

/** The responses that a choice means, each with its row. Throws an `AppError` when the dataset or the run cannot be read. */
export async function itemsOfChoice(services: Services, choice: PlaygroundChoice): Promise<PlaygroundItems> {
  switch (choice.source.kind) {
    case 'gold': return { items: (await samplesOf(services, choice, choice.count)).map(({ sample }, index) => itemOf(choice.dataset ?? '', sample, goldResponse(sample), index)), left: [] };
    case 'typed': return typedItem(services, choice, choice.source.text);
    case 'rollouts': return rolloutItems(services, choice.source, choice.count);
  }
}

async function samplesOf({ datasets }: Services, { dataset, qid }: PlaygroundChoice, limit: number, one = false): Promise<readonly PlacedSample[]> {
  if (dataset === null) return [];
  if (one && qid !== null) return [await datasets.sample({ dataset, qid })];
  const { project, config } = await datasets.byId(dataset);
  return readSamples(project.folder, config, { limit });
}

async function typedItem(services: Services, choice: PlaygroundChoice, text: string | null): Promise<PlaygroundItems> {
  const [placed] = await samplesOf(services, choice, 1, true);
  return { items: placed ? [itemOf(choice.dataset ?? '', placed.sample, text ?? goldResponse(placed.sample), 0)] : [], left: [] };
}

function itemOf(dataset: string, sample: PlacedSample['sample'], response: string, index: number): PlaygroundItem {
  return { key: `${index}`, sample: { dataset, qid: sample.qid }, group: null, index: 0, item: { response, sample } };
}

async function rolloutItems({ datasets }: Services, source: { readonly runFolder: string; readonly stage: string; readonly group?: string }, count: number): Promise<PlaygroundItems> {
  const { runFolder, stage, group } = source;
  const rollouts = group === undefined ? await readLastRollouts(runFolder, stage, count) : await readGroup(runFolder, stage, group);
  const rows = new Map<string, PlacedSample['sample']>();
  const left: string[] = [];
  for (const id of new Set(rollouts.map(rollout => rollout.dataset))) {
    const known = (await datasets.list()).find(dataset => dataset.config.id === id);
    const qids = new Set(rollouts.filter(rollout => rollout.dataset === id).map(rollout => rollout.sampleId));
    const found = known ? await samplesById(known.project.folder, known.config, qids) : [];
    for (const { sample } of found) rows.set(keyOf(id, sample.qid), sample);
    const gone = [...qids].filter(qid => !rows.has(keyOf(id, qid)));
    if (gone.length > 0) left.push(known ? `${id} has no sample ${gone.slice(0, 3).join(', ')}${gone.length > 3 ? ` and ${gone.length - 3} more` : ''} any more` : `pebr.json names no dataset "${id}" any more`);
  }
  const items = rollouts.flatMap((rollout): PlaygroundItem[] => {
    const sample = rows.get(keyOf(rollout.dataset, rollout.sampleId));
    return sample ? [itemOfRollout(rollout, sample)] : [];
  });
  return { items, left };
}

async function samplesById(folder: string, config: Parameters<typeof readSamples>[1], qids: ReadonlySet<string>): Promise<readonly PlacedSample[]> {
  const found = await readSamples(folder, config, { limit: qids.size, qids });
  const seen = new Set(found.map(({ sample }) => sample.qid));
  const rest = new Set([...qids].filter(qid => !seen.has(qid)));
  if (rest.size === 0 || config.heldOut === null) return found;
  return [...found, ...(await readSamples(folder, config, { limit: rest.size, qids: rest, heldOut: true }))];
}

function itemOfRollout(rollout: Rollout, sample: PlacedSample['sample']): PlaygroundItem {
  const { dataset, sampleId, group, index, response, tokens } = rollout;
  return { key: `${group}#${index}`, sample: { dataset, qid: sampleId }, group, index, item: { response, tokens, sample } };
}

function keyOf(dataset: string, qid: string): string {
  return `${dataset}\0${qid}`;
}
