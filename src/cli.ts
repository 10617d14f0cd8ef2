import { parseArgs } from 'node:util';
import { attackCommand } from './cli/attack';
import { benchmarkCommand } from './cli/benchmark';
import type { CliCommand } from './cli/cliCommand';
import { difficultyCommand } from './cli/difficulty';
import { diffCommand } from './cli/diff';
import { engineRunCommand } from './cli/engineRun';
import { exportCommand } from './cli/export';
import { importCommand } from './cli/import';
import { lintCommand } from './cli/lint';
import { preflightCommand } from './cli/preflight';
import { proposeCommand } from './cli/propose';
import { queryCommand } from './cli/query';
import { reportCommand } from './cli/report';
import { rescoreCommand } from './cli/rescore';
import { routeCommand } from './cli/route';
import { scoreCommand } from './cli/score';
import { rewardServeCommand } from './cli/rewardServe';
import { rolloutsExportCommand } from './cli/rolloutsExport';
import { rewardShimCommand } from './cli/rewardShim';
import { resumeCommand, trainCommand } from './cli/train';
import { AppError } from './core/errors';
import { errorInWords } from './core/errorWords';

const commands: Readonly<Record<string, CliCommand>> = {
  lint: lintCommand,
  import: importCommand,
  export: exportCommand,
  diff: diffCommand,
  query: queryCommand,
  propose: proposeCommand,
  difficulty: difficultyCommand,
  route: routeCommand,
  score: scoreCommand,
  rescore: rescoreCommand,
  attack: attackCommand,
  'reward shim': rewardShimCommand,
  'reward serve': rewardServeCommand,
  preflight: preflightCommand,
  train: trainCommand,
  resume: resumeCommand,
  'engine-run': engineRunCommand,
  report: reportCommand,
  benchmark: benchmarkCommand,
  'rollouts export': rolloutsExportCommand,
};

const usage = `pebr <command> [options]

${Object.values(commands).map(command => `  ${command.usage}`).join('\n')}

Exit codes: 0 all is well, 1 something was found or failed, 2 the command cannot be run as given.`;

async function main(): Promise<number> {
  const [first, ...more] = process.argv.slice(2);
  const isTwoWords = first !== undefined && Object.hasOwn(commands, `${first} ${more[0]}`);
  const [name, rest] = isTwoWords ? [`${first} ${more[0]}`, more.slice(1)] : [first, more];
  if (name === undefined || name === '--help' || name === 'help') {
    console.log(usage);
    return name === undefined ? 2 : 0;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    console.error(`There is no command "${name}".\n\n${usage}`);
    return 2;
  }
  if (rest.includes('--help')) {
    console.log(command.usage);
    return 0;
  }
  try {
    const { values, positionals } = parseArgs({ args: rest, options: command.options, strict: true, allowPositionals: command.positional !== undefined });
    const named = [command.positional ?? []].flat();
    if (positionals.length > named.length) throw new AppError('argument.invalid', { argument: String(positionals[named.length]), reason: `it is one argument too many; one with spaces goes in quotes.\n\n${command.usage}` });
    return await command.run({ ...values, ...Object.fromEntries(named.slice(0, positionals.length).map((option, index) => [option, positionals[index]])) });
  } catch (error) {
    const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    if (!isUsage && !(error instanceof AppError)) throw error;
    console.error(`error: ${errorInWords(error)}${isUsage ? `\n\n${command.usage}` : ''}`);
    return 2;
  }
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(); // whoever read the output has read enough
});

void main().then(code => {
  process.exitCode = code;
});
