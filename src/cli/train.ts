import * as path from 'node:path';
import type { CliCommand } from './cliCommand';
import { resumeCommand as resumeLine, type StageOrder, stageOrders, trainCommand as trainLine, type TrainOptions } from '../core/engines/trl';
import type { ForeignEngine } from '../core/engines/engineId';
import { AppError } from '../core/errors';
import { runReport } from '../core/runs/report';
import { reportAsText } from '../core/runs/reportText';
import { findPython } from '../platform/python/findPython';
import { workerCommand } from '../platform/rewards/workerCommand';
import { engineStart } from '../platform/runs/foreignRun';
import { makeRunFolder } from '../platform/runs/runFolders';
import { readRun } from '../platform/runs/runReader';
import { startTrainer } from '../platform/runs/startTrainer';
import { stopRun } from '../platform/runs/stopRun';
import { addressOf, engineOf, engineOptions, workersOf } from './engineFlags';
import { followRun } from './followRun';
import type { ProjectOnDisk } from './openProject';
import { parseOverrides, runProject, runProjectOptions } from './runProject';
import { trainQueue } from './trainQueue';
import { emitOnly, startForeign } from './trainForeign';

/** The bundle is dist/cli.js; the trainer lies beside dist. */
const extensionFolder = path.join(__dirname, '..');

export const trainCommand: CliCommand = {
  usage: `pebr train [--project DIR] [--seed N] [--order ${stageOrders.join('|')}] [--name NAME] [--preset NAME] [--set KEY=VALUE …] [--short] [--quiet]
      [--engine trl|ray] [--workers N] [--address URL]          run the whole pipeline, shared by N processes (trl) or workers of Ray; 1 when it fails
      [--engine easyr1|verl] [--emit-only DIR] [--policy P] [--nodes N] [--gpus N] [--engine-python P] [--engine-folder DIR] [--fork easyr1|pebr-r1] [--address URL]
                                                         run the RL stages by another engine, or only write what it needs into DIR
      [--reuse RUN --reuse-until STAGE] [--stages A,B]          take the first stages over from another run; only these stages
      [--queue FILE]                                            the runs of .pebr/queue.json, one after the other`,
  options: {
    ...runProjectOptions, seed: { type: 'string' }, order: { type: 'string' }, name: { type: 'string' }, short: { type: 'boolean', default: false }, quiet: { type: 'boolean', default: false },
    python: { type: 'string', default: '' }, reuse: { type: 'string' }, 'reuse-until': { type: 'string' }, stages: { type: 'string' }, queue: { type: 'string' }, ...engineOptions,
  },
  async run(values) {
    if (typeof values.queue === 'string') return trainQueue(values.queue, { python: await pythonOf(String(values.python)), trainerFolder: path.join(extensionFolder, 'trainer'), rewardWorker: rewardWorker() });
    const chosen = await runProject(values.short ? { preset: 'short', ...values } : values);
    const { folder, project, overrides } = chosen;
    const engine = engineOf(values, chosen);
    if (engine === 'easyr1' || engine === 'verl') return trainForeign(values, engine, chosen);
    if (values['emit-only'] !== undefined) throw new AppError('argument.invalid', { argument: '--emit-only', reason: `the engine ${engine} is this trainer: there is nothing to write for it. It is for easyr1 and verl.` });
    const python = await pythonOf(String(values.python));
    const runFolder = await makeRunFolder(folder, typeof values.name === 'string' ? values.name : project.name, new Date());
    const seed = typeof values.seed === 'string' ? wholeNumber('--seed', values.seed) : undefined;
    const order = typeof values.order === 'string' ? orderOf(values.order) : undefined;
    const command = trainLine({ trainerFolder: path.join(extensionFolder, 'trainer'), projectFolder: folder, runFolder, rewardWorker: rewardWorker(), seed, order, overrides, ...reuseOf(values), engine, workers: workersOf(values), address: addressOf(values) });
    return train({ python, command, cwd: folder, runFolder }, values.quiet === true);
  },
};

