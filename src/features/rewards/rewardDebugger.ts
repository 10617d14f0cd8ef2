import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { AppError, messageOf } from '../../core/errors';
import type { Score, ScoreItem } from '../../core/rewards/score';
import { readSetting } from '../../host/commands';
import { findHostPython, trainerFolder } from '../../host/hostPython';
import { rewardOptions } from '../../host/projectRewards';
import type { Services } from '../../host/services';
import type { DebugRequest } from '../../platform/rewards/debugRequest';

const pythonDebugger = 'ms-python.debugpy';

/** Scores one response in a process of its own under VS Code's debugger: the same loading and scoring code as the worker's, without a deadline. */
export class RewardDebugger {
  constructor(private readonly services: Services) {}

  /** Waits for the end of the session. Undefined where it was ended before the response was scored. */
  async debug(reward: string, item: ScoreItem, testRun?: vscode.TestRun): Promise<Score | undefined> {
    if (!vscode.workspace.isTrusted) throw new AppError('workspace.untrusted', { what: 'Rewards are code of this folder' });
    const isPython = reward.endsWith('.py');
    if (isPython && !(await hasPythonDebugger())) return undefined;
    const folder = await mkdtemp(path.join(os.tmpdir(), 'pebr-debug-'));
    try {
      const options = await rewardOptions(this.services.projects, reward);
      const clip = readSetting('pebr.clip.model') || options.clip;
      const request: DebugRequest = { path: reward, clip, item, result: path.join(folder, 'score.json') };
      const file = path.join(folder, 'request.json');
      await writeFile(file, JSON.stringify(request));
      const configuration = isPython ? await this.pythonConfiguration(reward, file) : this.nodeConfiguration(reward, file, options.projectFolder);
      await runSession(reward, file, configuration, testRun);
      return await readFile(request.result, 'utf8').then(text => JSON.parse(text) as Score, () => undefined); // ended by the person
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private nodeConfiguration(reward: string, request: string, cwd: string): vscode.DebugConfiguration {
    const dist = vscode.Uri.joinPath(this.services.context.extensionUri, 'dist').fsPath;
    return {
      ...common(reward), type: 'node', program: path.join(dist, 'debugReward.js'), args: [request], cwd,
      // On the desktop this process is Electron, which is no Node to debug: there the one on the PATH is taken.
      ...(process.versions['electron'] === undefined ? { runtimeExecutable: process.execPath } : {}),
      skipFiles: ['<node_internals>/**', `${dist.split(path.sep).join('/')}/**`],
      outFiles: [], // the maps come with the code: no folder is searched for them
      resolveSourceMapLocations: null,
    };
  }

  private async pythonConfiguration(reward: string, request: string): Promise<vscode.DebugConfiguration> {
    const { context, log } = this.services;
    const trainer = trainerFolder(context);
    return {
      ...common(reward), type: 'debugpy', program: path.join(trainer, 'pebr_trainer', 'debug_reward.py'), args: [request],
      python: (await findHostPython(context, log)).program, cwd: path.dirname(reward),
      rules: [{ path: path.join(trainer, '**'), include: false }], // stepping stays in the reward
    };
  }
}

function common(reward: string): vscode.DebugConfiguration {
  return { type: '', name: `Debug ${path.basename(reward)}`, request: 'launch', console: 'internalConsole', internalConsoleOptions: 'openOnSessionStart' };
}

async function runSession(reward: string, request: string, configuration: vscode.DebugConfiguration, testRun: vscode.TestRun | undefined): Promise<void> {
  const isOurs = (session: vscode.DebugSession): boolean => !session.parentSession && (session.configuration['args'] as unknown) instanceof Array && (session.configuration['args'] as readonly unknown[]).includes(request);
  let stop: vscode.Disposable | undefined;
  const ended = new Promise<void>(resolve => {
    stop = vscode.debug.onDidTerminateDebugSession(session => {
      if (isOurs(session)) resolve();
    });
  });
  try {
    const isStarted = await vscode.debug.startDebugging(vscode.workspace.getWorkspaceFolder(vscode.Uri.file(reward)), configuration, testRun ? { testRun } : {});
    if (!isStarted) throw new AppError('reward.failed', { file: reward, reason: 'The debugger did not start.', remedy: 'See its message, or the Debug Console.' });
    await ended;
  } catch (error) {
    throw error instanceof AppError ? error : new AppError('reward.failed', { file: reward, reason: `The debugger did not start: ${messageOf(error)}` }, { cause: error });
  } finally {
    stop?.dispose();
  }
}

/** Says what is missing and offers to install it. */
async function hasPythonDebugger(): Promise<boolean> {
  if (vscode.extensions.getExtension(pythonDebugger)) return true;
  const choice = await vscode.window.showWarningMessage('Debugging a Python reward needs the extension "Python Debugger", which is not installed.', 'Install Python Debugger');
  if (choice) await vscode.commands.executeCommand('workbench.extensions.installExtension', pythonDebugger);
  return vscode.extensions.getExtension(pythonDebugger) !== undefined;
}
