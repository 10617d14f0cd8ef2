import { isReady } from '../core/launch/launchCheck';
import type { CliCommand } from './cliCommand';
import { checksInWords, lookBeforeRun } from './lookBeforeRun';
import { runProject, runProjectOptions } from './runProject';

export const preflightCommand: CliCommand = {
  usage: `pebr preflight [--project DIR] [--preset NAME] [--set KEY=VALUE …] [--workers N] [--address URL] [--json]
                                                         look at everything a run needs before it starts; 1 when something would make it fail`,
  options: { ...runProjectOptions, workers: { type: 'string' }, address: { type: 'string' }, json: { type: 'boolean', default: false }, python: { type: 'string', default: '' } },
  async run(values) {
    const { folder, project } = await runProject(values);
    const checks = await lookBeforeRun(folder, project, values);
    console.log(values.json ? JSON.stringify(checks, null, 1) : checksInWords(checks));
    return isReady(checks) ? 0 : 1;
  },
};