/** What only our own trainer understands must not be dropped without a word. */
async function trainForeign(values: Parameters<CliCommand['run']>[0], engine: ForeignEngine, project: ProjectOnDisk): Promise<number> {
  const given = ['seed', 'order', 'workers', 'reuse', 'stages'].find(name => values[name] !== undefined);
  if (given !== undefined) throw new AppError('argument.invalid', { argument: `--${given}`, reason: `${engine} does not know it; pebr.json and --set say what it is given.` });
  if (values['emit-only'] !== undefined) return emitOnly(values, engine, project);
  return train(await startForeign(values, engine, project), values.quiet === true);
}

export const resumeCommand: CliCommand = {
  usage: `pebr resume --run DIR [--set KEY=VALUE …] [--quiet]      go on with a stopped or broken run from its last checkpoint, with less memory for instance
                                                         (--set policy.microBatch=8)`,
  options: { run: { type: 'string' }, set: { type: 'string', multiple: true, default: [] }, quiet: { type: 'boolean', default: false }, python: { type: 'string', default: '' } },
  async run(values) {
    if (typeof values.run !== 'string') throw new AppError('argument.invalid', { argument: '--run', reason: 'Give the folder of the run.' });
    const runFolder = path.resolve(values.run);
    const { info } = await readRun(runFolder);
    if (!info) throw new AppError('run.unreadable', { folder: runFolder, reason: 'It has no run.json.' });
    if (info.engine === 'easyr1' || info.engine === 'verl') return train(engineStart(runFolder, info.project, __dirname), values.quiet === true);
    const python = await pythonOf(String(values.python));
    const command = resumeLine({ trainerFolder: path.join(extensionFolder, 'trainer'), runFolder, rewardWorker: rewardWorker(), overrides: parseOverrides(values.set), engine: info.engine === 'ray' ? 'ray' : 'trl', workers: info.workers });
    return train({ python, command, cwd: info.project, runFolder }, values.quiet === true);
  },
};

/** Starts the trainer, shows its progress and ends with the report. Ctrl+C stops it after the current step. */
async function train(start: Parameters<typeof startTrainer>[0], isQuiet: boolean): Promise<number> {
  console.log(`Run ${path.relative('', start.runFolder) || start.runFolder}`);
  const trainer = await startTrainer(start);
  process.once('SIGINT', () => {
    console.log('\nStopping after the current step; "pebr resume" goes on with the run.');
    void stopRun(start.runFolder);
  });
  const status = await followRun(start.runFolder, trainer.exit, isQuiet);
  const { info, events } = await readRun(start.runFolder);
  if (!isQuiet) console.log(`\n${reportAsText(runReport(info, events))}`);
  return status === 'completed' ? 0 : 1;
}

/** What a run takes over, and which stages it has. */
function reuseOf(values: Parameters<CliCommand['run']>[0]): Pick<TrainOptions, 'reuse' | 'stages'> {
  const { reuse, 'reuse-until': until, stages } = values;
  if ((reuse === undefined) !== (until === undefined)) throw new AppError('argument.invalid', { argument: '--reuse', reason: 'Give --reuse RUN and --reuse-until STAGE together.' });
  return { ...(reuse === undefined ? {} : { reuse: { run: path.resolve(String(reuse)), until: String(until) } }), ...(stages === undefined ? {} : { stages: String(stages).split(',') }) };
}

function rewardWorker(): { readonly command: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  const { file, args, env } = workerCommand({ dist: __dirname });
  return { command: [file, ...args], env };
}

async function pythonOf(setting: string): Promise<string> {
  const found = await findPython({ setting, environments: [path.join(extensionFolder, 'trainer', '.venv')], onStep: () => undefined });
  return found.program;
}

function wholeNumber(argument: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new AppError('argument.invalid', { argument, reason: `"${text}" is not a whole number.` });
  return Number(text);
}

function orderOf(text: string): StageOrder {
  const order = stageOrders.find(known => known === text);
  if (!order) throw new AppError('argument.invalid', { argument: '--order', reason: `"${text}" is none of ${stageOrders.join(', ')}.` });
  return order;
}
