import { randomBytes } from 'node:crypto';
import type { CliCommand } from './cliCommand';
import { AppError } from '../core/errors';
import type { LoadedReward, ScoreItem } from '../core/rewards/score';
import type { ScoreResult } from '../platform/rewards/protocol';
import { RewardClient } from '../platform/rewards/rewardClient';
import { RewardServer } from '../platform/rewards/rewardServer';
import { chosenReward } from './chosenReward';

export const rewardServeCommand: CliCommand = {
  usage: `pebr reward serve FILE [--port N] [--token T] [--host ADDRESS] [--project DIR] [--python PROGRAM]
                                                         answer POST /score on loopback, for trainers that run elsewhere`,
  options: {
    reward: { type: 'string' }, port: { type: 'string', default: '0' }, token: { type: 'string' }, host: { type: 'string', default: '127.0.0.1' }, project: { type: 'string', default: '.' },
    python: { type: 'string', default: 'python3' },
  },
  positional: 'reward',
  async run(values) {
    const port = Number(values.port);
    if (!(Number.isInteger(port) && port >= 0 && port < 65_536)) throw new AppError('argument.invalid', { argument: '--port', reason: 'Give a port number, or 0 for any.' });
    const { reward, clip, imageRoot } = await chosenReward(values);
    let loaded: Promise<LoadedReward> | undefined;
    const client = new RewardClient({ dist: __dirname }, text => process.stderr.write(text), () => (loaded = undefined));
    const load = (): Promise<LoadedReward> => (loaded ??= client.load({ path: reward, clip, imageRoot, python: [String(values.python)] }).catch((error: unknown) => {
      loaded = undefined; // the next request tries again: the file may be mended by then
      throw error;
    }));
    const score = async (items: readonly ScoreItem[]): Promise<ScoreResult> => client.score({ reward: (await load()).reward, items });
    const isGiven = typeof values.token === 'string' && values.token !== '';
    const token = isGiven ? String(values.token) : randomBytes(24).toString('base64url');
    const server = new RewardServer({ token, host: String(values.host), port, score });
    try {
      const { hash } = await load();
      const host = String(values.host);
      console.log(`PEBR_REWARD_URL=http://${host.includes(':') ? `[${host}]` : host}:${await server.listen()}`);
      if (!isGiven) console.log(`PEBR_REWARD_TOKEN=${token}`); // a token that was given is known, and logs are read
      console.log(`Reward ${hash.slice(0, 8)}. Ctrl+C ends the server after the requests that run.`);
      await new Promise(resolve => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
      });
      await server.close();
      return 0;
    } finally {
      client.dispose();
    }
  },
};
