import * as path from 'node:path';
import { furtherPackages, whatIsMissing } from '../../core/engines/environmentCheck';
import { checkCommand, type PolicyTrial } from '../../core/engines/trl';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { type LaunchCheck, passed } from '../../core/launch/launchCheck';
import { trialLoadCheck } from '../../core/launch/trialLoad';
import type { Project } from '../../core/project/project';
import { readSetting } from '../../host/commands';
import { findHostPython, trainerFolder } from '../../host/hostPython';
import type { Services } from '../../host/services';
import type { PreflightHands, PreflightOptions } from '../../platform/launch/preflight';
import { runToEnd } from '../../platform/python/runToEnd';

/** What this window lends to the checks before a run: its Python and its reward worker. */
export function preflightHands(services: Services, project: Project, folder: string): PreflightHands {
  const options = { projectFolder: folder, clip: project.clip ? path.resolve(folder, project.clip) : null };
  const files = new Map<string, string>();
  return {
    checkPython: (trial, signal) => checkPython(services, project, trial, signal),
    loadReward: async file => {
      const loaded = await services.rewards.load(file, options);
      files.set(loaded.reward, file);
      return loaded;
    },
    score: ({ reward }, items) => services.rewards.score(files.get(reward) ?? reward, options, items),
  };
}

/** Who trains, by the settings of this machine. */
export function sharedBy(): Required<Pick<PreflightOptions, 'processes' | 'cluster'>> {
  return { processes: readSetting('pebr.engine.workers'), cluster: readSetting('pebr.engine.address').trim() || null };
}

async function checkPython(services: Services, project: Project, trial: PolicyTrial | null, signal: AbortSignal | undefined): Promise<readonly LaunchCheck[]> {
  const about = { id: 'python', title: 'Python', state: 'error' } as const;
  const setUp = { kind: 'setUpPython', title: 'Set Up Python' } as const;
  const openSetting = { kind: 'openSetting', title: 'Open Setting' } as const;
  try {
    const { program } = await findHostPython(services.context, services.log);
    const { args, env } = checkCommand({ trainerFolder: trainerFolder(services.context), trial });
    const said = await runToEnd(program, args, { env, timeoutMs: 120_000, signal });
    const missing = whatIsMissing(said, furtherPackages(project));
    signal?.throwIfAborted();
    if (missing === null) return [passed(about.id, about.title, `${program} can run the trainer.`), ...trialLoadCheck(said, project.policy.base)];
    const message = `${program} cannot run the trainer: ${missing}`;
    const isChosen = readSetting('pebr.python.path').trim() !== ''; // then an environment of ours would not be used
    return [isChosen
      ? { ...about, message, remedy: 'Install what it lacks, or empty the setting "pebr.python.path" so that PeBR makes an environment of its own.', fix: openSetting }
      : { ...about, message, remedy: 'Let PeBR make an environment that has all it needs (about 1.5 GB on a machine without a GPU).', fix: setUp }];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ ...about, message: errorInWords(error), remedy: 'Install Python 3.11 or newer, or name one in the settings.', fix: error.code === 'python.unusable' ? openSetting : setUp }];
  }
}
