import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { CliCommand } from './cliCommand';
import { AppError } from '../core/errors';
import { foreignFrames, type ForeignFrame, parseForeignFrame } from '../core/formats/foreignFrame';
import type { ImportOptions, Sources } from '../core/formats/importedRow';
import { previewAsText } from '../core/formats/previewText';
import { sentence } from '../core/sentence';
import type { Problem } from '../core/problem';
import { parseProject } from '../core/project/parseProject';
import { defaultColumns } from '../core/project/projectDefaults';
import { importFormats } from '../platform/formats/detectSource';
import { previewImport, stemOf } from '../platform/formats/previewImport';
import { entryOf, freeFile, freeId, registerDataset } from '../platform/formats/registerDataset';
import { type ImportReport, runImport } from '../platform/formats/runImport';

const onceAnd = { type: 'string' } as const;

export const importCommand: CliCommand = {
  usage: `pebr import PATH [--format ${importFormats.map(({ id }) => id).join('|')}|json|jsonl|csv|parquet] [--split NAME] [--map field=theirs]… [--frame F]
      [--images DIR] [--turns all] [--problem TEXT] [--answer TEXT] [--out FILE] [--project DIR] [--dataset ID] [--stage perception|reasoning] [--force]
      [--preview] [--json]      read a dataset of another format into the project; 1 when rows were left out or need a look`,
  positional: 'path',
  options: {
    path: onceAnd, format: onceAnd, split: onceAnd, map: { type: 'string', multiple: true }, frame: onceAnd, images: onceAnd, turns: onceAnd, problem: onceAnd, answer: onceAnd, out: onceAnd,
    project: { type: 'string', default: '.' }, dataset: onceAnd, stage: onceAnd, force: { type: 'boolean', default: false }, preview: { type: 'boolean', default: false }, 'dry-run': { type: 'boolean', default: false }, json: { type: 'boolean', default: false },
  },
  async run(values) {
    const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
    const input = text('path');
    if (input === undefined) throw invalid('PATH', 'Give the file or folder to import.');
    const stage = text('stage') ?? 'perception';
    if (stage !== 'perception' && stage !== 'reasoning') throw invalid('--stage', `There is no stage "${stage}". Known: perception, reasoning.`);
    const options: ImportOptions = { map: mapOf(values['map']), ...optional('problem', text('problem')), ...optional('answer', text('answer')), ...(turnsOf(text('turns')) ? { turns: 'all' } : {}) };
    const images = text('images');
    const frame = frameOf(text('frame'));
    const project = path.resolve(String(values['project']));
    const taken = await idsOf(project);
    const isPreview = values['preview'] === true || values['dry-run'] === true;
    const stopped = new AbortController();
    process.once('SIGINT', () => stopped.abort(invalid(input, 'The import was stopped; nothing has changed.')));
    const plan = await previewImport({ input, options, ...optional('format', text('format')), ...optional('split', text('split')), ...optional('frame', frame), ...(images === undefined ? {} : { imageRoot: path.resolve(images) }) }, stopped.signal);
    if (!values['json']) console.log(previewAsText(plan.preview));
    if (isPreview || !plan.rowPlan) {
      if (values['json']) console.log(JSON.stringify({ preview: plan.preview }, null, 2));
      if (!plan.rowPlan) console.error(`error: ${sentence(plan.decision.why)} Say what the numbers of the boxes are with --frame: ${plan.decision.candidates.filter(each => each.isPossible).map(each => each.frame).join(', ') || foreignFrames.join(', ')}.`);
      return plan.rowPlan ? 0 : 2;
    }
    if (plan.preview.rows > 0 && plan.preview.mapping.every(({ field, filled }) => field === 'qid' || filled === 0)) {
      throw invalid(input, 'None of its fields is known as a question, an answer, an image or boxes. Name them with --map, as in --map problem=FIELD --map images=FIELD.');
    }
    const out = text('out') === undefined ? await freeFile(path.join(project, 'data'), stemOf(input)) : path.resolve(text('out') ?? '');
    const report = await runImport(plan, { out, force: values['force'] === true }, progressLine(values['json'] === true), stopped.signal);
    const id = text('dataset') ?? freeId(path.basename(out).replace(/\.jsonl$/i, ''), taken ?? []);
    const dataset = { id, stage, file: out, imageRoot: report.imageRoot, boxFrame: report.boxFrame } as const;
    const added = taken === undefined ? undefined : await registerDataset(project, dataset);
    if (values['json']) console.log(JSON.stringify({ preview: plan.preview, report, entry: entryOf(project, dataset), added: added !== undefined }, null, 2));
    else print(report, added === undefined ? `Add this under "datasets" in pebr.json:\n${JSON.stringify(entryOf(project, dataset), null, 2)}` : `It is the dataset "${id}" of ${path.join(project, 'pebr.json')}.`);
    return report.counts.some(({ severity }) => severity !== 'info') ? 1 : 0;
  },
};

