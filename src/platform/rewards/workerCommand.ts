import * as path from 'node:path';

export interface WorkerCommand {
  readonly file: string;
  readonly args: readonly string[];
  /** To be added to the environment. */
  readonly env: Readonly<Record<string, string>>;
}

export interface WorkerCommandOptions {
  /** Folder of the bundles. */
  readonly dist: string;
  /** The Node to run; this process's own by default. */
  readonly node?: string;
  /** False starts without Node's permission model, for a Node that refuses its flags. */
  readonly sandbox?: boolean;
  /** True keeps a process ready for the next version of a reward: where people save and look, not where a trainer needs the processors. */
  readonly keepSpare?: boolean;
}

/**
 * How the reward worker is started: by the extension host, the CLI, and (as `--reward-worker` JSON, the argument list) the Python trainer.
 * Where Node has the permission model, rewards cannot write files.
 */
export function workerCommand({ dist, node = process.execPath, sandbox = true, keepSpare = false }: WorkerCommandOptions): WorkerCommand {
  const isElectron = process.versions['electron'] !== undefined && node === process.execPath;
  const flags = sandbox && !isElectron ? permissionFlags() : [];
  return { file: node, args: ['--no-warnings', ...flags, path.join(dist, 'rewardWorker.js'), ...(keepSpare ? ['--keep-spare'] : [])], env: isElectron ? { ELECTRON_RUN_AS_NODE: '1' } : {} };
}

/** The flags of this Node: `--permission` since 22.13 and 23.5, experimental before. Threads, Python children and the native model runtime stay allowed. */
function permissionFlags(): readonly string[] {
  const known = process.allowedNodeEnvironmentFlags;
  const flag = ['--permission', '--experimental-permission'].find(name => known.has(name));
  if (!flag || !known.has('--allow-addons')) return [];
  const net = known.has('--allow-net') ? ['--allow-net'] : [];
  return [flag, '--allow-fs-read=*', '--allow-worker', '--allow-addons', '--allow-child-process', ...net];
}
