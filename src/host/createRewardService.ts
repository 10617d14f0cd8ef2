import { readFile, stat } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../core/errors';
import type { LoadedReward, Score, ScoreItem } from '../core/rewards/score';
import { RewardClient } from '../platform/rewards/rewardClient';
import { cancellableWhenSlow } from './cancellableWhenSlow';
import { readSetting } from './commands';
import { findHostPython } from './hostPython';
import { RewardFiles } from './rewardFiles';
import type { RewardOptions, RewardService } from './rewardService';

/** The window's reward service over the worker process in `dist/rewardWorker.js`. */
export function createRewardService(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): RewardService {
  return new WorkerRewardService(context, log);
}

interface Held {
  readonly loaded: LoadedReward;
  /** State of the reward's files when it was loaded; of its imports alone where a text stood for the file itself. */
  readonly stamp: string;
  readonly source: string | undefined;
}

class WorkerRewardService implements RewardService {
  private readonly held = new Map<string, Promise<Held>>();
  /** Loads that are not done, with the text or the state of the file that they load. */
  private readonly loading = new Map<string, { readonly text: string; readonly held: Promise<Held> }>();
  private readonly client: RewardClient;
  private readonly files = new RewardFiles();

  readonly onDidChange = this.files.onDidChange;

  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.client = new RewardClient(
      { dist: vscode.Uri.joinPath(context.extensionUri, 'dist').fsPath, keepSpare: true },
      text => log.info(`reward: ${text.trimEnd()}`),
      () => this.held.clear(),
    );
  }

  load(rewardPath: string, options: RewardOptions): Promise<LoadedReward> {
    if (!vscode.workspace.isTrusted) return Promise.reject(new AppError('workspace.untrusted', { what: 'Rewards are code of this folder' }));
    return this.loadOnce(keyOf(rewardPath, options), rewardPath, options).then(({ loaded }) => loaded);
  }

  /** Whoever asks for the very text that is being loaded gets its end too: a file that hangs is not tried again for each of them. */
  private async loadOnce(key: string, rewardPath: string, options: RewardOptions): Promise<Held> {
    this.files.expect(rewardPath);
    const text = options.source ?? (await stateOf(rewardPath));
    const running = this.loading.get(key);
    if (running?.text === text) return running.held;
    const before = this.held.get(key) ?? Promise.resolve(undefined);
    const held = before
      .catch(() => undefined) // what failed before is tried again
      .then(known => this.freshen(known, rewardPath, options));
    this.held.set(key, held);
    const mine = { text, held };
    this.loading.set(key, mine);
    const forget = (): void => {
      if (this.loading.get(key) === mine) this.loading.delete(key);
    };
    held.then(forget, forget);
    return held;
  }

  async score(rewardPath: string, options: RewardOptions, items: readonly ScoreItem[], token?: vscode.CancellationToken): Promise<readonly Score[]> {
    const { reward } = await this.load(rewardPath, options);
    const controller = new AbortController();
    const subscription = token?.onCancellationRequested(() => controller.abort());
    try {
      const { scores, ms } = await this.client.score({ reward, items, deadlineMs: readSetting('pebr.rewards.deadlineMs') }, controller.signal);
      this.log.debug(`${rewardPath}: ${items.length} responses scored in ${ms.toFixed(1)} ms`);
      return scores;
    } catch (error) {
      if (token?.isCancellationRequested) throw new vscode.CancellationError();
      throw error;
    } finally {
      subscription?.dispose();
    }
  }

  dispose(): void {
    this.files.dispose();
    this.client.dispose();
  }

  private async freshen(known: Held | undefined, rewardPath: string, options: RewardOptions): Promise<Held> {
    if (known && known.source === options.source && known.stamp === (await stampOfHeld(known, rewardPath))) return known;
    if (known) await this.client.unload(known.loaded.reward);
    try {
      const held = (await this.takeSaved(rewardPath, options)) ?? (await this.loadNew(rewardPath, options));
      this.files.follow(rewardPath, held.loaded.files, false);
      return held;
    } catch (error) {
      this.files.follow(rewardPath, AppError.is(error, 'reward.failed') ? [error.details.file] : [], true);
      throw error;
    }
  }

  /** A text that was loaded before it was saved, and is now what the file says: it is not loaded again. */
  private async takeSaved(rewardPath: string, options: RewardOptions): Promise<Held | undefined> {
    if (options.source !== undefined) return undefined;
    const key = keyOf(rewardPath, { ...options, source: '' });
    const unsaved = await this.held.get(key)?.catch(() => undefined);
    const state = await stateOf(rewardPath);
    if (unsaved?.source === undefined || unsaved.source !== (await readFile(rewardPath, 'utf8')).replace(/^\uFEFF/, '') || unsaved.stamp !== (await stampOfHeld(unsaved, rewardPath))) return undefined;
    this.held.delete(key);
    return { loaded: unsaved.loaded, stamp: await stampOfHeld({ loaded: unsaved.loaded, source: undefined }, rewardPath, state), source: undefined };
  }

  private async loadNew(rewardPath: string, { clip, source }: RewardOptions): Promise<Held> {
    const python = rewardPath.endsWith('.py') ? { python: [(await findHostPython(this.context, this.log)).program] } : {};
    const limits = { deadlineMs: readSetting('pebr.rewards.deadlineMs'), memoryMb: readSetting('pebr.rewards.memoryMb') };
    const params = { path: rewardPath, clip: readSetting('pebr.clip.model') || clip, ...limits, ...python, ...(source === undefined ? {} : { source }) };
    const state = await stateOf(rewardPath);
    const began = Date.now();
    const loaded = await cancellableWhenSlow(`Loading ${path.basename(rewardPath)}`, signal => this.client.load(params, signal));
    this.log.info(`${rewardPath}: loaded (${loaded.contract}, ${loaded.hash})`);
    const held = { loaded, stamp: '', source };
    return { ...held, stamp: (await isWrittenSince(began, importsOf(loaded, rewardPath))) ? 'written while it was loaded' : await stampOfHeld(held, rewardPath, state) };
  }
}

function keyOf(rewardPath: string, { clip, source }: RewardOptions): string {
  return JSON.stringify([rewardPath, clip, source !== undefined]);
}

function importsOf({ files }: LoadedReward, rewardPath: string): readonly string[] {
  return files.filter(file => file !== rewardPath);
}

/** Changes as soon as one of the files does. `own`: state of the reward's own file before it was read, because what is written while it is loaded was perhaps not read any more. */
async function stampOfHeld({ loaded, source }: Pick<Held, 'loaded' | 'source'>, rewardPath: string, own?: string): Promise<string> {
  const files = source === undefined ? loaded.files : importsOf(loaded, rewardPath);
  return (await Promise.all(files.map(file => (file === rewardPath ? own : undefined) ?? stateOf(file)))).join(' ');
}

/** Imports are known only once they were read. A time to come is a clock that is wrong, and says nothing. */
async function isWrittenSince(began: number, files: readonly string[]): Promise<boolean> {
  const times = await Promise.all(files.map(file => stat(file).then(({ mtimeMs }) => mtimeMs, () => 0)));
  return times.some(time => time > began && time <= Date.now());
}

function stateOf(file: string): Promise<string> {
  return stat(file).then(({ mtimeMs, size }) => `${mtimeMs}:${size}`, () => 'gone');
}