/** Ids of the project's datasets; undefined where there is no usable project. */
async function idsOf(folder: string): Promise<readonly string[] | undefined> {
  const file = path.join(folder, 'pebr.json');
  const text = await readFile(file, 'utf8').catch(() => undefined); // without a project the entry is printed
  return text === undefined ? undefined : parseProject(text, file).project?.datasets.map(({ id }) => id);
}

function mapOf(given: unknown): Sources {
  const map: Record<string, string> = {};
  for (const each of Array.isArray(given) ? given : []) {
    const [field = '', ...rest] = String(each).split('=');
    if (!Object.hasOwn(defaultColumns, field) || rest.join('=') === '') throw invalid('--map', `"${String(each)}" is not FIELD=THEIRS with FIELD one of ${Object.keys(defaultColumns).join(', ')}.`);
    map[field] = rest.join('=');
  }
  return map;
}

function frameOf(text: string | undefined): ForeignFrame | undefined {
  const frame = text === undefined ? undefined : parseForeignFrame(text);
  if (text !== undefined && !frame) throw invalid('--frame', `There is no frame "${text}". Known: ${foreignFrames.join(', ')}; qwen2.5-resized{FACTOR,MIN,MAX} with the processor's limits.`);
  return frame;
}

function turnsOf(text: string | undefined): boolean {
  if (text !== undefined && text !== 'all' && text !== 'first') throw invalid('--turns', `Known: first, all.`);
  return text === 'all';
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]?: V });
}

function progressLine(isQuiet: boolean): (progress: { readonly done: number; readonly total: number; readonly rows: number }) => void {
  let shown = 0;
  return ({ done, total, rows }) => {
    if (isQuiet || !process.stderr.isTTY || Date.now() - shown < 200) return;
    shown = Date.now();
    process.stderr.write(`\r${rows} rows, ${total > 0 ? Math.floor((100 * done) / total) : 0} % `);
  };
}

function print(report: ImportReport, next: string): void {
  const shown = report.problems.slice(0, 50);
  console.log('');
  for (const problem of shown) console.log(lineOf(problem));
  for (const { rule, count } of report.counts) if (count > shown.filter(problem => problem.rule === rule).length) console.log(`  ${count} in all: ${rule}`);
  console.log(`${report.rows} rows${report.boxes > 0 ? ` with ${report.boxes} boxes (${report.boxFrame})` : ''} → ${report.out}${report.imageFolder === undefined ? '' : `\n${report.images} images → ${report.imageFolder}`}`);
  console.log(next);
}

function lineOf({ file, line, severity, message, remedy, rule }: Problem): string {
  return `${path.relative('', file)}${line === undefined ? '' : `:${line}`}: ${severity}: ${message} ${remedy} [${rule}]`;
}

function invalid(argument: string, reason: string): AppError {
  return new AppError('argument.invalid', { argument, reason });
}
