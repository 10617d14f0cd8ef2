import type { DatasetConfig, Project, StageConfig } from '../project/project';
import type { FileHashes, Hash } from './fileHashes';

export type NodeKind = 'warm-up' | 'sampling' | 'split' | 'stage' | 'evaluation';

/** One thing that the output of a node depends on. */
export interface Part {
  readonly value: unknown;
  /** The file whose hash `value` is, relative to the project's folder. */
  readonly file?: string;
  /** Said behind the words that it has changed. */
  readonly note?: string;
}

/** A file or folder, relative to the project's folder. */
export interface NodeInput {
  readonly path: string;
  /** The dataset whose rows it holds. */
  readonly dataset?: string;
}

/** A step of the pipeline. All but `split` are stages of a run under the same name; a split is what a sampling and people's decisions come to. */
export interface PipelineNode {
  readonly id: string;
  readonly kind: NodeKind;
  /** What it does, in a few words. */
  readonly words: string;
  readonly inputs: readonly NodeInput[];
  /** Everything that its output depends on besides the nodes before it. How the work is done (micro batch, checkpoints, engine) is none of it. */
  readonly parts: Readonly<Record<string, Part>>;
  /** Nodes whose output it reads. */
  readonly needs: readonly string[];
  /** Responses or rows that it works on, to tell the time of the next run from that of the last; null where that is not known beforehand. */
  readonly work: number | null;
}

const everyDifficulty = 3;

/** The nodes of a full run in their order. */
export function pipelineNodes(project: Project, hashes: FileHashes): readonly PipelineNode[] {
  const { pipeline, policy } = project;
  const nodes: PipelineNode[] = [];
  let maker: string | null = null;
  let sampling: string | null = null;
  const common = (): Record<string, Part> => ({
    seed: { value: pipeline.seed }, dtype: { value: policy.dtype },
    ...(maker === null ? { 'policy.base': { value: hashes.policy ?? policy.base, file: policy.base } } : {}),
  });
  const needs = (...ids: readonly (string | null)[]): readonly string[] => [...new Set(ids.filter(id => id !== null))];
  const answers = (): Record<string, Part> => ({
    maxPromptTokens: { value: policy.maxPromptTokens }, maxResponseTokens: { value: policy.maxResponseTokens }, prompt: { value: hashes.prompt, file: project.prompt ?? 'the prompt' },
  });

  if (pipeline.warmUp) {
    const { data, saveEvery: _, ...numbers } = pipeline.warmUp;
    nodes.push({
      id: 'warm-up', kind: 'warm-up', words: `${numbers.steps} steps × ${numbers.batch} rows`, inputs: [{ path: data }], needs: [], work: numbers.steps * numbers.batch,
      parts: { ...common(), ...values(numbers), lora: { value: policy.lora }, data: { value: hashes.warmUp, file: data }, ...pictureParts([data], hashes) },
    });
    maker = 'warm-up';
  }
  const addSampling = (id: string, before: readonly StageConfig[]): void => {
    if (!pipeline.sampling) return;
    const { reward, ...numbers } = pipeline.sampling;
    const datasets = sampledDatasets(project, before);
    nodes.push({
      id, kind: 'sampling', words: `${numbers.responses} responses × ${numbers.samples ?? 'all'} samples a dataset`, needs: needs(maker),
      inputs: [...datasets.map(dataset => ({ path: dataset.path, dataset: dataset.id })), { path: reward }], work: numbers.samples === null ? null : numbers.samples * numbers.responses * datasets.length,
      parts: { ...common(), ...answers(), ...values(numbers), ...rowParts(datasets, hashes), ...rewardParts(project, hashes, 'reward', reward) },
    });
    const decided = datasets.filter(dataset => hashes.curation[dataset.id]);
    nodes.push({
      id: id.replace('sampling', 'split'), kind: 'split', words: 'easy · medium · hard', needs: [id], work: 0,
      inputs: decided.map(dataset => ({ path: `${dataset.path}.curation.jsonl`, dataset: dataset.id })), parts: curationParts(datasets, hashes),
    });
    sampling = id;
  };
  addSampling('sampling', pipeline.stages);
  for (const stage of pipeline.stages) {
    if (stage.resample) addSampling(`sampling.${stage.name}`, [stage]);
    const { name, dataset, reward, saveEvery: _, resample: __, replay, ...numbers } = stage;
    const datasets = datasetsOf(project, [dataset, ...(replay ? [replay.dataset] : [])]);
    const choosesByDifficulty = stage.difficulty.length < everyDifficulty || stage.curriculum !== 'none' || stage.passRate !== null || (replay !== null && replay.difficulty.length < everyDifficulty);
    nodes.push({
      id: name, kind: 'stage', words: `${stage.steps} steps × ${stage.samplesPerStep} samples × ${stage.responses} responses`,
      needs: needs(maker, choosesByDifficulty ? sampling : null),
      inputs: [...datasets.map(each => ({ path: each.path, dataset: each.id })), ...[...new Set([reward, ...(replay ? [replay.reward] : [])])].map(path => ({ path }))],
      work: stage.steps * stage.samplesPerStep * stage.responses * stage.iterations,
      parts: {
        ...common(), ...answers(), ...values(numbers), dataset: { value: dataset }, lora: { value: policy.lora }, ...rowParts(datasets, hashes), ...curationParts(datasets, hashes),
        ...rewardParts(project, hashes, 'reward', reward),
        ...(replay ? { 'replay.dataset': { value: replay.dataset }, 'replay.share': { value: replay.share }, 'replay.difficulty': { value: replay.difficulty }, ...rewardParts(project, hashes, 'replay.reward', replay.reward) } : { replay: { value: null } }),
      },
    });
    maker = name;
  }
  if (pipeline.evaluate) {
    const held = project.datasets.flatMap(dataset => {
      const reward = ownReward(project, dataset.id);
      return dataset.heldOut !== null && reward !== undefined ? [{ dataset, heldOut: dataset.heldOut, reward }] : [];
    });
    const { samples, responses, temperature } = pipeline.evaluate;
    const policies = nodes.filter(node => node.kind === 'warm-up' || node.kind === 'stage').map(node => node.id);
    nodes.push({
      id: 'evaluation', kind: 'evaluation', words: `${responses} responses × ${samples ?? 'all'} held-out samples`, needs: policies,
      inputs: [...held.map(({ dataset, heldOut }) => ({ path: heldOut, dataset: dataset.id })), ...[...new Set(held.map(({ reward }) => reward))].map(path => ({ path }))],
      work: samples === null ? null : samples * (responses + 1) * held.length,
      parts: {
        ...common(), ...answers(), ...values({ samples, responses, temperature }), ...settingParts(held.map(({ dataset }) => dataset)),
        ...Object.assign({}, ...held.map(({ dataset, heldOut, reward }) => ({
          [`held-out of ${dataset.id}`]: { value: hashes.heldOut[dataset.id] ?? null, file: heldOut }, ...pictureParts([heldOut], hashes), ...rewardParts(project, hashes, `reward of ${dataset.id}`, reward),
        }))) as Record<string, Part>,
      },
    });
  }
  return nodes;
}

