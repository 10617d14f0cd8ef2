import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../core/errors';
import { fixOfRule, trustsFrame } from '../core/lint/fixes/fixOf';
import { joinReports, type LintReport, type RuleCount } from '../core/lint/lintReport';
import { type RuleId, rules } from '../core/lint/rules';
import { toSarif } from '../core/lint/sarif';
import type { Problem } from '../core/problem';
import type { DatasetConfig } from '../core/project/project';
import { lintDataset, type LintOptions, lintWarmUpFile, rowContext, warmUpContext } from '../platform/dataset/lintDataset';
import type { RowContext } from '../platform/dataset/inspectRow';
import { decidesFrame } from '../platform/lint/decidesFrame';
import { fixRows } from '../platform/lint/fixRows';
import { lintImages } from '../platform/lint/lintImages';
import type { CliCommand } from './cliCommand';
import { lintGoldOf } from './lintGoldOf';
import { openProject, type ProjectOnDisk } from './openProject';

const formats = ['text', 'json', 'sarif'] as const;
const warmUpName = 'warm-up';

export const lintCommand: CliCommand = {
  usage: `pebr lint [DATASET|warm-up] [--project DIR] [--format text|json|sarif] [--rule ID]… [--images] [--gold] [--fix]
                                                         check datasets and warm-up; 1 when there is an error. --images decodes every picture and finds
                                                         copies, --gold scores the labels with the dataset's reward, --fix corrects what is safe to correct`,
  positional: 'dataset',
  options: {
    project: { type: 'string', default: '.' }, dataset: { type: 'string' }, format: { type: 'string', default: 'text' }, json: { type: 'boolean', default: false },
    rule: { type: 'string', multiple: true, default: [] }, images: { type: 'boolean', default: false }, gold: { type: 'boolean', default: false }, fix: { type: 'boolean', default: false },
    python: { type: 'string', default: 'python3' },
  },
  async run(values) {
    const format = formats.find(name => name === (values.json ? 'json' : values.format));
    if (!format) throw new AppError('argument.invalid', { argument: '--format', reason: `Give one of ${formats.join(', ')}.` });
    const wanted = ruleArguments(values.rule);
    const opened = await openProject(String(values.project));
    const parts = partsOf(opened, values.dataset);
    const check = async (): Promise<LintReport> => {
      const reports: LintReport[] = [];
      for (const part of parts) reports.push(...(await reportsOf(opened, part, { images: values.images === true, gold: values.gold === true, python: String(values.python) })));
      return onlyRules(joinReports(reports), wanted);
    };
    let report = await check();
    if (values.fix) {
      const fixed = await fixAll(opened, parts, report, wanted);
      console.error(`${fixed.toLocaleString('en')} ${fixed === 1 ? 'row' : 'rows'} corrected.`);
      if (fixed > 0) report = await check();
    }
    write(report, format, opened.folder);
    return [...report.counts.values()].some(({ severity }) => severity === 'error') ? 1 : 0;
  },
};

/** A dataset, or the warm-up. */
type Part = { readonly dataset: DatasetConfig } | { readonly warmUp: string };

function partsOf({ project }: ProjectOnDisk, name: unknown): readonly Part[] {
  const datasets = project.datasets.filter(({ id }) => name === undefined || id === name).map(dataset => ({ dataset }));
  const data = project.pipeline.warmUp?.data;
  const warmUp = data !== undefined && (name === undefined || name === warmUpName) ? [{ warmUp: data }] : [];
  if (datasets.length + warmUp.length > 0) return [...datasets, ...warmUp];
  const known = [...project.datasets.map(({ id }) => id), ...(data === undefined ? [] : [warmUpName])].join(', ');
  throw new AppError('argument.invalid', { argument: 'DATASET', reason: `There is no dataset "${String(name)}". Known: ${known}.` });
}

async function reportsOf(opened: ProjectOnDisk, part: Part, { images, gold, python }: { readonly images: boolean; readonly gold: boolean; readonly python: string }): Promise<readonly LintReport[]> {
  const { folder, project } = opened;
  const options: LintOptions = { maxPromptTokens: project.policy.maxPromptTokens, threads: { script: path.join(__dirname, 'lintThread.js'), count: Math.min(4, availableParallelism()) } };
  if ('warmUp' in part) return [await lintWarmUpFile(folder, part.warmUp, options)];
  const reports = [await lintDataset(folder, part.dataset, options)];
  if (reports.some(report => report.counts.has('dataset/unreadable'))) return reports;
  if (images) reports.push(await lintImages(folder, part.dataset));
  if (gold) reports.push(...(await lintGoldOf(opened, part.dataset, python)));
  return reports;
}

