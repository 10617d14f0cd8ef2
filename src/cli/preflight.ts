import * as path from 'node:path';
import { whatIsMissing } from '../core/engines/environmentCheck';
import { checkCommand } from '../core/engines/trl';
import { AppError } from '../core/errors';
import { errorInWords } from '../core/errorWords';
import { byState, type CheckState, isReady, type LaunchCheck, passed } from '../core/launch/launchCheck';
import { preflight } from '../platform/launch/preflight';
import { findPython } from '../platform/python/findPython';
import { runToEnd } from '../platform/python/runToEnd';
import { RewardClient } from '../platform/rewards/rewardClient';
import type { CliCommand } from './cliCommand';
import { addressOf, workersOf } from './engineFlags';
import { clipFolder } from './rewardArgument';
import { runProject, runProjectOptions } from './runProject';

const marks: Readonly<Record<CheckState, string>> = { ok: 'ok     ', skipped: 'skipped', warning: 'warning', error: 'ERROR  ' };

export const preflightCommand: CliCommand = {
  usage: `pebr preflight [--project DIR] [--preset NAME] [--set KEY=VALUE …] [--workers N] [--address URL] [--json]
                                                         look at everything a run needs before it starts; 1 when something would make it fail`,
  options: { ...runProjectOptions, workers: { type: 'string' }, address: { type: 'string' }, json: { type: 'boolean', default: false }, python: { type: 'string', default: '' } },
  async run(values) {
    const { folder, project } = await runProject(values);
    const client = new RewardClient({ dist: __dirname }, text => process.stderr.write(text));
    const checks: LaunchCheck[] = [];
    try {
      const hands = {
        checkPython: () => checkPython(String(values.python)),
        loadReward: (file: string) => client.load({ path: file, clip: clipFolder(folder, project) }),
        score: async ({ reward }: { reward: string }, items: Parameters<RewardClient['score']>[0]['items']) => (await client.score({ reward, items })).scores,
      };
      for await (const check of preflight(folder, project, hands, { processes: workersOf(values), cluster: addressOf(values) })) checks.push(check);
    } finally {
      client.dispose();
    }
    if (values.json) console.log(JSON.stringify(checks, null, 1));
    else for (const check of byState(checks)) console.log(`${marks[check.state]}  ${check.title}: ${check.message}${check.remedy ? `\n         ${check.remedy}` : ''}`);
    return isReady(checks) ? 0 : 1;
  },
};

async function checkPython(setting: string): Promise<LaunchCheck> {
  const [id, title] = ['python', 'Python'];
  const remedy = 'Let PeBR make an environment ("PeBR: Set Up Python", or `npm start`), or name a Python that has the packages with --python.';
  const extensionFolder = path.join(__dirname, '..');
  try {
    const { program } = await findPython({ setting, environments: [path.join(extensionFolder, 'trainer', '.venv')], onStep: () => undefined });
    const { args, env } = checkCommand({ trainerFolder: path.join(extensionFolder, 'trainer') });
    const missing = whatIsMissing(await runToEnd(program, args, { env, timeoutMs: 120_000 }));
    return missing === null ? passed(id, title, `${program} can run the trainer.`) : { id, title, state: 'error', message: `${program} cannot run the trainer: ${missing}`, remedy };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { id, title, state: 'error', message: errorInWords(error), remedy };
  }
}
