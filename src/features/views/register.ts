import * as vscode from 'vscode';
import type { SaveViewRequest, ViewRef } from '../../contributions';
import { AppError } from '../../core/errors';
import { withoutView, withView, withViewRenamed } from '../../core/project/editViews';
import { queryOfView, type SavedView, viewOfQuery } from '../../core/query/savedView';
import { registerCommand, runCommand } from '../../host/commands';
import type { ProjectDataset } from '../../host/datasetService';
import type { Services } from '../../host/services';
import { editProjectFile } from './editProjectFile';

/** Queries under a name: open one, save the one that is asked, rename and delete. */
export function registerViews(services: Services): void {
  const { datasets, lifetime, log } = services;
  lifetime.add(registerCommand(log, 'pebr.view.open', async ref => {
    const view = ref ? await findView(services, ref) : await askForView(services);
    if (view) await runCommand('pebr.dataset.open', { datasetId: view.dataset, query: queryOfView(view) });
  }));
  lifetime.add(registerCommand(log, 'pebr.view.save', request => saveView(services, request)));
  lifetime.add(registerCommand(log, 'pebr.view.rename', async ({ datasetId, name }) => {
    const dataset = await datasets.byId(datasetId);
    const to = await askForName(dataset, name);
    if (to !== undefined && to !== name) await editProjectFile(dataset.project.file, text => withViewRenamed(text, datasetId, name, to));
  }));
  lifetime.add(registerCommand(log, 'pebr.view.delete', async ({ datasetId, name }) => {
    const { project } = await datasets.byId(datasetId);
    await editProjectFile(project.file, text => withoutView(text, datasetId, name));
  }));
}

async function saveView({ datasets }: Services, { datasetId, query, name }: SaveViewRequest): Promise<void> {
  const dataset = await datasets.byId(datasetId);
  const chosen = name ?? (await askForName(dataset, query.text.slice(0, 60)));
  if (chosen === undefined) return;
  const isKnown = viewsOf(dataset).some(view => view.name === chosen);
  const replace = 'Replace';
  if (isKnown && name === undefined && (await vscode.window.showWarningMessage(`The view "${chosen}" exists already.`, { modal: true }, replace)) !== replace) return;
  await editProjectFile(dataset.project.file, text => withView(text, viewOfQuery(chosen, datasetId, query)));
}

function askForName({ config }: ProjectDataset, value: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: `Name of the view of ${config.id}`,
    value,
    prompt: 'It is kept in pebr.json and stands in the tree under its dataset.',
    validateInput: text => (text.trim() === '' ? 'Give it a name.' : undefined),
  }).then(text => text?.trim());
}

async function findView({ datasets }: Services, { datasetId, name }: ViewRef): Promise<SavedView> {
  const views = viewsOf(await datasets.byId(datasetId));
  const view = views.find(each => each.name === name);
  if (view) return view;
  throw new AppError('argument.invalid', { argument: name, reason: `"${datasetId}" has no such view. Known: ${views.map(each => each.name).join(', ') || 'none'}.` });
}

async function askForView({ datasets }: Services): Promise<SavedView | undefined> {
  const items = (await datasets.list()).flatMap(viewsOf).map(view => ({ label: view.name, description: view.dataset, detail: view.query, view }));
  if (items.length === 0) {
    void vscode.window.showInformationMessage('There are no views. Ask something in the search field of a dataset and save it from there.');
    return undefined;
  }
  return (await vscode.window.showQuickPick(items, { placeHolder: 'View to open', matchOnDescription: true, matchOnDetail: true }))?.view;
}

function viewsOf({ project, config }: ProjectDataset): readonly SavedView[] {
  return project.project?.views.filter(({ dataset }) => dataset === config.id) ?? [];
}
