import * as path from 'node:path';
import * as vscode from 'vscode';
import type { ExportRequest } from '../../contributions';
import { AppError } from '../../core/errors';
import type { ExportTarget } from '../../core/formats/exportTarget';
import { exportTargetOf } from '../../core/formats/exportTargets';
import { queryOfView } from '../../core/query/savedView';
import type { DifficultyRecord } from '../../core/dataset/sample';
import { registerCommand } from '../../host/commands';
import type { ProjectDataset } from '../../host/datasetService';
import type { Services } from '../../host/services';
import { inputOfFile, inputsOfDataset } from '../../platform/formats/exportInputs';
import type { ExportInput, ExportPlan, ExportReport } from '../../platform/formats/exportPlan';
import { imageModes, planExport } from '../../platform/formats/planExport';
import { rowsOfQuery } from '../../platform/formats/rowsOfQuery';
import { checkExport, type ExportJob, presentOutputs, runExport } from '../../platform/formats/runExport';
import { readPromptTemplate } from '../../platform/responses/promptTemplate';
import { ExportFindings } from './exportFindings';
import { askChoices, askTarget, type ExportChoices, queryOfRows, type RowsChoice } from './exportForm';

/** What is exported, before a person said how. */
interface Source {
  readonly inputs: readonly ExportInput[];
  readonly name: string;
  readonly dataset?: ProjectDataset;
  readonly difficulty: ReadonlyMap<string, DifficultyRecord>;
}

/** The command that writes a dataset for a trainer. */
export function registerExport(services: Services): void {
  const { lifetime, log } = services;
  const findings = lifetime.add(new ExportFindings());
  lifetime.add(services.datasets.onDidChange(dataset => findings.forgetChanged(dataset ? [dataset.file, dataset.heldOut] : [])));
  lifetime.add(registerCommand(log, 'pebr.dataset.export', async given => {
    const request = given instanceof vscode.Uri ? { file: given.fsPath } : (given ?? {});
    const source = await sourceOf(services, request);
    if (!source || !(await saveFirst(source))) return;
    const target = request.to === undefined ? await askTarget() : exportTargetOf(request.to);
    if (!target) return;
    const plan = await planOf(source, target, request);
    if (plan) await exportPlanned(plan, source, findings, { ...request, threads: path.join(services.context.extensionPath, 'dist') });
  }));
}

async function sourceOf({ datasets }: Services, { datasetId, file }: ExportRequest): Promise<Source | undefined> {
  const all = await datasets.list();
  const active = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const open = active instanceof vscode.TabInputCustom || active instanceof vscode.TabInputText ? active.uri.fsPath : undefined;
  const named = datasetId !== undefined ? await datasets.byId(datasetId) : file !== undefined ? await datasets.byFile(file) : open === undefined ? undefined : await datasets.byFile(open);
  if (!named && file !== undefined) return { inputs: [inputOfFile(file)], name: path.parse(file).name, difficulty: new Map() };
  const dataset = named ?? (await askDataset(all));
  if (!dataset) return undefined;
  const { records } = await datasets.difficulty(dataset);
  return { inputs: inputsOfDataset(dataset.project.folder, dataset.config), name: dataset.config.id, dataset, difficulty: records };
}

async function askDataset(all: readonly ProjectDataset[]): Promise<ProjectDataset | undefined> {
  if (all.length === 0) throw new AppError('argument.invalid', { argument: 'Export', reason: 'no pebr.json of this folder names a dataset. Import one, or create a project.' });
  if (all.length === 1) return all[0];
  const picked = await vscode.window.showQuickPick(all.map(dataset => ({ label: dataset.config.id, description: dataset.config.stage, detail: dataset.config.path, dataset })), { title: 'Export Dataset', placeHolder: 'Which dataset?' });
  return picked?.dataset;
}

