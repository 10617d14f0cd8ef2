import { readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { CliCommand } from './cliCommand';
import { AppError } from '../core/errors';
import { rewardShim } from '../platform/rewards/rewardShim';
import { workerCommand } from '../platform/rewards/workerCommand';
import { chosenReward } from './chosenReward';

export const rewardShimCommand: CliCommand = {
  usage: `pebr reward shim FILE [--out FILE] [--on-error raise|none|NUMBER] [--project DIR]
                                                         write one Python file through which TRL, verl, EasyR1, ms-swift and OpenRLHF use the reward`,
  options: { reward: { type: 'string' }, out: { type: 'string', default: 'pebr_reward.py' }, 'on-error': { type: 'string', default: 'raise' }, project: { type: 'string', default: '.' } },
  positional: 'reward',
  async run(values) {
    const { reward, clip, imageRoot } = await chosenReward(values);
    const given = String(values['on-error']);
    const onError = given === 'raise' || given === 'none' ? given : Number(given);
    if (typeof onError === 'number' && !Number.isFinite(onError)) throw new AppError('argument.invalid', { argument: '--on-error', reason: 'Give raise, none or a number.' });
    const template = await readFile(path.join(__dirname, '..', 'trainer', 'pebr_trainer', 'pebr_reward.py'), 'utf8');
    const { file, args } = workerCommand({ dist: __dirname });
    const out = path.resolve(String(values.out));
    await writeFile(out, rewardShim(template, { reward, worker: [file, ...args], clip, imageRoot, deadlineMs: 5000, onError }));
    console.log(out);
    return 0;
  },
};
