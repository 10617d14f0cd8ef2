import * as path from 'node:path';
import { configChecks } from '../../core/launch/configChecks';
import { type LaunchCheck, passed, skipped } from '../../core/launch/launchCheck';
import { machineChecks } from '../../core/launch/machineChecks';
import type { PolicyFacts } from '../../core/launch/policyFacts';
import type { Project } from '../../core/project/project';
import type { LoadedReward, Score, ScoreItem } from '../../core/rewards/score';
import type { PolicyTrial } from '../../core/engines/trl';
import { activeRun } from './activeRun';
import { checkCluster } from './clusterCheck';
import { checkData, checkForecast } from './dataChecks';
import { checkFiles } from './fileChecks';
import { isDownloaded } from './hubCache';
import { checkPictures } from './pictureChecks';
import { checkChatTemplate, checkPrompt } from './promptCheck';
import { readMachineFacts } from './readMachineFacts';
import { readPolicyFacts } from './readPolicyFacts';
import { checkRewards } from './rewardChecks';

/** What only the place that starts a run can do. */
export interface PreflightHands {
  /** Whether a Python with the trainer's packages is there, and whether it can load this policy; null: none is to be loaded. */
  readonly checkPython: (trial: PolicyTrial | null, signal: AbortSignal | undefined) => Promise<readonly LaunchCheck[]>;
  /** `file` is absolute; throws `reward.failed`. */
  readonly loadReward: (file: string) => Promise<LoadedReward>;
  readonly score: (reward: LoadedReward, items: readonly ScoreItem[]) => Promise<readonly Score[]>;
}

export interface PreflightOptions {
  readonly signal?: AbortSignal;
  /** Processes that share a step. */
  readonly processes?: number;
  /** Address of a cluster that trains in place of this machine; null trains here. */
  readonly cluster?: string | null;
}

/**
 * Looks at everything that would otherwise fail after minutes, cheapest first, and hands over each check as it is done: configuration, machine, files, Python,
 * rewards and their cases, data, and what the stored difficulty lets each stage expect. A check never throws; what cannot be looked at is said.
 */
export async function* preflight(folder: string, project: Project, hands: PreflightHands, { signal, processes = 1, cluster = null }: PreflightOptions = {}): AsyncGenerator<LaunchCheck> {
  const facts = await readPolicyFacts(folder, project.policy.base);
  const python = askPython(folder, project, facts, hands, signal); // takes seconds: asked first, told at its place
  yield* configChecks(project, facts, processes);
  yield checkPolicy(facts, facts.kind === 'hub' && (await isDownloaded(facts.base)));
  if (cluster === null) yield* machineChecks(project, await readMachineFacts(folder, signal), facts);
  else {
    yield skipped('machine', 'Machine', `${cluster} trains; its GPUs, memory and disk are not looked at.`);
    yield await checkCluster(cluster, signal);
  }
  yield await activeRun(folder);
  yield* await checkFiles(folder, project);
  const parts: readonly (() => Promise<readonly LaunchCheck[]>)[] = [
    () => python,
    () => checkPrompt(folder, project),
    () => checkChatTemplate(folder, project),
    () => checkRewards(folder, project, hands),
    () => checkData(folder, project, signal),
    () => checkPictures(folder, project, signal),
    () => checkForecast(folder, project, signal),
  ];
  for (const part of parts) {
    signal?.throwIfAborted();
    yield* await part();
  }
}

/** EasyR1 and verl have a Python of their own. A folder that is known to be broken is not loaded: its fault is told. */
function askPython(folder: string, project: Project, { base, kind, missing, broken }: PolicyFacts, hands: PreflightHands, signal?: AbortSignal): Promise<readonly LaunchCheck[]> {
  if (project.engine === 'easyr1' || project.engine === 'verl') return Promise.resolve([]);
  const policy = kind === 'hub' ? base : kind === 'folder' && missing.length + broken.length === 0 ? path.resolve(folder, base) : null;
  const asked = hands.checkPython(policy === null ? null : { policy, remember: path.join(folder, '.pebr', 'trial-load.json') }, signal);
  asked.catch(() => undefined); // told where it is awaited, unless the checks end before
  return asked;
}

function checkPolicy({ base, kind, missing, broken }: PolicyFacts, isInCache: boolean): LaunchCheck {
  const [id, title] = ['policy', 'Policy'];
  const open = { kind: 'open', title: 'Open pebr.json', file: 'pebr.json' } as const;
  if (kind === 'missing') return { id, title, state: 'error', message: `There is no folder ${base}.`, remedy: 'Set policy.base to a folder with a model, or to a Hugging Face id (owner/name).', fix: open };
  if (kind === 'hub' && process.env.HF_HUB_OFFLINE === '1' && !isInCache) return { id, title, state: 'error', message: `${base} is not in the local cache of Hugging Face, and HF_HUB_OFFLINE forbids to download it.`, remedy: 'Unset HF_HUB_OFFLINE, download the model first, or set policy.base to a folder.', fix: open };
  if (kind === 'hub') return isInCache ? passed(id, title, `${base} is in the local cache of Hugging Face.`) : skipped(id, title, `${base} will be downloaded from the Hugging Face hub.`);
  if (missing.length > 0) return { id, title, state: 'error', message: `${base} lacks ${missing.join(', ')}.`, remedy: 'Copy or download the whole model folder.', fix: { ...open, file: path.join(base, 'config.json') } };
  if (broken.length > 0) return { id, title, state: 'error', message: `${base}: ${broken.join(' ')}`, remedy: 'Copy or download the files of that model again, or name another folder in policy.base.', fix: { ...open, file: path.join(base, 'config.json') } };
  return passed(id, title, `${base} is complete.`);
}