function ruleArguments(given: unknown): ReadonlySet<string> | undefined {
  const named = (Array.isArray(given) ? given : []).flatMap(each => String(each).split(',')).map(each => each.trim()).filter(each => each !== '');
  const unknown = named.find(name => !Object.hasOwn(rules, name));
  if (unknown !== undefined) throw new AppError('argument.invalid', { argument: '--rule', reason: `There is no rule "${unknown}". docs/RULES.md has all of them.` });
  return named.length === 0 ? undefined : new Set(named);
}

function onlyRules(report: LintReport, wanted: ReadonlySet<string> | undefined): LintReport {
  if (!wanted) return report;
  return { ...report, problems: report.problems.filter(problem => wanted.has(problem.rule)), counts: new Map([...report.counts].filter(([rule]) => wanted.has(rule))) };
}

/** A correction that takes something away, or that a doubtful frame would make harmful, is only done where its rule is named. */
async function fixAll({ folder }: ProjectOnDisk, parts: readonly Part[], report: LintReport, wanted: ReadonlySet<string> | undefined): Promise<number> {
  const isMeant = (rule: string): boolean => {
    const fix = fixOfRule(rule);
    return fix !== undefined && (wanted ? wanted.has(rule) : fix.isAsked === undefined);
  };
  let fixed = 0;
  for (const { context, files } of parts.flatMap(part => contextsOf(folder, part).map((each, _, all) => ({ context: each, files: new Set(all.map(({ file }) => file)) })))) {
    const isDoubtful = wanted === undefined && report.problems.some(problem => problem.rule === 'dataset/suspicious-frame' && files.has(problem.file));
    const meant = [...(report.marks.get(context.file) ?? [])].filter(({ rule }) => isMeant(rule));
    const isUnsure = isDoubtful || (wanted === undefined && meant.some(({ rule }) => trustsFrame.has(rule)) && !(await decidesFrame(context)));
    const marks = meant.filter(({ rule }) => !(isUnsure && trustsFrame.has(rule)));
    const left = [...new Set(meant.filter(({ rule }) => isUnsure && trustsFrame.has(rule)).map(({ rule }) => rule))];
    if (left.length > 0) console.error(`${path.relative('', context.file)}: ${left.join(' and ')} not corrected: ${isDoubtful ? 'its boxes look like another frame' : 'so few boxes do not show their frame'}. Look at them, then name the rule: ${left.map(rule => `--rule ${rule}`).join(' ')}.`);
    fixed += await fixRows(context, marks, isMeant('dataset/mixed-types') && report.counts.has('dataset/mixed-types') ? ['dataset/mixed-types'] : []);
  }
  return fixed;
}

function contextsOf(folder: string, part: Part): readonly RowContext[] {
  if ('warmUp' in part) return [warmUpContext(folder, part.warmUp)];
  const { path: file, heldOut } = part.dataset;
  return (heldOut === null ? [file] : [file, heldOut]).map(name => rowContext(folder, part.dataset, name));
}

function write({ problems, counts }: LintReport, format: (typeof formats)[number], folder: string): void {
  if (format === 'json') console.log(JSON.stringify(problems, null, 2));
  else if (format === 'sarif') console.log(JSON.stringify(toSarif(problems, versionOf(), file => uriOf(folder, file)), null, 2));
  else {
    for (const problem of problems) console.log(lineOf(problem));
    console.log(summary(counts));
  }
}

function lineOf(problem: Problem): string {
  const place = `${path.relative('', problem.file)}:${problem.line ?? 1}:${problem.column ?? 1}`;
  return `${place}: ${problem.severity}: ${problem.message} ${problem.remedy} [${problem.rule}]`;
}

function summary(counts: ReadonlyMap<RuleId, RuleCount>): string {
  const total = (severity: RuleCount['severity']): number => [...counts.values()].filter(each => each.severity === severity).reduce((sum, each) => sum + each.count, 0);
  const count = (number: number, word: string): string => `${number.toLocaleString('en')} ${word}${number === 1 ? '' : 's'}`;
  return [count(total('error'), 'error'), count(total('warning'), 'warning'), count(total('info'), 'note')].join(', ');
}

function versionOf(): string {
  const { version } = JSON.parse(readFileSync(path.join(__dirname, '..', 'package.json'), 'utf8')) as { readonly version: string };
  return version;
}

/** Relative to the project, as code hosts want it; absolute for a file outside. */
function uriOf(folder: string, file: string): string {
  const relative = path.relative(folder, file);
  return relative.startsWith('..') || path.isAbsolute(relative) ? pathToFileURL(file).href : relative.split(path.sep).map(encodeURIComponent).join('/');
}
