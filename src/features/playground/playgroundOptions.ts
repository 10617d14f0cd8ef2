import * as path from 'node:path';
import type { PlaygroundRequest } from '../../contributions';
import { projectRewards, type ProjectReward } from '../../host/projectRewards';
import type { Services } from '../../host/services';
import { listResponseFiles } from '../../platform/responses/responseFile';
import { listRolloutStages, listRunFolders } from '../../platform/runs/runFolders';
import type { PlaygroundChoice, PlaygroundOptions, ResponseSource } from '../../protocol/playground';

/** What there is to choose from in this workspace. */
export async function playgroundOptions({ projects, datasets }: Services): Promise<PlaygroundOptions> {
  const [rewards, listed, open] = await Promise.all([projectRewards(projects), datasets.list(), projects.list()]);
  const folders = (await Promise.all(open.map(project => listRunFolders(project.folder)))).flat();
  const runs = await Promise.all(folders.map(async folder => ({ folder, name: path.basename(folder), stages: await listRolloutStages(folder) })));
  const files = (await Promise.all(open.map(project => listResponseFiles(project.folder)))).flat();
  return {
    rewards: rewards.map(reward => ({ path: reward.path, name: nameOf(reward, rewards) })),
    datasets: listed.map(({ config }) => ({ id: config.id, stage: config.stage })),
    runs: runs.filter(run => run.stages.length > 0),
    files: files.map(file => ({ path: file, name: path.basename(file, '.jsonl') })),
  };
}

/** The file's name, with its folder where two have the same. */
function nameOf(reward: ProjectReward, all: readonly ProjectReward[]): string {
  const base = path.basename(reward.path);
  return all.filter(other => path.basename(other.path) === base).length > 1 ? reward.name : base;
}

/** Fills what a request or a remembered choice leaves open, so that the panel shows scores at once. */
export async function completeChoice(services: Services, options: PlaygroundOptions, given: Partial<PlaygroundChoice>): Promise<PlaygroundChoice> {
  const source: ResponseSource = given.source ?? { kind: 'gold' };
  const known = (reward: string | null | undefined): string | undefined => (reward && options.rewards.some(each => each.path === reward) ? reward : undefined);
  const reward = given.reward ?? known(await rewardOfStage(services, source)) ?? options.rewards[0]?.path ?? null;
  const dataset = options.datasets.find(each => each.id === given.dataset)?.id ?? (await datasetOfReward(services, reward)) ?? options.datasets[0]?.id ?? null;
  return { reward, dataset, count: given.count ?? 64, qid: given.qid ?? null, source, rule: given.rule ?? 'trl' };
}

export function choiceOfRequest({ reward, sample, runFolder, stage, group }: PlaygroundRequest): Partial<PlaygroundChoice> {
  const source: ResponseSource | undefined =
    runFolder !== undefined && stage !== undefined ? { kind: 'rollouts', runFolder, stage, ...(group === undefined ? {} : { group }) } : sample ? { kind: 'typed', text: null } : undefined;
  return { ...(reward === undefined ? {} : { reward }), ...(sample ? { dataset: sample.dataset, qid: sample.qid } : {}), ...(source ? { source } : {}) };
}

/** The reward that a stage of training was scored with, by the project as it is now. */
async function rewardOfStage({ projects }: Services, source: ResponseSource): Promise<string | undefined> {
  if (source.kind !== 'rollouts') return undefined;
  const project = (await projects.usable()).find(open => source.runFolder.startsWith(open.folder + path.sep));
  const name = project?.project.pipeline.stages.find(stage => stage.name === source.stage)?.reward ?? (source.stage === 'sampling' ? project?.project.pipeline.sampling?.reward : undefined);
  return project && name !== undefined ? path.resolve(project.folder, name) : undefined;
}

/** The dataset that a stage trains with this reward. */
async function datasetOfReward({ projects }: Services, reward: string | null): Promise<string | undefined> {
  for (const open of await projects.usable()) {
    const stage = open.project.pipeline.stages.find(each => path.resolve(open.folder, each.reward) === reward);
    if (stage) return stage.dataset;
  }
  return undefined;
}
