import * as path from 'node:path';
import { furtherPackages, whatIsMissing } from '../core/engines/environmentCheck';
import { checkCommand, type PolicyTrial } from '../core/engines/trl';
import { AppError } from '../core/errors';
import { errorInWords } from '../core/errorWords';
import { byState, type CheckState, type LaunchCheck, passed } from '../core/launch/launchCheck';
import { trialLoadCheck } from '../core/launch/trialLoad';
import type { Project } from '../core/project/project';
import { preflight } from '../platform/launch/preflight';
import { findPython } from '../platform/python/findPython';
import { runToEnd } from '../platform/python/runToEnd';
import { RewardClient } from '../platform/rewards/rewardClient';
import { addressOf, workersOf } from './engineFlags';
import { clipFolder } from './rewardArgument';

const marks: Readonly<Record<CheckState, string>> = { ok: 'ok     ', skipped: 'skipped', warning: 'warning', error: 'ERROR  ' };

/** Everything that a run with these options needs, looked at; nothing is started. */
export async function lookBeforeRun(folder: string, project: Project, values: Readonly<Record<string, unknown>>): Promise<readonly LaunchCheck[]> {
  const client = new RewardClient({ dist: __dirname }, text => process.stderr.write(text));
  const hands = {
    checkPython: (trial: PolicyTrial | null) => checkPython(String(values['python']), project, trial),
    loadReward: (file: string) => client.load({ path: file, clip: clipFolder(folder, project) }),
    score: async ({ reward }: { reward: string }, items: Parameters<RewardClient['score']>[0]['items']) => (await client.score({ reward, items })).scores,
  };
  const checks: LaunchCheck[] = [];
  try {
    for await (const check of preflight(folder, project, hands, { processes: workersOf(values), cluster: addressOf(values) })) checks.push(check);
  } finally {
    client.dispose();
  }
  return checks;
}

/** A line a check and one for its remedy, the worst first. */
export function checksInWords(checks: readonly LaunchCheck[]): string {
  return byState(checks).map(({ state, title, message, remedy }) => `${marks[state]}  ${title}: ${message}${remedy ? `\n         ${remedy}` : ''}`).join('\n');
}

async function checkPython(setting: string, project: Project, trial: PolicyTrial | null): Promise<readonly LaunchCheck[]> {
  const [id, title] = ['python', 'Python'];
  const remedy = 'Let PeBR make an environment ("PeBR: Set Up Python", or `npm start`), or name a Python that has the packages with --python.';
  const extensionFolder = path.join(__dirname, '..');
  try {
    const { program } = await findPython({ setting, environments: [path.join(extensionFolder, 'trainer', '.venv')], onStep: () => undefined });
    const { args, env } = checkCommand({ trainerFolder: path.join(extensionFolder, 'trainer'), trial });
    const said = await runToEnd(program, args, { env, timeoutMs: 120_000 });
    const missing = whatIsMissing(said, furtherPackages(project));
    if (missing !== null) return [{ id, title, state: 'error', message: `${program} cannot run the trainer: ${missing}`, remedy }];
    return [passed(id, title, `${program} can run the trainer.`), ...trialLoadCheck(said, project.policy.base)];
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return [{ id, title, state: 'error', message: errorInWords(error), remedy }];
  }
}
