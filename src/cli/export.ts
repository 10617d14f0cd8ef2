import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError } from '../core/errors';
import { exportTargets } from '../core/formats/exportTargets';
import { resizedFrameName } from '../core/geometry/resizedSize';
import type { DatasetConfig } from '../core/project/project';
import { inputOfFile, inputsOfDataset } from '../platform/formats/exportInputs';
import type { ExportInput, ExportPlan, ExportReport } from '../platform/formats/exportPlan';
import { planExport } from '../platform/formats/planExport';
import { rowsOfQuery } from '../platform/formats/rowsOfQuery';
import { checkExport, runExport } from '../platform/formats/runExport';
import { readPromptTemplate } from '../platform/responses/promptTemplate';
import type { CliCommand } from './cliCommand';
import { openProject, type ProjectOnDisk } from './openProject';

export const exportCommand: CliCommand = {
  usage: `pebr export DATASET|FILE --to ${exportTargets.map(({ id }) => id).join('|')} --out DIR [--project DIR] [--name NAME] [--container json|jsonl|parquet]
      [--frame F [--min-pixels N] [--max-pixels N]] [--images relative|absolute|copy|link|embed] [--answer boxes] [--split train|heldout] [--qids FILE] [--where QUERY]
      [--prompt] [--check] [--leave-out] [--force] [--json]      write a dataset for a trainer; 1 when rows would be refused`,
  positional: 'dataset',
  options: {
    dataset: { type: 'string' }, to: { type: 'string' }, out: { type: 'string' }, project: { type: 'string', default: '.' }, name: { type: 'string' }, container: { type: 'string' },
    frame: { type: 'string' }, 'min-pixels': { type: 'string' }, 'max-pixels': { type: 'string' }, images: { type: 'string' }, answer: { type: 'string' }, split: { type: 'string' }, qids: { type: 'string' },
    where: { type: 'string' }, prompt: { type: 'boolean', default: false }, check: { type: 'boolean', default: false }, 'leave-out': { type: 'boolean', default: false },
    force: { type: 'boolean', default: false }, json: { type: 'boolean', default: false },
  },
  async run(values) {
    const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
    const isCheck = values.check === true;
    const out = text('out') ?? (isCheck ? '.' : undefined);
    const to = text('to');
    if (to === undefined || out === undefined) throw new AppError('argument.invalid', { argument: to === undefined ? '--to' : '--out', reason: to === undefined ? `say what to export to: ${exportTargets.map(({ id }) => id).join(', ')}.` : 'say which folder to export into.' });
    const source = await openSource(text('dataset'), String(values.project), text('split'));
    const plan = planExport(source.inputs, {
      to, folder: path.resolve(out), name: text('name') ?? source.name, container: text('container'), frame: frameText(text('frame'), text('min-pixels'), text('max-pixels')),
      images: text('images'), answer: text('answer'), leaveOut: values['leave-out'] === true, force: values.force === true,
    }, {
      ...(await wanted(text('qids'), text('where'), source)),
      ...(values.prompt === true ? { render: (await promptOf(source)).render } : {}),
    });
    const report = await (isCheck ? checkExport : runExport)(plan, { threads: __dirname });
    if (values.json) console.log(JSON.stringify({ target: plan.target.id, frame: plan.frame, images: plan.images, ...report }, null, 2));
    else print(report, plan, isCheck);
    return report.refused > 0 || (!isCheck && !report.isWritten) ? 1 : 0;
  },
};

interface Source {
  readonly inputs: readonly ExportInput[];
  readonly name: string;
  /** Absent for a file that no project names. */
  readonly project?: ProjectOnDisk;
  readonly config?: DatasetConfig;
}

