import * as path from 'node:path';
import { changeInWords } from '../core/diff/changeInWords';
import { AppError } from '../core/errors';
import type { BoxFrame, Columns } from '../core/project/project';
import { defaultColumns } from '../core/project/projectDefaults';
import { DatasetFile } from '../platform/dataset/datasetFile';
import { type DatasetDiff, diffDatasets } from '../platform/diff/diffDatasets';
import { resolveRevision, writeRevision } from '../platform/diff/gitRevision';
import type { CliCommand } from './cliCommand';
import { openProject } from './openProject';

export const diffCommand: CliCommand = {
  usage: 'pebr diff DATASET|FILE [--from REV|FILE] [--to REV|FILE] [--project DIR] [--json]      rows and boxes that changed since a revision (HEAD); 1 when some did',
  positional: 'dataset',
  options: { dataset: { type: 'string' }, from: { type: 'string', default: 'HEAD' }, to: { type: 'string' }, project: { type: 'string', default: '.' }, json: { type: 'boolean', default: false } },
  async run(values) {
    if (typeof values.dataset !== 'string') throw new AppError('argument.invalid', { argument: 'DATASET', reason: 'say which dataset or file to compare.' });
    const { file, columns, boxFrame } = await findDataset(values.dataset, String(values.project));
    const opened: { close(): Promise<void> }[] = [];
    try {
      const open = async (side: string | undefined): Promise<DatasetFile> => {
        const source = await sideOf(file, side);
        opened.push(source);
        return source.dataset;
      };
      const old = await open(String(values.from));
      const now = await open(typeof values.to === 'string' ? values.to : undefined);
      const diff = await diffDatasets(old, now, { columns, boxFrame });
      if (values.json) console.log(JSON.stringify(diff, null, 2));
      else print(diff, columns);
      return diff.changes.length > 0 ? 1 : 0;
    } finally {
      for (const each of opened) await each.close();
    }
  },
};

interface Found {
  readonly file: string;
  readonly columns: Columns;
  readonly boxFrame: BoxFrame;
}

async function findDataset(named: string, folder: string): Promise<Found> {
  const isFile = /\.jsonl$/i.test(named);
  const project = await openProject(folder).catch((error: unknown) => (isFile && AppError.is(error, 'project.missing') ? undefined : Promise.reject(error)));
  const file = path.resolve(named);
  const config = project?.project.datasets.find(dataset => dataset.id === named || [dataset.path, dataset.heldOut].some(each => each !== null && path.resolve(project.folder, each) === file));
  if (!config && !isFile) throw new AppError('argument.invalid', { argument: named, reason: `there is no such dataset. Known: ${project?.project.datasets.map(({ id }) => id).join(', ') || 'none'}; a file ends in .jsonl.` });
  return { file: isFile || !project || !config ? file : path.resolve(project.folder, config.path), columns: config?.columns ?? defaultColumns, boxFrame: config?.boxFrame ?? 'pixel' };
}

/** The file as it is now, another file, or the file as a revision has it. */
async function sideOf(file: string, side: string | undefined): Promise<{ readonly dataset: DatasetFile; close(): Promise<void> }> {
  if (side === undefined || /\.jsonl$/i.test(side)) {
    const dataset = await DatasetFile.open(side === undefined ? file : path.resolve(side));
    return { dataset, close: () => dataset.close() };
  }
  const revision = await writeRevision('git', file, await resolveRevision('git', file, side));
  try {
    const dataset = await DatasetFile.open(revision.file);
    return { dataset, close: () => dataset.close().finally(() => revision.remove()) };
  } catch (error) {
    await revision.remove();
    throw error;
  }
}

function print({ changes, counts }: DatasetDiff, columns: Columns): void {
  const signs = { added: '+', removed: '-', changed: '~', rewritten: '=' } as const;
  for (const { kind, qid, old, now, diff } of changes) console.log(`${signs[kind]} ${qid || `row ${(now ?? old ?? 0) + 1}`}${diff ? `: ${changeInWords(diff, columns.boxes)}` : ''}`);
  console.log(`${counts.added} added, ${counts.removed} removed, ${counts.changed} changed, ${counts.rewritten} only written otherwise`);
}
