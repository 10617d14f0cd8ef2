import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { parseRow } from '../core/dataset/parseRow';
import { AppError } from '../core/errors';
import type { DatasetConfig, Project } from '../core/project/project';
import { defaultColumns } from '../core/project/projectDefaults';
import type { Facet, QueryAnswer } from '../core/query/queryAnswer';
import { everyRow, type RowQuery } from '../core/query/rowQuery';
import { parseSortKey, queryOfView } from '../core/query/savedView';
import { curationFile } from '../platform/dataset/curationFile';
import { DatasetFile, type RowText } from '../platform/dataset/datasetFile';
import { difficultyFile } from '../platform/dataset/difficultyFile';
import { lintDataset } from '../platform/dataset/lintDataset';
import { DatasetQuery } from '../platform/query/datasetQuery';
import type { QuerySource } from '../platform/query/querySource';
import { runsFolderOf } from '../platform/runs/runFolders';
import type { CliCommand } from './cliCommand';
import { openProject } from './openProject';

/** Rows that are shown to a person. */
const shownRows = 20;

export const queryCommand: CliCommand = {
  usage: `pebr query [DATASET|FILE] ["CHIPS"|"sql: CONDITION"] [--project DIR] [--view NAME] [--sort COL[:desc]]… [--group-by COL]
             [--count | --qids | --json | --facet COL]               rows that answer; --json writes them as they are, one a line`,
  positional: ['dataset', 'text'],
  options: {
    dataset: { type: 'string' },
    text: { type: 'string' },
    project: { type: 'string', default: '.' },
    view: { type: 'string' },
    sort: { type: 'string', multiple: true },
    'group-by': { type: 'string' },
    count: { type: 'boolean', default: false },
    qids: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    facet: { type: 'string' },
  },
  async run(values) {
    const place = await findDataset(String(values.project), values.dataset as string | undefined);
    const query = queryOf(values, place.project);
    const dataset = await DatasetFile.open(place.file);
    let rows: DatasetQuery | undefined;
    try {
      rows = await DatasetQuery.open({ ...(await sourceOf(place, query, values.facet as string | undefined)), dataset });
      if (typeof values.facet === 'string') printFacet(await rows.facet(values.facet, query), values.json === true);
      else await printAnswer(await rows.answer(query), dataset, place, values);
      return 0;
    } finally {
      await rows?.close();
      await dataset.close();
    }
  },
};

interface Place {
  readonly file: string;
  readonly columns: DatasetConfig['columns'];
  readonly project?: { readonly folder: string; readonly project: Project; readonly config: DatasetConfig };
}

/** A dataset of the project by its id, or a JSONL file; one that no project names has the usual columns. */
async function findDataset(folder: string, name: string | undefined): Promise<Place> {
  if (name !== undefined && existsSync(name) && !existsSync(path.join(folder, 'pebr.json'))) return { file: path.resolve(name), columns: defaultColumns };
  const { project, ...open } = await openProject(folder);
  const config = name === undefined ? project.datasets[0] : project.datasets.find(dataset => dataset.id === name || path.resolve(open.folder, dataset.path) === path.resolve(name));
  if (config) return { file: path.resolve(open.folder, config.path), columns: config.columns, project: { folder: open.folder, project, config } };
  if (name !== undefined && existsSync(name)) return { file: path.resolve(name), columns: defaultColumns };
  throw new AppError('argument.invalid', { argument: name ?? 'dataset', reason: `There is neither such a dataset nor such a file. Datasets: ${project.datasets.map(dataset => dataset.id).join(', ') || 'none'}.` });
}

function queryOf(values: Parameters<CliCommand['run']>[0], open: Place['project']): RowQuery {
  const view = values.view === undefined ? undefined : open?.project.views.find(({ name, dataset }) => name === values.view && dataset === open.config.id);
  if (values.view !== undefined && !view) throw new AppError('argument.invalid', { argument: '--view', reason: `The dataset has no view "${String(values.view)}". Known: ${open?.project.views.filter(({ dataset }) => dataset === open.config.id).map(({ name }) => name).join(', ') || 'none'}.` });
  const saved = view ? queryOfView(view) : everyRow;
  const text = typeof values.text === 'string' ? values.text : saved.text;
  const sort = Array.isArray(values.sort) ? values.sort.map(key => parseSortKey(String(key))) : saved.sort;
  return { text, sort, groupBy: typeof values['group-by'] === 'string' ? values['group-by'] : saved.groupBy };
}