/** An export reads the files: edits that are not saved would be missing without a word. */
async function saveFirst({ inputs }: Source): Promise<boolean> {
  const files = new Set(inputs.map(({ file }) => file));
  const unsaved = vscode.window.tabGroups.all.flatMap(group => group.tabs).flatMap(({ isDirty, input }) => (isDirty && (input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText) && files.has(input.uri.fsPath) ? [input.uri] : []));
  if (unsaved.length === 0) return true;
  const names = [...new Set(unsaved.map(uri => path.basename(uri.fsPath)))].join(' and ');
  const choice = await vscode.window.showWarningMessage(`${names} has edits that are not saved. The export reads what is on disk.`, { modal: true }, 'Save and Export', 'Export What Is Saved');
  if (choice === 'Save and Export') for (const uri of unsaved) await vscode.workspace.save(uri);
  return choice !== undefined;
}

/** Asks what the request does not say. A request that names a folder is not asked about. */
async function planOf(source: Source, target: ExportTarget, request: ExportRequest): Promise<ExportPlan | undefined> {
  const { dataset, inputs, name } = source;
  const base = dataset?.project.folder ?? path.dirname(inputs[0]?.file ?? '');
  const container = target.containers[0] ?? 'jsonl';
  const start: ExportChoices = {
    container, frame: target.frame ?? inputs[0]?.boxFrame ?? 'pixel', images: imageModes(target, container)[0] ?? 'relative', answer: 'row', usesPrompt: false,
    rows: request.qids ? 'chosen' : 'all', folder: path.join(base, 'exports', `${name}-${target.id}`),
  };
  const prompt = dataset?.project.project?.prompt ?? null;
  const chosen = request.folder === undefined ? await askChoices(target, name, start, rowsOf(source, request), prompt !== null) : { ...start, folder: request.folder };
  if (!chosen) return undefined;
  const kept = chosen.rows === 'train' || chosen.rows === 'heldOut' ? inputs.filter(({ split }) => split === chosen.rows) : inputs;
  const template = chosen.usesPrompt && dataset ? await readPromptTemplate(dataset.project.folder, prompt) : undefined;
  return planExport(kept, {
    to: target.id, folder: chosen.folder, name: request.name ?? name, answer: chosen.answer, leaveOut: request.leaveOut, force: request.force,
    container: request.container ?? chosen.container, frame: request.frame ?? chosen.frame, images: request.images ?? chosen.images,
  }, { ...(template ? { render: template.render } : {}), ...(await wantedOf(chosen.rows, source, request)) });
}

function rowsOf({ inputs, difficulty, dataset }: Source, { qids }: ExportRequest): readonly RowsChoice[] {
  const kinds = (['easy', 'medium', 'hard'] as const).map(kind => ({ kind, count: [...difficulty.values()].filter(record => record.difficulty === kind).length }));
  return [
    ...(qids ? [{ id: 'chosen', label: `The ${qids.length.toLocaleString('en')} chosen rows` }] : []),
    { id: 'all', label: inputs.length > 1 ? 'All, held-out ones in a file of their own' : 'All' },
    ...(inputs.length > 1 ? [{ id: 'train', label: 'Those to train on' }, { id: 'heldOut', label: 'Those held out' }] : []),
    ...kinds.filter(({ count }) => count > 0).map(({ kind, count }) => ({ id: `query:difficulty:${kind}`, label: `The ${kind} ones`, detail: `${count.toLocaleString('en')} by the last sampling` })),
    ...(dataset?.project.project?.views ?? []).filter(view => view.dataset === dataset?.config.id).map(view => ({ id: `query:${queryOfView(view).text}`, label: `View ${view.name}`, detail: queryOfView(view).text })),
  ];
}

async function wantedOf(rows: string, { inputs, dataset }: Source, { qids }: ExportRequest): Promise<Pick<ExportPlan, 'isWanted'>> {
  if (rows === 'chosen') {
    const chosen = new Set(qids);
    return { isWanted: qid => chosen.has(qid) };
  }
  const query = queryOfRows(rows);
  return query === undefined ? {} : rowsOfQuery(inputs, query, dataset && { folder: dataset.project.folder, datasetId: dataset.config.id });
}

