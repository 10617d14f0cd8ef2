import * as path from 'node:path';
import type { CliCommand } from './cliCommand';
import { resumeCommand as resumeLine, type StageOrder, stageOrders, trainCommand as trainLine, type TrainOptions } from '../core/engines/trl';
import type { ForeignEngine } from '../core/engines/engineId';
import { AppError } from '../core/errors';
import { isReady } from '../core/launch/launchCheck';
import type { Project } from '../core/project/project';
import { stageNames } from '../core/project/stageNames';
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
import { checksInWords, lookBeforeRun } from './lookBeforeRun';
import type { ProjectOnDisk } from './openProject';
import { parseOverrides, runProject, runProjectOptions } from './runProject';
import { trainQueue } from './trainQueue';
import { emitOnly, startForeign } from './trainForeign';

/** The bundle is dist/cli.js; the trainer lies beside dist. */
const extensionFolder = path.join(__dirname, '..');

export const trainCommand: CliCommand = {
  usage: `pebr train [--project DIR] [--seed N] [--order ${stageOrders.join('|')}] [--name NAME] [--preset NAME] [--set KEY=VALUE …] [--short] [--quiet]
      [--engine trl|ray] [--workers N] [--address URL]          run the whole pipeline, shared by N processes (trl) or workers of Ray; 1 when it fails.
      [--unchecked]                                             What preflight looks at is looked at first, and a fault ends it there; or start in spite of it
      [--engine easyr1|verl] [--emit-only DIR] [--policy P] [--nodes N] [--gpus N] [--engine-python P] [--engine-folder DIR] [--fork easyr1|pebr-r1] [--address URL]
                                                         run the RL stages by another engine, or only write what it needs into DIR
      [--reuse RUN --reuse-until STAGE] [--stages A,B]          take the first stages over from another run; only these stages
      [--queue FILE]                                            the runs of .pebr/queue.json, one after the other`,
  options: {
    ...runProjectOptions, seed: { type: 'string' }, order: { type: 'string' }, name: { type: 'string' }, short: { type: 'boolean', default: false }, unchecked: { type: 'boolean', default: false }, quiet: { type: 'boolean', default: false },
    python: { type: 'string', default: '' }, reuse: { type: 'string' }, 'reuse-until': { type: 'string' }, stages: { type: 'string' }, queue: { type: 'string' }, ...engineOptions,
  },
  async run(values) {
    if (typeof values.queue === 'string') return trainQueue(values.queue, { python: await pythonOf(String(values.python)), trainerFolder: path.join(extensionFolder, 'trainer'), rewardWorker: rewardWorker() });
    const chosen = await runProject(values.short ? { preset: 'short', ...values } : values);
    const { folder, project, overrides } = chosen;
    const engine = engineOf(values, chosen);
    if (engine === 'easyr1' || engine === 'verl') return trainForeign(values, engine, chosen);
    if (values['emit-only'] !== undefined) throw new AppError('argument.invalid', { argument: '--emit-only', reason: `the engine ${engine} is this trainer: there is nothing to write for it. It is for easyr1 and verl.` });
    const asked = {
      seed: typeof values.seed === 'string' ? wholeNumber('--seed', values.seed) : undefined, order: typeof values.order === 'string' ? orderOf(values.order) : undefined,
      ...(await reuseOf(values, project)), workers: workersOf(values), address: addressOf(values),
    };
    if (values.unchecked !== true && !(await isFit(folder, { ...project, engine }, values))) return 1;
    const python = await pythonOf(String(values.python));
    const runFolder = await makeRunFolder(folder, typeof values.name === 'string' ? values.name : project.name, new Date());
    const command = trainLine({ ...asked, trainerFolder: path.join(extensionFolder, 'trainer'), projectFolder: folder, runFolder, rewardWorker: rewardWorker(), overrides, engine });
    return train({ python, command, cwd: folder, runFolder }, values.quiet === true);
  },
};

/** What would make the run fail is told before anything is started. */
async function isFit(folder: string, project: Project, values: Parameters<CliCommand['run']>[0]): Promise<boolean> {
  const checks = await lookBeforeRun(folder, project, values);
  const found = checks.filter(({ state }) => state === 'error' || (state === 'warning' && values.quiet !== true));
  if (found.length > 0) console.error(checksInWords(found));
  if (isReady(checks)) return true;
  console.error('Nothing was started; --unchecked starts in spite of this.');
  return false;
}

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

/** What a run takes over, and which stages it has. Another order has stages of other names, which the trainer knows. */
async function reuseOf(values: Parameters<CliCommand['run']>[0], project: Project): Promise<Pick<TrainOptions, 'reuse' | 'stages'>> {
  const { reuse, 'reuse-until': until, stages } = values;
  if ((reuse === undefined) !== (until === undefined)) throw new AppError('argument.invalid', { argument: '--reuse', reason: 'Give --reuse RUN and --reuse-until STAGE together.' });
  const known = typeof values.order === 'string' ? undefined : stageNames(project);
  for (const [argument, names] of [['--reuse-until', until], ['--stages', stages]] as const) {
    const wrong = known && typeof names === 'string' ? names.split(',').find(name => !known.includes(name)) : undefined;
    if (wrong !== undefined) throw new AppError('argument.invalid', { argument, reason: `there is no stage "${wrong}"; there are ${known?.join(', ')}.` });
  }
  if (reuse !== undefined && !(await readRun(path.resolve(String(reuse)))).info) throw new AppError('run.unreadable', { folder: path.resolve(String(reuse)), reason: 'It has no run.json.' });
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
