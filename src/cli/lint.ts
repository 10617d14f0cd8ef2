import * as path from 'node:path';
import type { CliCommand } from './cliCommand';
import type { Problem } from '../core/problem';
import { lintDataset } from '../platform/dataset/lintDataset';
import { openProject } from './openProject';

export const lintCommand: CliCommand = {
  usage: 'pebr lint [--project DIR] [--dataset ID] [--json]      check the datasets; 1 when there is an error',
  options: { project: { type: 'string', default: '.' }, dataset: { type: 'string' }, json: { type: 'boolean', default: false } },
  async run(values) {
    const { folder, project } = await openProject(String(values.project));
    const datasets = project.datasets.filter(dataset => values.dataset === undefined || dataset.id === values.dataset);
    if (datasets.length === 0) {
      console.error(`error: There is no dataset "${String(values.dataset)}". Known: ${project.datasets.map(dataset => dataset.id).join(', ')}`);
      return 2;
    }
    const problems = (await Promise.all(datasets.map(dataset => lintDataset(folder, dataset, { maxPromptTokens: project.policy.maxPromptTokens, threads: { script: path.join(__dirname, 'lintThread.js'), count: 2 } })))).flatMap(r => r.problems);
    if (values.json) console.log(JSON.stringify(problems, null, 2));
    else print(problems);
    return problems.some(problem => problem.severity === 'error') ? 1 : 0;
  },
};

function print(problems: readonly Problem[]): void {
  for (const problem of problems) {
    console.log(`${path.relative('', problem.file)}:${problem.line ?? 1}: ${problem.severity}: ${problem.message} ${problem.remedy} [${problem.rule}]`);
  }
  const errors = problems.filter(problem => problem.severity === 'error').length;
  console.log(`${errors} errors, ${problems.length - errors} warnings`);
}