/** Checks, tells what would be refused, writes. */
async function exportPlanned(given: ExportPlan, { name }: Source, findings: ExportFindings, request: ExportRequest & Pick<ExportJob, 'threads'>): Promise<void> {
  let plan = given;
  const { title } = plan.target;
  const threads = request.threads === undefined ? {} : { threads: request.threads };
  const checked = await withJob(`Checking ${name} for ${title}`, job => checkExport(plan, { ...job, ...threads }));
  await findings.show(checked.problems);
  if (checked.rows === 0) throw new AppError('argument.invalid', { argument: name, reason: 'none of its rows was chosen for the export.' });
  if (checked.refused > 0 && !plan.leaveOut) {
    if (!(await leavesOut(checked, title, findings))) return;
    plan = { ...plan, leaveOut: true };
  }
  const present = plan.force ? [] : await presentOutputs(plan);
  if (present.length > 0 && request.folder === undefined) {
    const choice = await vscode.window.showWarningMessage(`${present.join(', ')} ${present.length === 1 ? 'is' : 'are'} in ${plan.folder} already.`, { modal: true }, 'Replace');
    if (choice === undefined) return;
    plan = { ...plan, force: true };
  }
  const report = await withJob(`Exporting ${name} to ${title}`, job => runExport(plan, { ...job, ...threads }));
  void tell(report, plan); // the command is done; the message may stay
}

async function leavesOut({ refused, rows, counts, problems }: ExportReport, title: string, findings: ExportFindings): Promise<boolean> {
  const reasons = Object.entries(counts).filter(([, { severity }]) => severity === 'error').sort(([, a], [, b]) => b.count - a.count);
  const listed = reasons.slice(0, 5).map(([rule, { count }]) => `${count.toLocaleString('en')} × ${rule.replace('export/', '').replaceAll('-', ' ')}`).join('\n');
  const first = problems.find(({ severity }) => severity === 'error');
  const detail = `${listed}${first ? `\n\n${path.basename(first.file)}, line ${first.line ?? 1}: ${first.message}` : ''}`;
  const leave = `Leave Out ${refused.toLocaleString('en')} and Export`;
  const options = refused < rows ? [leave, 'Show in Problems'] : ['Show in Problems'];
  const choice = await vscode.window.showWarningMessage(`${refused.toLocaleString('en')} of ${rows.toLocaleString('en')} rows would be refused by ${title}.`, { modal: true, detail }, ...options);
  if (choice === 'Show in Problems') await findings.reveal();
  return choice === leave;
}

async function tell(report: ExportReport, plan: ExportPlan): Promise<void> {
  const { written, refused, answersChanged, hints } = report;
  const left = refused > 0 ? `, ${refused.toLocaleString('en')} left out` : '';
  const answers = answersChanged > 0 ? ` ${answersChanged.toLocaleString('en')} answers that are boxes were brought to the frame ${plan.frame}.` : '';
  const choice = await vscode.window.showInformationMessage(`${written.toLocaleString('en')} rows exported to ${plan.folder}${left}.${answers}`, 'Open Folder', 'Copy Training Options');
  if (choice === 'Copy Training Options') await vscode.env.clipboard.writeText(`${hints.join('\n')}\n`);
  if (choice !== 'Open Folder') return;
  const uri = vscode.Uri.file(plan.folder);
  const isInside = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  if (isInside) await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.file(report.files[0] ?? plan.folder));
  else if (vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined) await vscode.commands.executeCommand('revealFileInOS', uri);
  else await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
}

function withJob<T>(title: string, run: (job: ExportJob) => Promise<T>): Thenable<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    const cancel = new AbortController();
    token.onCancellationRequested(() => cancel.abort(new vscode.CancellationError()));
    let told = 0;
    return run({
      signal: cancel.signal,
      onProgress: ({ done, total, what }) => {
        const percent = total === 0 ? 0 : (100 * done) / total;
        progress.report({ message: `${what}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}`, increment: Math.max(0, percent - told) });
        told = Math.max(told, percent);
      },
    });
  });
}
