import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RolloutFileRequest, RolloutsRequest } from '../../contributions';
import { textHash } from '../../core/dataset/textHash';
import type { Services } from '../../host/services';
import { ForeignSource, type ForeignTarget } from '../../platform/rollouts/foreignSource';
import { matchSamples } from '../../platform/rollouts/matchSamples';
import { listRunFolders } from '../../platform/runs/runFolders';

/** Reads rollouts that another tool wrote, by themselves or as part of a run, and tells what to show of them. */
export async function openRolloutFile(services: Services, given: RolloutFileRequest | undefined): Promise<RolloutsRequest> {
  const place = given?.path ?? (await askPlace());
  const run = given ? (given.attachTo ?? '') : await askRun(services);
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Reading ${path.basename(place)}` }, async () => {
    const source = await ForeignSource.open(place, await targetOf(services, place, run));
    const { problems } = source.found;
    const [first] = problems;
    if (run !== '' && first) void vscode.window.showWarningMessage(`${problems.length} places of ${path.basename(place)} could not be read; the first: ${path.basename(first.file)}${first.line === undefined ? '' : ` line ${first.line}`}: ${first.message}`);
    return { runFolder: run === '' ? ownFolder(services, place) : run, ...(run === '' ? {} : { stage: path.basename(source.file, '.jsonl') }) };
  });
}

/** Where rollouts that belong to no run are kept as records of ours. */
export function ownFolder({ context }: Services, place: string): string {
  return vscode.Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'rollouts', String(textHash(place)), path.basename(place)).fsPath;
}

export async function targetOf(services: Services, place: string, run: string): Promise<ForeignTarget> {
  const datasets = (await services.datasets.list()).map(({ project, config }) => ({ folder: project.folder, config }));
  return { folder: run === '' ? ownFolder(services, place) : run, run: path.basename(run === '' ? place : run), isOwn: run === '', match: await matchSamples(datasets) };
}

async function askPlace(): Promise<string> {
  const [uri] = (await vscode.window.showOpenDialog({ title: 'Rollouts of TRL, verl, EasyR1, PeBR-R1 or ms-swift', canSelectFiles: true, canSelectFolders: true, openLabel: 'Open', filters: { Rollouts: ['jsonl', 'parquet', 'log'], All: ['*'] } })) ?? [];
  if (!uri) throw new vscode.CancellationError();
  return uri.fsPath;
}

async function askRun({ projects }: Services): Promise<string> {
  const runs = (await Promise.all((await projects.list()).map(project => listRunFolders(project.folder)))).flat();
  if (runs.length === 0) return '';
  const items = [{ label: 'By themselves', description: 'no run is changed', folder: '' }, ...runs.map(folder => ({ label: path.basename(folder), description: 'add them to this run', folder }))];
  const picked = await vscode.window.showQuickPick(items, { title: 'Where do these rollouts belong?' });
  if (!picked) throw new vscode.CancellationError();
  return picked.folder;
}
