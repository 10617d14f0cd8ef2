import * as path from 'node:path';
import type { CliCommand } from './cliCommand';
import { AppError } from '../core/errors';
import { MetricSeries } from '../core/runs/metricSeries';
import { runReport } from '../core/runs/report';
import { reportAsHtml } from '../core/runs/reportHtml';
import { reportAsMarkdown, reportAsText } from '../core/runs/reportText';
import type { RunEvent } from '../core/runs/runEvent';
import { runTable } from '../core/runs/runTable';
import { runStateOf } from '../core/runs/runState';
import { exportMetrics, metricsTargets } from '../platform/runs/exportMetrics';
import { readReportDetails } from '../platform/runs/reportDetails';
import { readRun } from '../platform/runs/runReader';

export const reportCommand: CliCommand = {
  usage: `pebr report --run DIR [--json | --markdown | --html]     what a run came to; 1 when it did not complete
  pebr report --run DIR --export ${metricsTargets.join('|')} --out DIR   its metrics for another tool
  pebr report --compare --run DIR --run DIR … [--markdown]   runs beside each other: what differs from the first, held-out numbers, steps, time`,
  options: {
    run: { type: 'string', multiple: true, default: [] }, compare: { type: 'boolean', default: false }, json: { type: 'boolean', default: false }, markdown: { type: 'boolean', default: false }, html: { type: 'boolean', default: false },
    export: { type: 'string' }, out: { type: 'string' },
  },
  async run(values) {
    const [run, ...others] = values.run as readonly string[];
    if (run === undefined) throw new AppError('argument.invalid', { argument: '--run', reason: 'Give the folder of the run.' });
    if (values.compare) return compare([run, ...others], values.markdown === true);
    if (others.length > 0) throw new AppError('argument.invalid', { argument: '--run', reason: 'Several runs are for --compare.' });
    if (typeof values.export === 'string') return exportTo(path.resolve(run), values.export, values.out);
    const { info, events, problems } = await readRun(path.resolve(run));
    if (!info && events.length === 0) throw new AppError('run.unreadable', { folder: run, reason: problems[0]?.message ?? 'There is no run.' });
    for (const problem of problems) console.error(`${problem.file}:${problem.line ?? 1}: ${problem.severity}: ${problem.message}`);
    if (values.json) console.log(JSON.stringify({ run: info, ...figures(events) }, null, 2));
    else if (values.html) console.log(reportAsHtml(runReport(info, events), await readReportDetails(path.resolve(run), info, events)));
    else console.log(values.markdown ? reportAsMarkdown(runReport(info, events)) : reportAsText(runReport(info, events)));
    return runStateOf(events).status === 'completed' ? 0 : 1;
  },
};

async function compare(folders: readonly string[], isMarkdown: boolean): Promise<number> {
  const runs = await Promise.all(folders.map(async folder => {
    const { info, state, events } = await readRun(path.resolve(folder));
    if (!info && events.length === 0) throw new AppError('run.unreadable', { folder, reason: 'There is no run.' });
    return { info, state };
  }));
  const report = { title: `${runs.length} runs`, facts: [], tables: [runTable(runs)], problems: [] };
  console.log(isMarkdown ? reportAsMarkdown(report) : reportAsText(report));
  return 0;
}

/** The numbers behind the report: the state of the run and every metric's values, stage by stage. */
function figures(events: readonly RunEvent[]): object {
  const series = new MetricSeries();
  for (const event of events) series.add(event);
  const state = runStateOf(events);
  const metrics = Object.fromEntries(
    state.stages.map(stage => [stage.name, Object.fromEntries(series.names().map(name => [name, series.values(stage.name, name)] as const).filter(([, values]) => values.length > 0))]),
  );
  return { ...state, metrics };
}

async function exportTo(run: string, to: string, out: unknown): Promise<number> {
  const target = metricsTargets.find(known => known === to);
  if (!target) throw new AppError('argument.invalid', { argument: '--export', reason: `"${to}" is none of ${metricsTargets.join(', ')}.` });
  if (typeof out !== 'string') throw new AppError('argument.invalid', { argument: '--out', reason: 'Say which folder to write to.' });
  const { folder, files, steps, hint } = await exportMetrics(run, target, path.resolve(out));
  console.log(`${steps} steps in ${files.length} files: ${path.relative('', folder) || folder}\nNext: ${hint}`);
  return 0;
}
