import { mkdir, readFile, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { EmitProblem, EmittedStage, Emission } from '../../core/engines/emission';
import { AppError, messageOf } from '../../core/errors';
import type { Project } from '../../core/project/project';
import { inputsOfDataset } from '../formats/exportInputs';
import { planExport } from '../formats/planExport';
import { rowsOfQuery } from '../formats/rowsOfQuery';
import { runExport } from '../formats/runExport';
import { readPromptTemplate } from '../responses/promptTemplate';
import { rewardShim } from '../rewards/rewardShim';
import { workerCommand } from '../rewards/workerCommand';

export interface EmissionPlace {
  /** Absolute; everything is written into it. */
  readonly folder: string;
  readonly projectFolder: string;
  readonly project: Project;
  /** Folder of the bundles; the trainer lies beside it. */
  readonly dist: string;
}

export interface WrittenEmission {
  /** Absolute paths, in the order of writing. */
  readonly files: readonly string[];
  /** Rows to train on, by stage. */
  readonly rows: Readonly<Record<string, number>>;
  readonly problems: readonly EmitProblem[];
}

/** Writes what an engine needs: rows with their prompts, configurations, reward shims, and `README.txt` with the commands. Throws `file.unwritable`. */
export async function writeEmission(emission: Emission, place: EmissionPlace): Promise<WrittenEmission> {
  const files: string[] = [];
  const problems: EmitProblem[] = [...emission.problems];
  const rows: Record<string, number> = {};
  for (const stage of emission.stages) {
    const exported = await exportRows(stage, place);
    rows[stage.stage] = exported.trained;
    files.push(...exported.files);
    problems.push(...exported.problems);
    for (const { path: name, text } of [...stage.files, { path: stage.reward.shim, text: await shimOf(stage, place) }]) files.push(await write(path.join(place.folder, name), text));
  }
  files.push(await write(path.join(place.folder, 'engine.json'), `${JSON.stringify({ v: 1, ...emission }, null, 2)}\n`));
  files.push(await write(path.join(place.folder, 'README.txt'), readme(emission, problems)));
  return { files, rows, problems };
}

async function exportRows({ stage, data, total }: EmittedStage, { folder, projectFolder, project }: EmissionPlace): Promise<{ readonly trained: number; readonly files: readonly string[]; readonly problems: readonly EmitProblem[] }> {
  const config = project.datasets.find(({ id }) => id === data.dataset);
  if (!config) throw new AppError('argument.invalid', { argument: `pipeline.stages ${stage}`, reason: `there is no dataset "${data.dataset}".` });
  const inputs = inputsOfDataset(projectFolder, config);
  const chosen = data.query === null ? {} : await rowsOfQuery(inputs.filter(({ split }) => split === 'train'), data.query, { folder: projectFolder, datasetId: config.id });
  let trained = 0;
  const { render } = await readPromptTemplate(projectFolder, project.prompt);
  const plan = planExport(inputs, { to: data.target, folder: path.join(folder, data.folder), name: data.dataset, container: data.container, images: data.images, leaveOut: true, force: true }, {
    render,
    isWanted: (qid, row, input) => {
      const wanted = input.split === 'heldOut' || (chosen.isWanted?.(qid, row, input) ?? true);
      if (wanted && input.split === 'train') trained++;
      return wanted;
    },
  });
  const report = await runExport(plan);
  const problems: EmitProblem[] = [];
  if (report.refused > 0) problems.push({ severity: 'warning', message: `Stage ${stage}: ${report.refused} rows of ${data.dataset} are left out: ${plan.target.title} would refuse them.`, remedy: `\`pebr export ${data.dataset} --to ${data.target} --check\` names them.` });
  if (trained === 0) problems.push({ severity: 'error', message: `Stage ${stage}: no row of ${data.dataset} answers ${data.query ?? 'the stage'}.`, remedy: 'Sample the dataset first (`pebr train --stages warm-up,sampling`), or widen the difficulty of the stage.' });
  else problems.push(...tooFew(project, stage, trained, total));
  return { trained, files: report.files, problems };
}

/** Engines drop an incomplete last batch, and stop where there is no complete one. */
function tooFew(project: Project, stage: string, trained: number, total: number): readonly EmitProblem[] {
  const each = project.pipeline.stages.find(({ name }) => name === stage)?.samplesPerStep ?? 1;
  if (trained >= each) return [];
  return [{ severity: 'error', message: `Stage ${stage}: ${trained} rows are fewer than the ${each} samples of one of its ${total} steps.`, remedy: 'Lower samplesPerStep, or add rows.' }];
}

async function shimOf({ reward }: EmittedStage, { projectFolder, project, dist }: EmissionPlace): Promise<string> {
  const template = await readFile(path.join(dist, '..', 'trainer', 'pebr_trainer', 'pebr_reward.py'), 'utf8');
  const { file, args } = workerCommand({ dist });
  const dataset = project.datasets.find(({ id }) => id === reward.dataset);
  return rewardShim(template, {
    reward: path.resolve(projectFolder, reward.file), worker: [file, ...args], clip: project.clip === null ? null : path.resolve(projectFolder, project.clip),
    imageRoot: dataset ? path.resolve(projectFolder, dataset.imageRoot) : null, deadlineMs: 5000, onError: 'raise',
  });
}

/** Commands as a person would type them; nothing here is ever given to a shell by us. */
function readme({ stages, notes }: Emission, problems: readonly EmitProblem[]): string {
  const command = ({ argv, env, cwd }: EmittedStage['train']): string => [`cd ${quoted(cwd)}`, ...Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}`), argv.map(quoted).join(' ')].join('\n');
  const shown = stages.flatMap(({ stage, train, merge }) => [`# Stage ${stage}: train`, command(train), '', ...(merge ? [`# Stage ${stage}: make a model folder of its shards`, command(merge), ''] : [])]);
  return [...shown, '# Notes', ...notes.map(note => `# - ${note}`), ...problems.map(({ severity, message, remedy }) => `# ${severity}: ${message} ${remedy}`), ''].join('\n');
}

function quoted(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

async function write(file: string, text: string): Promise<string> {
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    return file;
  } catch (error) {
    throw new AppError('file.unwritable', { file, reason: messageOf(error) }, { cause: error });
  }
}
