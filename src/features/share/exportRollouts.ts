import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RolloutExportRequest } from '../../contributions';
import { AppError } from '../../core/errors';
import { everyRollout } from '../../core/rollouts/rolloutQuestion';
import type { ShareFormatName } from '../../core/rollouts/share/shareFormat';
import type { Services } from '../../host/services';
import { RolloutClient } from '../../platform/rollouts/rolloutClient';
import { mostShared, type ShareOrder, type ShareReport, shareRollouts } from '../../platform/rollouts/shareRollouts';
import { listRolloutStages, listRunFolders } from '../../platform/runs/runFolders';

interface FormatItem extends vscode.QuickPickItem {
  readonly format: ShareFormatName;
  readonly ending: string;
}

const formats: readonly FormatItem[] = [
  { label: 'Page', description: 'one HTML file with its pictures, boxes and marked evidence; any browser opens it', format: 'html', ending: 'html' },
  { label: 'Markdown', description: 'with a folder of pictures, for an issue or a paper', format: 'markdown', ending: 'md' },
  { label: 'Lines', description: 'JSONL: the rollouts with their samples, for a program', format: 'jsonl', ending: 'jsonl' },
];

/** Asks what of a run is to be exported, as what and where to, and writes it. Undefined when the person thinks better of it. */
export async function exportRollouts(services: Services, given: RolloutExportRequest | undefined): Promise<void> {
  const runFolder = given?.runFolder ?? (await askRun(services));
  const group = await askPart(given);
  if (group === undefined) return;
  const format = given?.format ? formats.find(each => each.format === given.format) : await vscode.window.showQuickPick(formats, { title: 'Export rollouts as', matchOnDescription: true });
  if (!format) return;
  const file = given?.file ?? (await askFile(runFolder, group, format));
  if (file === undefined) return;
  const order = { format: format.format, file, run: path.basename(runFolder), query: given?.query ?? everyRollout, date: new Date().toISOString().slice(0, 10) };
  const report = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Exporting rollouts to ${path.basename(file)}`, cancellable: true },
    (progress, token) => write(services, runFolder, group, order, progress, token));
  if (report) await tell(report, file, given?.file === undefined);
}

async function write(services: Services, runFolder: string, group: string | null, order: ShareOrder, progress: vscode.Progress<{ message?: string; increment?: number }>, token: vscode.CancellationToken): Promise<ShareReport | undefined> {
  const client = new RolloutClient({ dist: path.join(services.context.extensionPath, 'dist'), folder: path.join(runFolder, 'rollouts'), stages: await listRolloutStages(runFolder) });
  const stop = new AbortController();
  const listening = token.onCancellationRequested(() => stop.abort());
  try {
    const datasets = await services.datasets.list();
    const difficulties = await Promise.all(datasets.map(async dataset => [...(await services.datasets.difficulty(dataset)).records].map(([sample, { difficulty }]) => ({ dataset: dataset.config.id, sample, difficulty }))));
    await client.call('setDifficulty', difficulties.flat());
    await client.call('refresh');
    const [number] = group === null ? [] : await client.call('named', group);
    if (group !== null && number === undefined) throw new AppError('argument.invalid', { argument: group, reason: `${path.basename(runFolder)} has no such group any more.` });
    const source = { answer: (question: typeof order.query) => client.call('answer', question, stop.signal), rows: (numbers: readonly number[]) => client.call('rows', numbers, ''), read: (each: number) => client.call('read', each) };
    return await shareRollouts(source, datasets.map(({ project, config }) => ({ folder: project.folder, config })), { ...order, ...(number === undefined ? {} : { group: number }) }, (done, all) => progress.report({ message: `${done} of ${all} groups`, increment: 100 / all }), stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return undefined; // nothing was written
    throw error;
  } finally {
    listening.dispose();
    client.dispose();
  }
}

/** The name of a group, null for all that answer the question; undefined when the person thinks better of it. */
async function askPart(given: RolloutExportRequest | undefined): Promise<string | null | undefined> {
  if (!given || given.group === undefined) return null;
  if (given.format !== undefined) return given.group;
  const text = given.query?.text ?? '';
  const part = await vscode.window.showQuickPick([
    { label: 'This group', description: given.group, group: given.group },
    { label: text === '' ? 'All groups' : 'All that answer', description: `${text} (at most ${mostShared.html} on a page)`.trim(), group: null },
  ], { title: 'Export which rollouts?' });
  return part && part.group;
}

async function askFile(runFolder: string, group: string | null, { ending, label }: FormatItem): Promise<string | undefined> {
  const name = `${path.basename(runFolder)}-${group === null ? 'rollouts' : group.replace(/[^\w.-]+/g, '-').slice(0, 60)}.${ending}`;
  const uri = await vscode.window.showSaveDialog({ title: 'Export rollouts', defaultUri: vscode.Uri.file(path.resolve(runFolder, '..', '..', '..', name)), filters: { [label]: [ending] }, saveLabel: 'Export' });
  return uri?.fsPath;
}

async function askRun({ projects }: Services): Promise<string> {
  const runs = (await Promise.all((await projects.list()).map(project => listRunFolders(project.folder)))).flat();
  const some = (await Promise.all(runs.map(async folder => ((await listRolloutStages(folder)).length > 0 ? [folder] : [])))).flat();
  if (some.length === 0) throw new AppError('argument.invalid', { argument: 'Rollouts', reason: 'no run has any yet, so there is nothing to export. Start one with "PeBR: Train".' });
  const chosen = await vscode.window.showQuickPick(some.map(folder => ({ label: path.basename(folder), folder })), { title: 'Rollouts of which run?' });
  if (!chosen) throw new vscode.CancellationError();
  return chosen.folder;
}

async function tell({ rollouts, groups, found, left }: ShareReport, file: string, isAsked: boolean): Promise<void> {
  const words = `${rollouts} rollouts of ${groups}${groups < found ? ` of ${found}` : ''} groups are in ${path.basename(file)}.${left.length === 0 ? '' : ` ${left[0]}${left.length > 1 ? `, and ${left.length - 1} more are not in it` : ''}.`}`;
  const shown = left.length === 0 ? vscode.window.showInformationMessage(words, 'Open') : vscode.window.showWarningMessage(words, 'Open');
  const open = shown.then(async chosen => {
    if (chosen !== 'Open') return;
    // A browser is on the person's machine; a file in a container or on a server is not there.
    if (file.endsWith('.html') && vscode.env.remoteName === undefined) await vscode.env.openExternal(vscode.Uri.file(file));
    else await vscode.commands.executeCommand('vscode.open', vscode.Uri.file(file));
  });
  if (isAsked) await open;
}
