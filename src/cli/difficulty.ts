import { reportText } from '../core/routing/reportText';
import { readReport } from '../platform/routing/readReport';
import type { CliCommand } from './cliCommand';
import { datasetArgument } from './datasetArgument';
import { openProject } from './openProject';

export const difficultyCommand: CliCommand = {
  usage: `pebr difficulty [DATASET] [--project DIR] [--by FIELD] [--json]
                                                         pass rates by source, zero-std groups to expect, changes since the sampling before, and who sampled`,
  positional: 'dataset',
  options: { project: { type: 'string', default: '.' }, dataset: { type: 'string' }, by: { type: 'string' }, json: { type: 'boolean', default: false } },
  async run(values) {
    const { folder, project } = await openProject(String(values.project));
    const datasets = values.dataset === undefined ? project.datasets : [datasetArgument(project, values.dataset)];
    const reports = [];
    for (const config of datasets) reports.push(await readReport(folder, project, config, typeof values.by === 'string' ? { by: values.by } : {}));
    console.log(values.json ? JSON.stringify(reports, null, 2) : reports.map(reportText).join('\n\n'));
    return 0;
  },
};
