import { AppError } from '../core/errors';
import { parseRow } from '../core/dataset/parseRow';
import type { BoxFrame, DatasetConfig, Project } from '../core/project/project';
import { isBoxFrame } from '../core/geometry/boxFrame';
import { DatasetFile } from '../platform/dataset/datasetFile';
import { rowContext } from '../platform/dataset/lintDataset';
import { DetectorProposer } from '../platform/proposals/detectorProposer';
import { EndpointProposer } from '../platform/proposals/endpointProposer';
import { ProposalFile, proposalFilePath } from '../platform/proposals/proposalFile';
import { proposeRows } from '../platform/proposals/proposeRows';
import type { Proposer } from '../platform/proposals/proposer';
import * as path from 'node:path';
import type { CliCommand } from './cliCommand';
import { datasetArgument } from './datasetArgument';
import { openProject } from './openProject';

const mostNamed = 5;
const rowsForLabels = 500;

export const proposeCommand: CliCommand = {
  usage: `pebr propose [DATASET] [--project DIR] [--model FOLDER | --endpoint URL --model NAME --frame FRAME [--key-env NAME]]
              [--out FILE] [--limit N] [--again]               boxes that a detector or a model proposes, for the dataset editor; no row is changed`,
  positional: 'dataset',
  options: {
    project: { type: 'string', default: '.' }, dataset: { type: 'string' }, model: { type: 'string' }, endpoint: { type: 'string' }, frame: { type: 'string' },
    'key-env': { type: 'string' }, out: { type: 'string' }, limit: { type: 'string' }, again: { type: 'boolean', default: false },
  },
  async run(values) {
    const { folder, project } = await openProject(String(values.project));
    const config = values.dataset === undefined ? project.datasets[0] : datasetArgument(project, values.dataset);
    if (!config) throw new AppError('argument.invalid', { argument: 'dataset', reason: 'pebr.json names none' });
    const limit = values.limit === undefined ? Infinity : Number(values.limit);
    if (!(limit >= 1)) throw new AppError('argument.invalid', { argument: '--limit', reason: 'it must be a number of 1 or more' });
    const abort = new AbortController();
    process.once('SIGINT', () => abort.abort(new AppError('argument.invalid', { argument: 'propose', reason: 'stopped; what was proposed until then is kept' })));
    const proposer = await proposerOf(values, folder, project, abort.signal);
    try {
      return await propose({ folder, config, proposer, limit, again: values.again === true, out: values.out, signal: abort.signal });
    } finally {
      proposer.dispose();
    }
  },
};

async function proposerOf(values: Parameters<CliCommand['run']>[0], folder: string, project: Project, signal: AbortSignal): Promise<Proposer> {
  const { model } = values;
  if (values.endpoint === undefined) {
    const named = typeof model === 'string' ? path.resolve(model) : project.detector === null ? undefined : path.resolve(folder, project.detector);
    if (named === undefined) throw new AppError('argument.invalid', { argument: '--model', reason: 'pebr.json names no "detector": give the folder of one, or an --endpoint' });
    return DetectorProposer.start(named, __dirname, signal);
  }
  if (typeof model !== 'string') throw new AppError('argument.invalid', { argument: '--model', reason: 'give the name of the endpoint’s model' });
  if (typeof values.frame !== 'string' || !isBoxFrame(values.frame)) throw new AppError('argument.invalid', { argument: '--frame', reason: 'say what the numbers of its boxes are: norm1000, qwen2.5-resized, pixel, norm1 …; an answer does not tell' });
  const key = typeof values['key-env'] === 'string' ? process.env[values['key-env']] : undefined;
  return new EndpointProposer({ url: String(values.endpoint), model, frame: values.frame as BoxFrame, ...(key !== undefined && { key }) });
}

interface Job {
  readonly folder: string;
  readonly config: DatasetConfig;
  readonly proposer: Proposer;
  readonly limit: number;
  readonly again: boolean;
  readonly out: unknown;
  readonly signal: AbortSignal;
}

async function propose({ folder, config, proposer, limit, again, out, signal }: Job): Promise<number> {
  const context = rowContext(folder, config);
  const dataset = await DatasetFile.open(context.file);
  try {
    const total = Math.min(limit, await dataset.count());
    const into = await ProposalFile.open(typeof out === 'string' ? path.resolve(out) : proposalFilePath(folder, config.id, proposer.model), proposer.model);
    const outcome = await proposeRows(total, firstRows(dataset, total), {
      proposer, into, context, again, signal, labels: await labelsOf(dataset, config),
      onProgress: ({ done, eta }) => void (process.stderr.isTTY && process.stderr.write(`\r${done} of ${total} samples${eta === undefined ? '' : `, ${Math.ceil(eta / 1000)} s left`}   `)),
    });
    if (process.stderr.isTTY) process.stderr.write('\n');
    for (const { line, qid, reason } of [...outcome.left, ...outcome.notes].slice(0, mostNamed)) console.error(`${context.file}:${line}: ${qid || 'no id'}: ${reason}`);
    console.log(`${proposer.model.name}@${proposer.model.hash}: ${outcome.asked} samples asked, ${outcome.known} known, ${outcome.left.length} left out, ${outcome.proposals} boxes in ${into.file}`);
    return outcome.left.length > 0 ? 1 : 0;
  } finally {
    await dataset.close();
  }
}

async function* firstRows(dataset: DatasetFile, total: number): AsyncGenerator<Awaited<ReturnType<DatasetFile['readRows']>>[number]> {
  for (let from = 0; from < total; from += 100) yield* await dataset.readRows(from, Math.min(total, from + 100));
}

/** Labels of the first rows, as the editor offers them. */
async function labelsOf(dataset: DatasetFile, { columns }: DatasetConfig): Promise<readonly string[]> {
  const rows = await dataset.readRows(0, rowsForLabels);
  return [...new Set(rows.flatMap(({ text }) => parseRow(text, columns).row?.boxes.map(({ label }) => label) ?? []))].filter(Boolean);
}