/** A dataset of the project by its id, or a file: one that the project names is read as it says, any other with the default columns, in pixels, images beside it. */
async function openSource(named: string | undefined, projectFolder: string, split: string | undefined): Promise<Source> {
  if (named === undefined) throw new AppError('argument.invalid', { argument: 'DATASET', reason: 'say which dataset or file to export.' });
  if (split !== undefined && split !== 'train' && split !== 'heldout') throw new AppError('argument.invalid', { argument: '--split', reason: `there is no "${split}". Known: train, heldout; both where nothing is said.` });
  const isFile = /\.jsonl$/i.test(named);
  const project = await openProject(projectFolder).catch((error: unknown) => (isFile && AppError.is(error, 'project.missing') ? undefined : Promise.reject(error)));
  const file = path.resolve(named);
  const config = project?.project.datasets.find(dataset => dataset.id === named || (isFile && [dataset.path, dataset.heldOut].some(each => each !== null && path.resolve(project.folder, each) === file)));
  if (!project || !config) {
    if (!isFile) throw new AppError('argument.invalid', { argument: named, reason: `there is no such dataset. Known: ${project?.project.datasets.map(({ id }) => id).join(', ') ?? 'none'}; a file ends in .jsonl.` });
    return { inputs: [inputOfFile(file)], name: path.parse(named).name };
  }
  const kept = inputsOfDataset(project.folder, config).filter(input => (isFile ? input.file === file : split === undefined || (split === 'train') === (input.split === 'train')));
  if (kept.length === 0) throw new AppError('argument.invalid', { argument: '--split', reason: `${config.id} names no held-out rows.` });
  return { inputs: kept, name: config.id, project, config };
}

function frameText(frame: string | undefined, least: string | undefined, most: string | undefined): string | undefined {
  if (least === undefined && most === undefined) return frame;
  if (frame !== 'qwen2.5-resized') throw new AppError('argument.invalid', { argument: least === undefined ? '--max-pixels' : '--min-pixels', reason: 'it belongs to --frame qwen2.5-resized.' });
  const pixels = (argument: string, given: string | undefined): number | undefined => {
    if (given === undefined) return undefined;
    if (!/^[1-9]\d{0,11}$/.test(given)) throw new AppError('argument.invalid', { argument, reason: `"${given}" is no number of pixels.` });
    return Number(given);
  };
  const [minPixels, maxPixels] = [pixels('--min-pixels', least), pixels('--max-pixels', most)];
  return resizedFrameName({ ...(minPixels === undefined ? {} : { minPixels }), ...(maxPixels === undefined ? {} : { maxPixels }) });
}

/** Rows by their ids, and those that answer a query. */
async function wanted(qids: string | undefined, where: string | undefined, { inputs, project, config }: Source): Promise<Pick<ExportPlan, 'isWanted'>> {
  if (qids === undefined && where === undefined) return {};
  const ids = qids === undefined ? undefined : new Set((await readFile(qids, 'utf8')).split(/\r?\n/).filter(line => line.trim() !== ''));
  const { isWanted } = where === undefined ? {} : await rowsOfQuery(inputs, where, project && config ? { folder: project.folder, datasetId: config.id } : undefined);
  return { isWanted: (qid, row, input) => (ids?.has(qid) ?? true) && (isWanted?.(qid, row, input) ?? true) };
}

function promptOf({ project }: Source): ReturnType<typeof readPromptTemplate> {
  if (!project) throw new AppError('argument.invalid', { argument: '--prompt', reason: 'the file belongs to no project that names a prompt.' });
  return readPromptTemplate(project.folder, project.project.prompt);
}

function print(report: ExportReport, plan: ExportPlan, isCheck: boolean): void {
  for (const { file, line, severity, message, remedy, rule } of report.problems) console.log(`${path.relative('', file)}:${line ?? 1}: ${severity}: ${message} ${remedy} [${rule}]`);
  const { rows, written, refused, answersChanged } = report;
  const { title } = plan.target;
  console.log(`${rows - refused} of ${rows} rows are as ${title} needs them${refused > 0 ? `; ${refused} would be refused` : ''}.`);
  if (isCheck) return;
  if (!report.isWritten) {
    console.log(rows === 0 ? 'Nothing was written: no row was chosen.' : 'Nothing was written. Correct the rows, or leave them out with --leave-out.');
    return;
  }
  console.log(`${written} rows written, boxes in the frame ${plan.frame}${answersChanged > 0 ? `, ${answersChanged} answers that are boxes too` : ''}:`);
  for (const file of report.files) console.log(`  ${file}`);
  for (const hint of report.hints) console.log(`  ${hint}`);
}
