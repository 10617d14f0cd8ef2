import * as path from 'node:path';
import * as vscode from 'vscode';
import { datasetEditorType, type ImportDatasetRequest } from '../../contributions';
import { AppError } from '../../core/errors';
import { parseForeignFrame } from '../../core/formats/foreignFrame';
import { previewAsMarkdown } from '../../core/formats/previewText';
import { registerCommand } from '../../host/commands';
import { toDiagnostic } from '../../host/diagnostics';
import type { Services } from '../../host/services';
import type { ImportPlan, ImportRequest } from '../../platform/formats/importPlan';
import { previewImport, stemOf } from '../../platform/formats/previewImport';
import { previewPictures } from '../../platform/formats/previewPictures';
import { freeFile, freeId, registerDataset } from '../../platform/formats/registerDataset';
import { type ImportReport, runImport } from '../../platform/formats/runImport';
import { askNext, type ImportChoices } from './importMenu';
import { ImportPreviewDocument } from './importPreviewDocument';

/** The command that reads a dataset of another format into the project: pick, look at the preview, correct it, import. */
export function registerImport(services: Services): void {
  const { lifetime, log } = services;
  const findings = lifetime.add(vscode.languages.createDiagnosticCollection('pebr import'));
  const page = lifetime.add(new ImportPreviewDocument());
  lifetime.add(registerCommand(log, 'pebr.dataset.import', async given => {
    const asked: Partial<ImportDatasetRequest> = given instanceof vscode.Uri ? { path: given.fsPath } : (given ?? {});
    const input = asked.path ?? (await askPath());
    if (input === undefined) return;
    const project = await projectOf(services);
    const frame = asked.frame === undefined ? undefined : parseForeignFrame(asked.frame);
    const request: ImportRequest = { input, options: {}, ...(asked.format === undefined ? {} : { format: asked.format }), ...(frame ? { frame } : {}) };
    const start: ImportChoices = { request, stage: asked.stage ?? 'perception', out: asked.out ?? (await freeFile(path.join(project.folder, 'data'), stemOf(input))) };
    const ready = asked.out === undefined ? await settle(start, project.folder, page) : { plan: await look(start.request), choices: start };
    if (ready) await write(services, ready.plan, ready.choices, project, findings);
  }));
}

interface Ready {
  readonly plan: ImportPlan;
  readonly choices: ImportChoices;
}

/** Shows the preview and asks until the person imports or leaves. */
async function settle(start: ImportChoices, base: string, page: ImportPreviewDocument): Promise<Ready | undefined> {
  const name = path.basename(start.request.input);
  let choices = start;
  let plan = await look(choices.request);
  for (;;) {
    await page.show(name, previewAsMarkdown(plan.preview, await previewPictures(plan)));
    const next = await askNext(plan, choices, base);
    if (next === undefined || next === 'import') {
      await page.close(name);
      return next && { plan, choices };
    }
    if (next.request !== choices.request) plan = await look(next.request);
    choices = next;
  }
}

function look(request: ImportRequest): Promise<ImportPlan> {
  return withSignal(`Looking into ${path.basename(request.input)}`, signal => previewImport(request, signal));
}

async function write(services: Services, plan: ImportPlan, { stage, out }: ImportChoices, project: Home, findings: vscode.DiagnosticCollection): Promise<void> {
  const report = await withSignal(`Importing ${path.basename(plan.request.input)}`, (signal, tell) => {
    let reached = 0;
    return runImport(plan, { out, force: false }, ({ done, total, rows }) => {
      const percent = total > 0 ? Math.min(100, (100 * done) / total) : 0;
      tell({ message: `${rows.toLocaleString('en')} rows`, increment: percent - reached });
      reached = percent;
    }, signal);
  });
  const id = freeId(path.basename(out).replace(/\.jsonl$/i, ''), project.ids);
  const added = await registerDataset(project.folder, { id, stage, file: out, imageRoot: report.imageRoot, boxFrame: report.boxFrame });
  if (added === undefined) throw new AppError('file.unwritable', { file: path.join(project.folder, 'pebr.json'), reason: `the dataset could not be added. The rows are in ${out}; add it under "datasets".` });
  findings.clear();
  for (const file of new Set(report.problems.map(problem => problem.file))) findings.set(vscode.Uri.file(file), report.problems.filter(problem => problem.file === file).map(toDiagnostic));
  services.log.info(`imported ${report.rows} rows from ${plan.request.input} to ${out}`);
  void tellDone(report, id); // the command is done; the message may stay
  await known(services, out);
  await vscode.commands.executeCommand('vscode.openWith', vscode.Uri.file(out), datasetEditorType);
}

