import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { AppError } from '../core/errors';
import { parseSortKey } from '../core/query/savedView';
import { chipOf } from '../core/query/printQuery';
import type { ShareFormatName } from '../core/rollouts/share/shareFormat';
import { difficultyFile, readDifficulty } from '../platform/dataset/difficultyFile';
import { RolloutStore, type SampleDifficulty } from '../platform/rollouts/rolloutStore';
import { shareRollouts } from '../platform/rollouts/shareRollouts';
import { listRolloutStages, listRunFolders } from '../platform/runs/runFolders';
import type { CliCommand } from './cliCommand';
import { openProject, type ProjectOnDisk } from './openProject';

const formats: Readonly<Record<string, ShareFormatName>> = { html: 'html', md: 'markdown', markdown: 'markdown', jsonl: 'jsonl' };

export const rolloutsExportCommand: CliCommand = {
  usage: `pebr rollouts export --out FILE [--to html|markdown|jsonl] [--project DIR] [--run NAME|DIR] [--stage S] [--step N|A..B] [--sample QID]
             [--group NAME] [--where "CHIPS"|"sql: CONDITION"] [--sort COL[:desc]]… [--limit N] [--json]
                                                         rollouts as a page, as Markdown with pictures, or as lines; of the newest run by default`,
  options: {
    out: { type: 'string' }, to: { type: 'string' }, project: { type: 'string', default: '.' }, run: { type: 'string' }, stage: { type: 'string' }, step: { type: 'string' }, sample: { type: 'string' },
    group: { type: 'string' }, where: { type: 'string' }, sort: { type: 'string', multiple: true, default: [] }, limit: { type: 'string' }, json: { type: 'boolean', default: false },
  },
  async run(values) {
    const text = (name: string): string | undefined => (typeof values[name] === 'string' ? values[name] : undefined);
    const out = text('out');
    if (out === undefined) throw new AppError('argument.invalid', { argument: '--out', reason: 'say which file to write.' });
    const format = formats[text('to') ?? path.extname(out).slice(1).toLowerCase()];
    if (!format) throw new AppError('argument.invalid', { argument: '--to', reason: `give html, markdown or jsonl, or a file that ends in .html, .md or .jsonl.` });
    const project = await openProject(String(values.project));
    const runFolder = await runOf(project, text('run'));
    const store = await RolloutStore.open(path.join(runFolder, 'rollouts'), { stages: await listRolloutStages(runFolder) });
    try {
      await store.setDifficulty(await difficultiesOf(project));
      await store.refresh();
      const report = await shareRollouts({ answer: question => store.answer(question), rows: numbers => store.rows(numbers, ''), read: number => store.read(number) }, project.project.datasets.map(config => ({ folder: project.folder, config })), {
        format, file: path.resolve(out), run: path.basename(runFolder), query: { text: questionOf(values), sort: (values.sort as readonly string[]).map(parseSortKey) },
        date: new Date().toISOString().slice(0, 10), ...(text('limit') === undefined ? {} : { most: limitOf(text('limit') ?? '') }),
      });
      for (const left of report.left) console.error(`warning: ${left}`);
      for (const { file, line, message } of store.problems) console.error(`${path.relative('', file)}:${line ?? 1}: warning: ${message}`);
      if (values.json) console.log(JSON.stringify({ file: path.resolve(out), ...report }));
      else console.log(`${report.rollouts} rollouts in ${report.groups}${report.groups < report.found ? ` of ${report.found}` : ''} groups of ${path.basename(runFolder)} written to ${out}`);
      return report.left.length > 0 ? 1 : 0;
    } finally {
      await store.close();
    }
  },
};

/** A run by its name or its folder; the newest that has rollouts where none is named. */
async function runOf({ folder }: ProjectOnDisk, named: string | undefined): Promise<string> {
  const runs = await listRunFolders(folder);
  if (named !== undefined) {
    const found = runs.find(run => path.basename(run) === named) ?? (existsSync(path.join(named, 'rollouts')) ? path.resolve(named) : undefined);
    if (found !== undefined) return found;
    throw new AppError('argument.invalid', { argument: '--run', reason: `there is no run "${named}". Known: ${runs.map(run => path.basename(run)).slice(0, 5).join(', ') || 'none'}.` });
  }
  for (const run of runs) if ((await listRolloutStages(run)).length > 0) return run;
  throw new AppError('argument.invalid', { argument: '--run', reason: 'no run of the project has rollouts yet.' });
}

function questionOf(values: Readonly<Record<string, unknown>>): string {
  const chips = (['stage', 'sample', 'group'] as const).flatMap(name => (typeof values[name] === 'string' ? [chipOf(name, values[name])] : []));
  const step = typeof values.step === 'string' ? values.step : undefined;
  if (step !== undefined && !/^\d+(\.\.\d+)?$/.test(step)) throw new AppError('argument.invalid', { argument: '--step', reason: `"${step}" is neither a step nor a range such as 10..20.` });
  const all = [...chips, ...(step === undefined ? [] : [`step:${step}`])].join(' ');
  const where = typeof values.where === 'string' ? values.where : '';
  if (all !== '' && /^\s*sql\s*:/i.test(where)) throw new AppError('argument.invalid', { argument: '--where', reason: 'a condition in SQL stands alone: write stage, step, sample and group into it.' });
  return [all, where].filter(Boolean).join(' ');
}

function limitOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new AppError('argument.invalid', { argument: '--limit', reason: 'Give a whole number of groups above 0.' });
  return Number(text);
}

async function difficultiesOf({ folder, project }: ProjectOnDisk): Promise<readonly SampleDifficulty[]> {
  const found = await Promise.all(project.datasets.map(async ({ id }) => [...(await readDifficulty(difficultyFile(folder, id))).records].map(([sample, { difficulty }]): SampleDifficulty => ({ dataset: id, sample, difficulty }))));
  return found.flat();
}
