import * as path from 'node:path';
import { parseRow } from '../../core/dataset/parseRow';
import { topLevelProperties } from '../../core/dataset/topLevelProperties';
import { quickQid } from '../../core/dataset/quickQid';
import { type DifficultyReport, DifficultyTally, type SourcedRow } from '../../core/routing/difficultyReport';
import type { Columns, DatasetConfig, Project } from '../../core/project/project';
import { curationFile, readCuration } from '../dataset/curationFile';
import { DatasetFile } from '../dataset/datasetFile';
import { difficultyFile, readDifficulty } from '../dataset/difficultyFile';
import { previousSampling, samplingOf } from './samplings';

/** Fields that datasets name their source in. */
const sourceFields = ['source', 'data_source', 'dataset', 'dataset_name'];

export interface ReportOptions {
  /** The field that tells a row's source; the first of the usual ones where it is undefined. */
  readonly by?: string;
  readonly signal?: AbortSignal;
}

/** What is known about the difficulty of a dataset. Throws `dataset.unreadable`. */
export async function readReport(folder: string, project: Project, config: DatasetConfig, { by, signal }: ReportOptions = {}): Promise<DifficultyReport> {
  const file = path.resolve(folder, config.path);
  const { records } = await readDifficulty(difficultyFile(folder, config.id));
  const { records: curation } = await readCuration(curationFile(file));
  const current = samplingOf(records);
  const previous = current && (await previousSampling(folder, config.id, current));
  const tally = new DifficultyTally({ dataset: config.id, records, curation, stages: project.pipeline.stages, previous });
  const dataset = await DatasetFile.open(file);
  try {
    const read = sourceReader(config, by);
    for await (const batch of dataset.batches(signal)) {
      for (const { text } of batch) {
        const row = read(text);
        if (row) tally.add(row);
      }
    }
  } finally {
    await dataset.close();
  }
  return tally.report;
}

/** Reads no more of a row than is needed; equal sources are one text. */
function sourceReader({ id, columns }: DatasetConfig, by: string | undefined): (text: string) => SourcedRow | undefined {
  const qidOf = quickQid(columns);
  const names = by === undefined ? sourceFields : [by];
  const needles = names.map(name => JSON.stringify(name));
  const known = new Map<string, string>();
  return text => {
    const qid = qidOf(text) ?? parseRow(text, columns).row?.qid;
    if (qid === undefined || qid === '') return undefined;
    const found = needles.some(needle => text.includes(needle)) ? sourceIn(text, names, columns) : undefined;
    const source = found ?? id;
    const kept = known.get(source) ?? source;
    if (kept === source && known.size < 10_000) known.set(source, source);
    return { qid, source: kept };
  };
}

function sourceIn(text: string, names: readonly string[], columns: Columns): string | undefined {
  const own = new Set<string>(Object.values<string>({ ...columns }));
  for (const { key, value } of topLevelProperties(text)) {
    if (!names.includes(key) || own.has(key)) continue;
    const literal = /^(?:"(?:[^"\\]|\\.)*"|[\w.+-]+)/.exec(text.slice(value, value + 500))?.[0];
    if (literal === undefined) return undefined;
    return literal.startsWith('"') ? (JSON.parse(literal) as string) : literal;
  }
  return undefined;
}