/** Waits until the project on disk is read again: an editor that opened before would not know the image root. */
function known({ projects, datasets }: Services, file: string): Promise<void> {
  return new Promise(resolve => {
    const look = (): void => void datasets.byFile(file).then(found => {
      if (!found) return;
      following.dispose();
      resolve();
    });
    const following = projects.onDidChange(look);
    look();
  });
}

async function tellDone(report: ImportReport, id: string): Promise<void> {
  const toLookAt = report.counts.filter(({ severity }) => severity !== 'info').reduce((sum, { count }) => sum + count, 0);
  const words = `${report.rows.toLocaleString('en')} rows imported as “${id}”${report.images > 0 ? `, with ${report.images.toLocaleString('en')} images` : ''}.${toLookAt > 0 ? ` ${toLookAt.toLocaleString('en')} problems are told.` : ''}`;
  const show = toLookAt > 0 ? vscode.window.showWarningMessage : vscode.window.showInformationMessage;
  const choice = await show(words, ...(report.problems.length > 0 ? ['Show Problems'] : []));
  if (choice === 'Show Problems') await vscode.commands.executeCommand('workbench.actions.view.problems');
}

async function askPath(): Promise<string | undefined> {
  const kind = await vscode.window.showQuickPick([
    { label: '$(file) File…', detail: 'JSON, JSON Lines, CSV, Parquet: rows with questions, COCO, LLaVA, Qwen messages, VLM-R1, RefCOCO, ODVG, ms-swift, PeBR-R1', isFolder: false },
    { label: '$(folder) Folder…', detail: 'YOLO, Pascal VOC, Parquet in several files', isFolder: true },
  ], { title: 'Import Dataset', placeHolder: 'What is it in? The format is found out from the content', matchOnDetail: true });
  if (!kind) return undefined;
  const [chosen] = (await vscode.window.showOpenDialog({ title: 'Import Dataset', openLabel: 'Look Into', canSelectFiles: !kind.isFolder, canSelectFolders: kind.isFolder })) ?? [];
  return chosen?.fsPath;
}

/** The folder whose `pebr.json` gets the dataset. */
interface Home {
  readonly folder: string;
  readonly ids: readonly string[];
}

async function projectOf({ projects }: Services): Promise<Home> {
  const open = await projects.list();
  const usable = open.map(({ folder, project }) => ({ label: project?.name ?? path.basename(folder), description: folder, folder, ids: project?.datasets.map(({ id }) => id) ?? [] }));
  const [only] = usable;
  if (only && usable.length === 1) return only;
  if (usable.length > 1) {
    const picked = await vscode.window.showQuickPick(usable, { title: 'Import into which project?' });
    if (!picked) throw new vscode.CancellationError();
    return picked;
  }
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
  if (folder === undefined) throw new AppError('argument.invalid', { argument: 'workspace', reason: 'Open a folder first: the dataset is written into it.' });
  return { folder, ids: [] };
}

async function withSignal<T>(title: string, work: (signal: AbortSignal, tell: (step: { readonly message: string; readonly increment: number }) => void) => Promise<T>): Promise<T> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort(new vscode.CancellationError()));
    return work(stop.signal, step => progress.report(step));
  });
}
