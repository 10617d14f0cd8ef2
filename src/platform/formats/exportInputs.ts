import * as path from 'node:path';
import type { DatasetConfig } from '../../core/project/project';
import { defaultColumns } from '../../core/project/projectDefaults';
import { rowContext } from '../dataset/lintDataset';
import type { ExportInput } from './exportPlan';

/** The files of a dataset, those that are trained on before those held out. `folder` is the project's. */
export function inputsOfDataset(folder: string, config: DatasetConfig): readonly ExportInput[] {
  const train: ExportInput = { ...rowContext(folder, config), split: 'train' };
  return config.heldOut === null ? [train] : [train, { ...rowContext(folder, config, config.heldOut), split: 'heldOut' }];
}

/** A file that no project names: the default columns, pixels, and images beside it. */
export function inputOfFile(file: string): ExportInput {
  return { file, imageRoot: path.dirname(file), stage: 'reasoning', columns: defaultColumns, boxFrame: 'pixel', split: 'train' };
}
