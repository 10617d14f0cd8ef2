import type { EmitOptions, EngineCommand } from './emission';

/** The command itself, or the command that submits it to a cluster as a job, whose working folder is sent along. */
export function onCluster(command: EngineCommand, { address, python }: Pick<EmitOptions, 'address' | 'python'>, workingFolder: string): EngineCommand {
  if (address === null) return command;
  const environment = { env_vars: command.env };
  return {
    argv: [python, '-m', 'ray.scripts.scripts', 'job', 'submit', '--address', address, '--working-dir', workingFolder, '--runtime-env-json', JSON.stringify(environment), '--', ...command.argv],
    cwd: command.cwd, env: {},
  };
}
