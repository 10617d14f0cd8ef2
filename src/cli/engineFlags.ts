import * as path from 'node:path';
import { type EngineId, engineIds, isEngineId } from '../core/engines/engineId';
import { AppError } from '../core/errors';
import { type ForeignOptions, policyPlace } from '../platform/runs/foreignRun';
import type { ProjectOnDisk } from './openProject';

type Values = Readonly<Record<string, unknown>>;

/** Options of `pebr train` that say what trains, and on how much. */
export const engineOptions = {
  engine: { type: 'string' }, workers: { type: 'string' }, nodes: { type: 'string', default: '1' }, gpus: { type: 'string', default: '8' }, address: { type: 'string' }, policy: { type: 'string' },
  'engine-python': { type: 'string', default: 'python3' }, 'engine-folder': { type: 'string' }, fork: { type: 'string', default: 'easyr1' }, 'emit-only': { type: 'string' },
} as const;

/** `--engine`, else what the project says. */
export function engineOf(values: Values, { project }: ProjectOnDisk): EngineId {
  const text = typeof values['engine'] === 'string' ? values['engine'] : project.engine;
  if (!isEngineId(text)) throw new AppError('argument.invalid', { argument: '--engine', reason: `"${text}" is none of ${engineIds.join(', ')}.` });
  return text;
}

/** `--workers`; undefined where nothing is said. */
export function workersOf(values: Values): number | undefined {
  return values['workers'] === undefined ? undefined : atLeastOne(values, 'workers');
}

/** Where and on how much an engine of its own runs. */
export function foreignOptions(values: Values, { folder: projectFolder, project }: ProjectOnDisk): ForeignOptions {
  const fork = String(values['fork']);
  if (fork !== 'easyr1' && fork !== 'pebr-r1') throw new AppError('argument.invalid', { argument: '--fork', reason: `"${fork}" is none of easyr1, pebr-r1.` });
  return {
    policy: policyPlace(projectFolder, typeof values['policy'] === 'string' ? values['policy'] : project.policy.base), python: String(values['engine-python']), nodes: atLeastOne(values, 'nodes'), gpus: atLeastOne(values, 'gpus'),
    engineFolder: typeof values['engine-folder'] === 'string' ? path.resolve(values['engine-folder']) : null, fork, address: addressOf(values),
  };
}

/** `--address http://head:8265`: where a Ray cluster takes jobs. */
export function addressOf(values: Values): string | null {
  const text = values['address'];
  if (typeof text !== 'string') return null;
  if (!/^(?:https?|ray):\/\/[\w.:[\]-]+\/?$/.test(text)) throw new AppError('argument.invalid', { argument: '--address', reason: `"${text}" is no address of a Ray cluster, such as http://head:8265.` });
  return text;
}

function atLeastOne(values: Values, name: string): number {
  const number = Number(values[name]);
  if (!Number.isInteger(number) || number < 1) throw new AppError('argument.invalid', { argument: `--${name}`, reason: `"${String(values[name])}" is no whole number of 1 or more.` });
  return number;
}
