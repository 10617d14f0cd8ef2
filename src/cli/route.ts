import { planInWords } from '../core/routing/routePlan';
import { registerRoutes } from '../platform/routing/registerRoutes';
import { planRoutes, routesFolder, writeRoutes } from '../platform/routing/routeRows';
import type { CliCommand } from './cliCommand';
import { datasetArgument } from './datasetArgument';
import { openProject } from './openProject';

export const routeCommand: CliCommand = {
  usage: `pebr route [DATASET] [--project DIR] [--out DIR] [--register] [--dry-run] [--json]
                                                         write easy → perception, medium → reasoning, hard → warm-up as datasets (routes/), as people decided
                                                         where they did; --register names them in pebr.json, --dry-run only counts; 1 when no row goes anywhere`,
  positional: 'dataset',
  options: {
    project: { type: 'string', default: '.' }, dataset: { type: 'string' }, out: { type: 'string', default: routesFolder }, register: { type: 'boolean', default: false },
    'dry-run': { type: 'boolean', default: false }, json: { type: 'boolean', default: false },
  },
  async run(values) {
    const { folder, project } = await openProject(String(values.project));
    const configs = values.dataset === undefined ? project.datasets.filter(({ path }) => !path.startsWith(`${String(values.out)}/`)) : [datasetArgument(project, values.dataset)];
    if (values['dry-run']) {
      const plans = [];
      for (const config of configs) plans.push(await planRoutes(folder, config));
      console.log(values.json ? JSON.stringify(plans, null, 2) : plans.map(plan => `${plan.dataset}: ${planInWords(plan)}`).join('\n'));
      return plans.some(({ counts }) => Object.values(counts).some(count => count > 0)) ? 0 : 1;
    }
    const manifest = await writeRoutes(folder, configs, { out: String(values.out) });
    const added = values.register ? await registerRoutes(folder, configs, manifest) : [];
    if (values.json) console.log(JSON.stringify({ ...manifest, registered: added }, null, 2));
    else {
      for (const plan of manifest.datasets) console.log(`${plan.dataset}: ${planInWords(plan)}`);
      for (const { path, rows } of manifest.files) console.log(`  ${path}  ${rows.toLocaleString('en')}`);
      if (added.length > 0) console.log(`pebr.json names ${added.join(', ')}`);
    }
    return manifest.files.length > 0 ? 0 : 1;
  },
};
