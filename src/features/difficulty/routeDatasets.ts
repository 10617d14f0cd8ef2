import * as path from 'node:path';
import * as vscode from 'vscode';
import { planInWords, type RoutePlan } from '../../core/routing/routePlan';
import type { ProjectDataset } from '../../host/datasetService';
import type { Services } from '../../host/services';
import { registerRoutes } from '../../platform/routing/registerRoutes';
import { planRoutes, type RouteManifest, routesFolder, writeRoutes } from '../../platform/routing/routeRows';

interface Choice extends vscode.QuickPickItem {
  readonly dataset: ProjectDataset;
  readonly plan: RoutePlan;
}

/** Shows where the samples of each dataset would go, asks, and writes them as datasets. */
export async function routeDatasets({ datasets }: Services, chosen: string | undefined): Promise<void> {
  const all = (await datasets.list()).filter(dataset => !isRouted(dataset));
  if (all.length === 0) {
    void vscode.window.showInformationMessage('There is no dataset to route: no pebr.json names one.');
    return;
  }
  const choices = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Looking where the samples go', cancellable: true }, (_, token) => plansOf(all, chosen, token));
  const picked = await vscode.window.showQuickPick(choices, {
    canPickMany: true, title: 'Route by Difficulty: easy → perception, medium → reasoning, hard → warm-up', placeHolder: 'Which datasets?', matchOnDetail: true,
  });
  if (!picked || picked.length === 0) return;
  if (picked.every(({ plan }) => routedRows(plan) === 0)) {
    void vscode.window.showWarningMessage('No sample goes anywhere yet: sample the datasets first, or set stages by hand.');
    return;
  }
  const write = 'Write';
  const name = 'Write and Add to pebr.json';
  const detail = picked.map(({ plan }) => `${plan.dataset}\n${planInWords(plan)}`).join('\n\n');
  const answer = await vscode.window.showInformationMessage(`Write the samples of ${picked.length === 1 ? (picked[0]?.label ?? '') : `${picked.length} datasets`} to ${routesFolder}/?`, { modal: true, detail }, write, name);
  if (answer === undefined) return;
  const manifests = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Writing routes', cancellable: true }, (progress, token) => writeAll(picked.map(each => each.dataset), answer === name, progress, token));
  await tell(manifests);
}

async function plansOf(all: readonly ProjectDataset[], chosen: string | undefined, token: vscode.CancellationToken): Promise<readonly Choice[]> {
  const signal = signalOf(token);
  const choices: Choice[] = [];
  for (const dataset of all) {
    const plan = await planRoutes(dataset.project.folder, dataset.config, signal);
    const picked = chosen === undefined ? routedRows(plan) > 0 : dataset.config.id === chosen;
    choices.push({ dataset, plan, label: dataset.config.id, detail: planInWords(plan), picked });
  }
  return choices;
}

interface Written {
  readonly folder: string;
  readonly manifest: RouteManifest;
  readonly added: readonly string[];
}

/** Datasets of one project share a manifest. */
async function writeAll(datasets: readonly ProjectDataset[], isNamed: boolean, progress: vscode.Progress<{ message: string }>, token: vscode.CancellationToken): Promise<readonly Written[]> {
  const signal = signalOf(token);
  const folders = [...new Set(datasets.map(dataset => dataset.project.folder))];
  const written: Written[] = [];
  for (const folder of folders) {
    const configs = datasets.filter(dataset => dataset.project.folder === folder).map(dataset => dataset.config);
    const manifest = await writeRoutes(folder, configs, { signal, onProgress: (dataset, rows) => progress.report({ message: `${dataset}: ${rows.toLocaleString('en')} rows` }) });
    written.push({ folder, manifest, added: isNamed ? await registerRoutes(folder, configs, manifest) : [] });
  }
  return written;
}

async function tell(written: readonly Written[]): Promise<void> {
  const files = written.flatMap(({ manifest }) => manifest.files);
  const rows = files.reduce((sum, file) => sum + file.rows, 0);
  const added = written.flatMap(each => each.added);
  const open = 'Open Manifest';
  const words = `${rows.toLocaleString('en')} samples written to ${files.length} files in ${routesFolder}/.${added.length > 0 ? ` pebr.json names ${added.join(', ')}.` : ''}`;
  const [first] = written;
  if ((await vscode.window.showInformationMessage(words, open)) === open && first) await vscode.window.showTextDocument(vscode.Uri.file(path.join(first.folder, routesFolder, 'manifest.json')));
}

/** What this command wrote earlier is not routed again. */
function isRouted({ file, project }: ProjectDataset): boolean {
  return path.dirname(file) === path.join(project.folder, routesFolder);
}

function routedRows({ counts }: RoutePlan): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function signalOf(token: vscode.CancellationToken): AbortSignal {
  const abort = new AbortController();
  token.onCancellationRequested(() => abort.abort(new vscode.CancellationError()));
  return abort.signal;
}