/** The linter runs only where the query asks about what it finds. */
async function sourceOf({ file, columns, project: open }: Place, query: RowQuery, facet = ''): Promise<Omit<QuerySource, 'dataset'>> {
  const source = { columns, curationFile: curationFile(file) };
  if (!open) return source;
  const { folder, config, project } = open;
  const asked = [query.text, facet, query.groupBy ?? '', ...query.sort.map(({ column }) => column)].join(' ');
  const report = /problem|severit/i.test(asked) ? await lintDataset(folder, config, { maxPromptTokens: project.policy.maxPromptTokens }) : undefined;
  return { ...source, boxFrame: config.boxFrame, difficultyFile: difficultyFile(folder, config.id), rollouts: { runsFolder: runsFolderOf(folder), dataset: config.id }, problems: () => report?.marks.get(file) ?? [] };
}

async function printAnswer({ rows, groups, milliseconds }: QueryAnswer, dataset: DatasetFile, { columns }: Place, values: Parameters<CliCommand['run']>[0]): Promise<void> {
  if (values.count) console.log(groups.length === 0 ? rows.length : groups.map(({ value, count }) => `${count}\t${value ?? '(empty)'}`).join('\n'));
  else if (values.json) await write(dataset, rows, ({ text }) => text);
  else if (values.qids) await write(dataset, rows, ({ text }) => parseRow(text, columns).row?.qid);
  else {
    const starts = new Map(groups.map(({ value, from, count }) => [from, `${value ?? '(empty)'} (${count})`]));
    for (const [at, row] of rows.subarray(0, shownRows).entries()) {
      if (starts.has(at)) console.log(starts.get(at));
      for (const line of await dataset.readRows(row, row + 1)) console.log(describe(line, columns));
    }
    const total = await dataset.count();
    console.log(`${rows.length > shownRows ? `… ${(rows.length - shownRows).toLocaleString('en')} more. ` : ''}${rows.length.toLocaleString('en')} of ${total.toLocaleString('en')} rows, ${Math.round(milliseconds)} ms`);
  }
}

function describe({ line, text }: RowText, columns: DatasetConfig['columns']): string {
  const { row } = parseRow(text, columns);
  const short = (value: string, length: number): string => (value.length > length ? `${value.slice(0, length - 1)}…` : value);
  return row ? `${String(line).padStart(7)}  ${short(row.qid, 24).padEnd(24)}  ${short(row.answer.replace(/\s+/g, ' '), 16).padEnd(16)}  ${short(row.problem.replace(/\s+/g, ' '), 60)}` : `${String(line).padStart(7)}  (no row)`;
}

/** Writes a line for each row, and waits where the reader of the output is slower. */
async function write(dataset: DatasetFile, rows: Uint32Array, lineOf: (row: RowText) => string | undefined): Promise<void> {
  for (let at = 0; at < rows.length; ) {
    const first = rows[at] ?? 0;
    let length = 1;
    while (length < 500 && rows[at + length] === first + length) length++;
    const lines = (await dataset.readRows(first, first + length)).flatMap(row => lineOf(row) ?? []);
    if (!process.stdout.write(lines.map(line => `${line}\n`).join(''))) await new Promise(resolve => process.stdout.once('drain', resolve));
    at += length;
  }
}

function printFacet({ rowCount, distinct, range, bars, column }: Facet, isJson: boolean): void {
  if (isJson) return console.log(JSON.stringify({ column, rowCount, distinct, range, bars }, null, 2));
  const most = Math.max(1, ...bars.map(({ count }) => count));
  for (const { label, count, chip } of bars) console.log(`${String(count).padStart(9)}  ${'█'.repeat(Math.round((count / most) * 30)).padEnd(30)}  ${label.slice(0, 40).padEnd(40)}  ${chip}`);
  console.log(`${column}: ${distinct.toLocaleString('en')} different values in ${rowCount.toLocaleString('en')} rows${range ? `, ${range[0]} to ${range[1]}` : ''}`);
}
