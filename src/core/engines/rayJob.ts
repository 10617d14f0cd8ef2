import type { EmitOptions, EngineCommand } from './emission';

/** A command that runs on a Ray cluster under a name of its own, and how it is asked about, followed, ended and forgotten. Each reads the cluster's token as Ray does: RAY_AUTH_TOKEN, RAY_AUTH_TOKEN_PATH, ~/.ray/auth_token. */
export interface RayJob {
  readonly id: string;
  readonly status: EngineCommand;
  readonly follow: EngineCommand;
  readonly stop: EngineCommand;
  readonly remove: EngineCommand;
}

/** `active`: it waits or runs; `ended`: it failed or was stopped; `gone`: the cluster knows no such job; `unknown`: the cluster did not answer. */
export type JobState = 'active' | 'succeeded' | 'ended' | 'gone' | 'unknown';

/** What is large and not needed there: a run writes its own files where it stands, and a cluster takes half a gigabyte at most. */
const notSent = ['.git', '.venv', 'checkpoints', 'policy', 'rollouts', 'events.jsonl', 'stdout.log', 'stderr.log', 'process.json'];

/** The command itself, or the command that submits it to a cluster as a job, whose working folder is sent along. */
export function onCluster(command: EngineCommand, stage: string, { address, python, folder }: Pick<EmitOptions, 'address' | 'python' | 'folder'>, workingFolder: string): { readonly train: EngineCommand; readonly job: RayJob | null } {
  if (address === null) return { train: command, job: null };
  const id = `pebr-${folder.split('/').filter(part => part !== '').at(-1) ?? ''}-${stage}`.replace(/[^\w-]+/g, '-');
  const ray = (verb: string, ...args: readonly string[]): EngineCommand => ({ argv: [python, '-m', 'ray.scripts.scripts', 'job', verb, '--address', address, ...args], cwd: command.cwd, env: {} });
  const environment = { env_vars: command.env, excludes: notSent };
  return {
    train: ray('submit', '--submission-id', id, '--working-dir', workingFolder, '--runtime-env-json', JSON.stringify(environment), '--', ...command.argv),
    job: { id, status: ray('status', id), follow: ray('logs', '--follow', id), stop: ray('stop', id), remove: ray('delete', id) },
  };
}

/** What `ray job status` said, both streams of it. */
export function jobState(output: string): JobState {
  if (/status code 404|does not exist/.test(output)) return 'gone';
  if (/Job '[^']*' succeeded/.test(output)) return 'succeeded';
  if (/Job '[^']*' (?:failed|was stopped)/.test(output)) return 'ended';
  return /Status for job '[^']*': \S*(?:PENDING|RUNNING)/.test(output) ? 'active' : 'unknown';
}
