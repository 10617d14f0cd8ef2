import type { SampleRef } from '../../core/dataset/sample';
import type { Problem } from '../../core/problem';
import { goldResponse } from '../../core/rewards/gold/goldResponse';
import type { ScoreItem } from '../../core/rewards/score';
import { keyOfRollout } from '../../core/rewards/forecast/stageForecast';
import type { Rollout } from '../../core/rollouts/rollout';
import type { Services } from '../../host/services';
import { findSamples, type FoundSamples } from '../../platform/dataset/findSamples';
import { type OnUnreadable, type PlacedSample, readSamples } from '../../platform/dataset/readSample';
import { readResponseFile } from '../../platform/responses/responseFile';
import { readGroup, readLastRollouts } from '../../platform/runs/readRollouts';
import type { PlaygroundChoice, ResponseSource } from '../../protocol/playground';

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
  const { source, count, dataset } = choice;
  switch (source.kind) {
    case 'gold': return goldItems(services, choice);
    case 'typed': return typedItem(services, choice, source.text);
    case 'file': return fileItems(services, source.path, dataset, count);
    case 'rollouts': return storedItems(services, source, count);
  }
}

async function goldItems(services: Services, choice: PlaygroundChoice): Promise<PlaygroundItems> {
  const unreadable: number[] = [];
  const samples = await samplesOf(services, choice, choice.count, false, ({ line }) => unreadable.push(line));
  const items = samples.map(({ sample }, index) => itemOf(choice.dataset ?? '', sample, goldResponse(sample), index));
  const [first] = unreadable;
  return { items, left: first === undefined ? [] : [unreadable.length === 1 ? `line ${first} cannot be read (see Problems)` : `${unreadable.length} lines cannot be read, the first is line ${first} (see Problems)`] };
}

async function storedItems(services: Services, { runFolder, stage, group }: ResponseSource & { readonly kind: 'rollouts' }, count: number): Promise<PlaygroundItems> {
  if (group !== undefined) return itemsOfRollouts(services, await readGroup(runFolder, stage, group));
  const { rollouts, problems } = await readLastRollouts(runFolder, stage, count);
  const { items, left } = await itemsOfRollouts(services, rollouts);
  return { items, left: [...left, ...faultsInWords(problems)] };
}

/** Stored rollouts with their rows as they are now. */
export async function itemsOfRollouts(services: Services, rollouts: readonly Rollout[]): Promise<PlaygroundItems> {
  const found = await samplesByRef(services, rollouts.map(rollout => ({ dataset: rollout.dataset, qid: rollout.sampleId })));
  const items = rollouts.flatMap(({ dataset, sampleId, group, index, response, tokens }): PlaygroundItem[] => {
    const sample = found.of({ dataset, qid: sampleId });
    return sample ? [{ key: keyOfRollout({ group, index }), sample: { dataset, qid: sampleId }, group, index, item: { response, tokens, sample } }] : [];
  });
  return { items, left: found.left };
}

async function samplesByRef({ datasets }: Services, refs: readonly SampleRef[]): Promise<FoundSamples> {
  return findSamples((await datasets.list()).map(({ project, config }) => ({ folder: project.folder, config })), refs);
}

async function samplesOf({ datasets }: Services, { dataset, qid }: PlaygroundChoice, limit: number, one = false, onUnreadable?: OnUnreadable): Promise<readonly PlacedSample[]> {
  if (dataset === null) return [];
  if (one && qid !== null) return [await datasets.sample({ dataset, qid })];
  const { project, config } = await datasets.byId(dataset);
  return readSamples(project.folder, config, { limit, ...(onUnreadable ? { onUnreadable } : {}) });
}

async function typedItem(services: Services, choice: PlaygroundChoice, text: string | null): Promise<PlaygroundItems> {
  const [placed] = await samplesOf(services, choice, 1, true);
  return { items: placed ? [itemOf(choice.dataset ?? '', placed.sample, text ?? goldResponse(placed.sample), 0)] : [], left: [] };
}

function itemOf(dataset: string, sample: PlacedSample['sample'], response: string, index: number): PlaygroundItem {
  return { key: `${index}`, sample: { dataset, qid: sample.qid }, group: null, index: 0, item: { response, sample } };
}

async function fileItems(services: Services, file: string, chosen: string | null, count: number): Promise<PlaygroundItems> {
  const { responses, problems } = await readResponseFile(file, count);
  const refOf = (response: { readonly dataset: string | undefined; readonly qid: string }): SampleRef => ({ dataset: response.dataset ?? chosen ?? '', qid: response.qid });
  const found = await samplesByRef(services, responses.map(refOf));
  const isGrouped = responses.some(response => response.index > 0);
  const items = responses.flatMap((stored, at): PlaygroundItem[] => {
    const ref = refOf(stored);
    const sample = found.of(ref);
    const item = sample && { response: stored.response, sample, ...(stored.tokens === undefined ? {} : { tokens: stored.tokens }) };
    return item ? [{ key: `${at}`, sample: ref, group: isGrouped ? `${ref.dataset}/${ref.qid}` : null, index: stored.index, item }] : [];
  });
  return { items: byGroup(items), left: [...found.left, ...faultsInWords(problems)] };
}

/** The first line that cannot be read, and how many more. */
function faultsInWords(problems: readonly Problem[]): readonly string[] {
  const [first] = problems;
  return first ? [`line ${first.line}${problems.length > 1 ? ` and ${problems.length - 1} more` : ''}: ${first.message}`] : [];
}

/** Responses of one group stand together, in the order in which the groups begin. */
function byGroup(items: readonly PlaygroundItem[]): readonly PlaygroundItem[] {
  const groups = new Map<string, PlaygroundItem[]>();
  for (const item of items) {
    const key = item.group ?? item.key;
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()].flat();
}