/** What is sampled: before a stage, its datasets; at first, those of which some stage wants a difficulty or an order, else all. */
function sampledDatasets(project: Project, before: readonly StageConfig[]): readonly DatasetConfig[] {
  const isFirst = before === project.pipeline.stages;
  const wanted = before.flatMap(stage => [
    ...[stage, ...(stage.replay ? [stage.replay] : [])].filter(use => !isFirst || use.difficulty.length < everyDifficulty).map(use => use.dataset),
    ...(stage.curriculum === 'none' && stage.passRate === null ? [] : [stage.dataset]),
  ]);
  return wanted.length === 0 ? project.datasets : datasetsOf(project, wanted);
}

/** In the order of the project, each once. */
function datasetsOf(project: Project, ids: readonly string[]): readonly DatasetConfig[] {
  return project.datasets.filter(dataset => ids.includes(dataset.id));
}

/** The reward that judges held-out answers: of the stage that trains on the dataset, else of one that replays it. */
function ownReward({ pipeline: { stages } }: Project, dataset: string): string | undefined {
  return stages.find(stage => stage.dataset === dataset)?.reward ?? stages.find(stage => stage.replay?.dataset === dataset)?.replay?.reward;
}

function values(numbers: Readonly<Record<string, unknown>>): Record<string, Part> {
  return Object.fromEntries(Object.entries(numbers).map(([key, value]) => [key, { value }]));
}

function rowParts(datasets: readonly DatasetConfig[], hashes: FileHashes): Record<string, Part> {
  return { ...settingParts(datasets), ...hashParts(datasets, 'rows', hashes.datasets, dataset => dataset.path), ...pictureParts(datasets.map(dataset => dataset.path), hashes) };
}

function settingParts(datasets: readonly DatasetConfig[]): Record<string, Part> {
  return Object.fromEntries(datasets.flatMap(({ id, columns, boxFrame, imageRoot }) => Object.entries({ columns, boxFrame, imageRoot }).map(([key, value]) => [`${key} of ${id}`, { value }])));
}

/** Pictures are hashed together; the one that was written last is told, since it is likely what has changed. */
function pictureParts(rows: readonly string[], { pictures, newestPictures }: FileHashes): Record<string, Part> {
  return Object.fromEntries(rows.map(file => {
    const newest = newestPictures?.[file];
    return [`pictures of ${file}`, { value: pictures[file] ?? null, file: `a picture of ${file}`, ...(newest ? { note: `the newest is ${newest}` } : {}) }];
  }));
}

function curationParts(datasets: readonly DatasetConfig[], hashes: FileHashes): Record<string, Part> {
  return hashParts(datasets, 'decisions', hashes.curation, dataset => `${dataset.path}.curation.jsonl`);
}

function hashParts(datasets: readonly DatasetConfig[], name: string, found: Readonly<Record<string, Hash>>, fileOf: (dataset: DatasetConfig) => string): Record<string, Part> {
  return Object.fromEntries(datasets.map(dataset => [`${name} of ${dataset.id}`, { value: found[dataset.id] ?? null, file: fileOf(dataset) }]));
}

/** A reward is its file, what that imports, and the image-text model that it may ask; numbers that a run has otherwise count as its own. */
function rewardParts(project: Project, hashes: FileHashes, name: string, reward: string): Record<string, Part> {
  return {
    [name]: { value: hashes.rewards[reward] ?? null, file: reward },
    ...Object.fromEntries(Object.entries(hashes.imports[reward] ?? {}).map(([file, value]) => [`${name}: ${file}`, { value, file }])),
    [`${name}: numbers`]: { value: project.rewardNumbers[reward] ?? {} },
    clip: { value: hashes.clip, file: project.clip ?? 'the image-text model' },
  };
}
