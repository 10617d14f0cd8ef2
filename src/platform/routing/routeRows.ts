import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { untouched } from '../../core/curation/curation';
import { parseRow } from '../../core/dataset/parseRow';
import { quickQid } from '../../core/dataset/quickQid';
import type { DatasetConfig } from '../../core/project/project';
import { type Destination, destinations, type Route, routeOf } from '../../core/routing/destination';
import { type RoutePlan, RouteTally } from '../../core/routing/routePlan';
import { curationFile, readCuration } from '../dataset/curationFile';
import { DatasetFile, type RowText } from '../dataset/datasetFile';
import { difficultyFile, readDifficulty } from '../dataset/difficultyFile';
import { replaceFile } from '../dataset/replaceFile';
import { makeFolder } from '../dataset/makeFolder';
import { removeLeftovers } from '../dataset/replaceFile';
import { inWords, type RoutedFile, RouteOutput } from './routeOutput';
import { samplingOf } from './samplings';

/** `routes/manifest.json` (docs/FORMATS.md). */
export interface RouteManifest {
  readonly v: 1;
  readonly date: string;
  readonly datasets: readonly (RoutePlan & { readonly path: string; readonly sampling: { readonly run: string; readonly date: string } | null })[];
  readonly files: readonly RoutedFile[];
}

export interface RouteOptions {
  /** Folder of the routes, relative to the project. */
  readonly out?: string;
  readonly signal?: AbortSignal;
  onProgress?(dataset: string, rows: number): void;
}

export const routesFolder = 'routes';

/** Where each row of a dataset would go; writes nothing. Throws `dataset.unreadable`. */
export async function planRoutes(folder: string, config: DatasetConfig, signal?: AbortSignal): Promise<RoutePlan> {
  const tally = new RouteTally(config.id);
  for await (const routed of routedRows(folder, config, signal)) for (const { route } of routed) tally.add(route);
  return tally.plan;
}

/**
 * Writes the rows of datasets as a file for each place they go to, `<out>/<dataset>.<perception|reasoning|warm-up>.jsonl`, and the manifest after them. A file
 * takes its place when it is whole; one that no row goes to is removed. Rows keep their text. Throws `dataset.unreadable`, `file.unwritable`.
 */
export async function writeRoutes(folder: string, configs: readonly DatasetConfig[], { out = routesFolder, signal, onProgress }: RouteOptions = {}): Promise<RouteManifest> {
  const target = path.resolve(folder, out);
  const files: RoutedFile[] = [];
  const datasets: RouteManifest['datasets'][number][] = [];
  await inWords(target, () => makeFolder(target));
  const outputs: RouteOutput[] = [];
  try {
    for (const config of configs) {
      await removeLeftovers(path.join(target, `${config.id}.`));
      const tally = new RouteTally(config.id);
      const mine = new Map(destinations.map(to => [to, new RouteOutput(path.join(target, `${config.id}.${to}.jsonl`), config.id, to)]));
      outputs.push(...mine.values());
      let rows = 0;
      for await (const routed of routedRows(folder, config, signal)) {
        for (const { at, route } of routed) {
          tally.add(route);
          await mine.get(route?.to as Destination)?.write(at.text);
        }
        onProgress?.(config.id, (rows += routed.length));
      }
      const sampling = samplingOf((await readDifficulty(difficultyFile(folder, config.id))).records);
      datasets.push({ ...tally.plan, path: config.path, sampling: sampling ? { run: sampling.run, date: sampling.date } : null });
    }
    for (const output of outputs) files.push(...(await output.finish(folder)));
  } finally {
    for (const output of outputs) await output.discard();
  }
  const before = await readManifest(target);
  const isOther = ({ dataset }: { readonly dataset: string }): boolean => !configs.some(config => config.id === dataset);
  const manifest: RouteManifest = {
    v: 1, date: new Date().toISOString(),
    datasets: [...(before?.datasets.filter(isOther) ?? []), ...datasets], files: [...(before?.files.filter(isOther) ?? []), ...files],
  };
  await replaceFile(path.join(target, 'manifest.json'), handle => handle.writeFile(`${JSON.stringify(manifest, null, 2)}\n`));
  return manifest;
}

/** What an earlier routing wrote; undefined where there is none that can be read. */
async function readManifest(target: string): Promise<RouteManifest | undefined> {
  try {
    const value = JSON.parse(await readFile(path.join(target, 'manifest.json'), 'utf8')) as Partial<RouteManifest> | null;
    return Array.isArray(value?.datasets) && Array.isArray(value.files) ? (value as RouteManifest) : undefined;
  } catch {
    return undefined; // none yet, or not ours: the new one takes its place
  }
}

interface RoutedRow {
  readonly at: RowText;
  /** Undefined where the line is no row. */
  readonly route: Route | undefined;
}

async function* routedRows(folder: string, config: DatasetConfig, signal: AbortSignal | undefined): AsyncGenerator<readonly RoutedRow[]> {
  const file = path.resolve(folder, config.path);
  const { records } = await readDifficulty(difficultyFile(folder, config.id));
  const { records: curation } = await readCuration(curationFile(file));
  const qidOf = quickQid(config.columns);
  const dataset = await DatasetFile.open(file);
  try {
    for await (const rows of dataset.batches(signal)) {
      yield rows.map(at => {
        const qid = qidOf(at.text) ?? parseRow(at.text, config.columns).row?.qid;
        return { at, route: qid === undefined || qid === '' ? undefined : routeOf(records.get(qid), curation.get(qid) ?? untouched) };
      });
    }
  } finally {
    await dataset.close();
  }
}
