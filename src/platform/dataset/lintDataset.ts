import * as path from 'node:path';
import { joinReports, type LintReport } from '../../core/lint/lintReport';
import { defaultColumns } from '../../core/project/projectDefaults';
import type { DatasetConfig } from '../../core/project/project';
import type { LintThreads } from '../lint/lintChunks';
import { lintCuration } from '../lint/lintCuration';
import { FileChecks } from '../lint/lintFiles';
import type { RowContext } from './inspectRow';

export interface LintOptions {
  /** Tokens that a prompt may have (`policy.maxPromptTokens`). */
  readonly maxPromptTokens?: number;
  readonly signal?: AbortSignal;
  /** Threads for files that are worth them; without them the rows are checked here, in slices of milliseconds. */
  readonly threads?: LintThreads;
}

/** Checks a dataset and its held-out rows. `folder` is the project's; a file that cannot be read is a problem too. */
export async function lintDataset(folder: string, config: DatasetConfig, { maxPromptTokens, ...options }: LintOptions = {}): Promise<LintReport> {
  const checks = new FileChecks(config.boxFrame, options);
  const context = (name: string): RowContext => ({ ...rowContext(folder, config, name), maxPromptTokens: maxPromptTokens ?? null });
  const { heldOut } = config;
  try {
    const reports = [await checks.add(context(config.path), heldOut === null ? 'alone' : 'trained')];
    if (heldOut !== null) reports.push(await checks.add(context(heldOut), 'heldOut'));
    for (const name of heldOut === null ? [config.path] : [config.path, heldOut]) reports.push(await lintCuration(path.resolve(folder, name)));
    return joinReports([...reports, checks.ofAllRows(context(config.path))]);
  } finally {
    await checks.close();
  }
}

/** Checks the rows of the warm-up. Their images are relative to the file. */
export async function lintWarmUpFile(folder: string, data: string, options: LintOptions = {}): Promise<LintReport> {
  const checks = new FileChecks('pixel', options);
  try {
    return await checks.add(warmUpContext(folder, data), 'warm-up');
  } finally {
    await checks.close();
  }
}

export function warmUpContext(folder: string, data: string): RowContext {
  const file = path.resolve(folder, data);
  return { file, imageRoot: path.dirname(file), stage: 'reasoning', columns: defaultColumns, boxFrame: 'pixel', maxPromptTokens: null };
}

/** How the rows of one of a dataset's files are read. */
export function rowContext(folder: string, config: DatasetConfig, name = config.path): RowContext {
  const { stage, columns, boxFrame } = config;
  return { file: path.resolve(folder, name), imageRoot: path.resolve(folder, config.imageRoot), stage, columns, boxFrame, maxPromptTokens: null };
}
