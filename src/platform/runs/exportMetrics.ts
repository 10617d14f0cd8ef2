import { mkdir, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { AppError, messageOf } from '../../core/errors';
import { importScript, importScriptName } from '../../core/runs/importScript';
import { type HistoryRow, metricHistory } from '../../core/runs/metricHistory';
import { readRun } from './runReader';
import { type Scalar, tfEventFile } from './tfEvents';

export type MetricsTarget = 'tensorboard' | 'wandb' | 'trackio';
export const metricsTargets: readonly MetricsTarget[] = ['tensorboard', 'wandb', 'trackio'];

export interface MetricsExport {
  /** Folder of the run inside the one that was asked for. */
  readonly folder: string;
  readonly files: readonly string[];
  readonly steps: number;
  /** What to type next. */
  readonly hint: string;
}

/**
 * Writes a run's metrics for another tool into `<folder>/<run id>/`. Files of an earlier export of the same run are replaced; nothing else is touched.
 * Throws `run.unreadable` where the run has no numbers, `file.unwritable` where the folder cannot be written.
 */
export async function exportMetrics(runFolder: string, target: MetricsTarget, folder: string): Promise<MetricsExport> {
  const { info, events } = await readRun(runFolder);
  const rows = metricHistory(events);
  if (rows.length === 0) throw new AppError('run.unreadable', { folder: runFolder, reason: 'It has no steps and no evaluations yet.' });
  const out = path.join(folder, path.basename(runFolder));
  const run = { project: info?.name ?? 'pebr', name: info?.id ?? path.basename(runFolder), seed: info?.seed ?? null, config: info?.config ?? {} };
  const files = target === 'tensorboard' ? tensorBoardFiles(rows) : [
    { name: 'history.jsonl', content: rows.map(row => `${JSON.stringify(historyLine(row))}\n`).join('') },
    { name: 'run.json', content: `${JSON.stringify({ ...run, config: { ...run.config, seed: run.seed } }, null, 1)}\n` },
    { name: importScriptName(target), content: importScript(target) },
  ];
  try {
    for (const { name, content } of files) {
      await mkdir(path.dirname(path.join(out, name)), { recursive: true });
      await writeFile(path.join(out, name), content);
    }
  } catch (error) {
    throw new AppError('file.unwritable', { file: out, reason: messageOf(error) }, { cause: error });
  }
  const hint = target === 'tensorboard' ? `tensorboard --logdir ${JSON.stringify(folder)}` : `python ${JSON.stringify(path.join(out, importScriptName(target)))}`;
  return { folder: out, files: files.map(({ name }) => path.join(out, name)), steps: rows.filter(row => !row.isEvaluation).length, hint };
}

function historyLine({ index, stage, step, time, metrics, isEvaluation }: HistoryRow): object {
  return { index, group: isEvaluation ? 'evaluation' : safe(stage), stage, step, time, metrics };
}

/** A folder a stage, so that its steps are counted from 1 and stages lie over each other as runs do. */
function tensorBoardFiles(rows: readonly HistoryRow[]): readonly { readonly name: string; readonly content: Uint8Array }[] {
  const groups = new Map<string, HistoryRow[]>();
  for (const row of rows) {
    const group = row.isEvaluation ? 'evaluation' : safe(row.stage);
    const own = groups.get(group) ?? [];
    own.push(row);
    groups.set(group, own);
  }
  return [...groups].map(([group, own]) => {
    const started = own[0]?.time ?? 0;
    const scalars = own.flatMap(({ step, time, metrics }) => Object.entries(metrics).map(([tag, value]): Scalar => ({ tag, step, time, value })));
    return { name: path.join(group, `events.out.tfevents.${String(Math.trunc(started)).padStart(10, '0')}.pebr`), content: tfEventFile(scalars, started) };
  });
}

/** The name of a stage comes from a file: it must not lead out of the folder. */
function safe(stage: string): string {
  const name = stage.replace(/[^\w.-]+/g, '_').replace(/^\.+/, '').slice(0, 80);
  return name === '' || name === 'evaluation' ? `stage_${name}` : name;
}
