import * as path from 'node:path';
import type { ForeignEngine } from '../core/engines/engineId';
import { emissionOf, prepareForeignRun } from '../platform/runs/foreignRun';
import type { StartOptions } from '../platform/runs/startTrainer';
import { type WrittenEmission, writeEmission } from '../platform/runs/writeEmission';
import { foreignOptions } from './engineFlags';
import type { ProjectOnDisk } from './openProject';

type Values = Readonly<Record<string, unknown>>;

/** `--emit-only DIR`: writes everything for the engine and starts nothing; 1 where something has to be put right first. */
export async function emitOnly(values: Values, engine: ForeignEngine, opened: ProjectOnDisk): Promise<number> {
  const folder = path.resolve(String(values['emit-only']));
  const emission = emissionOf({ engine, project: opened.project, options: foreignOptions(values, opened) }, folder);
  const written = await writeEmission(emission, { folder, projectFolder: opened.folder, project: opened.project, dist: __dirname });
  print(written);
  for (const note of emission.notes) console.log(`note: ${note}`);
  for (const file of written.files) console.log(path.relative('', file));
  return written.problems.some(({ severity }) => severity === 'error') ? 1 : 0;
}

/** A run of the RL stages by an engine of its own; nothing is started while something is wrong. */
export async function startForeign(values: Values, engine: ForeignEngine, opened: ProjectOnDisk): Promise<StartOptions> {
  const { folder: projectFolder, project } = opened;
  const name = typeof values['name'] === 'string' ? values['name'] : project.name;
  const { start, written } = await prepareForeignRun({ engine, projectFolder, project, name, options: foreignOptions(values, opened), dist: __dirname });
  print(written);
  return start;
}

function print({ problems, rows }: WrittenEmission): void {
  for (const [stage, count] of Object.entries(rows)) console.log(`${stage}: ${count.toLocaleString('en')} rows`);
  for (const { severity, message, remedy } of problems) console.log(`${severity}: ${message} ${remedy}`);
}
