import * as vscode from 'vscode';
import { registerCommand } from '../../host/commands';
import type { ProjectDataset } from '../../host/datasetService';
import type { Services } from '../../host/services';
import { DifficultyPanels, difficultyPanelType } from './difficultyPanels';
import { routeDatasets } from './routeDatasets';

/** What sampling found about a dataset as a page, and its samples written as datasets of the stages. */
export function registerDifficulty(services: Services): void {
  const { lifetime, log } = services;
  const panels = lifetime.add(new DifficultyPanels(services));
  lifetime.add(registerCommand(log, 'pebr.difficulty.open', async given => {
    const dataset = await chosenDataset(services, idOf(given));
    if (dataset) await panels.show(dataset);
  }));
  lifetime.add(vscode.window.registerWebviewPanelSerializer(difficultyPanelType, {
    deserializeWebviewPanel: async (panel, state: unknown) => {
      const id = (state as { id?: unknown } | undefined)?.id;
      if (typeof id === 'string') await panels.attach(panel, id);
      else panel.dispose(); // closed before it was drawn: nobody knows what it showed
    },
  }));
  lifetime.add(registerCommand(log, 'pebr.difficulty.route', given => routeDatasets(services, idOf(given))));
}

function idOf(given: string | { readonly datasetId: string } | undefined): string | undefined {
  return typeof given === 'object' ? given.datasetId : given;
}

async function chosenDataset({ datasets }: Services, id: string | undefined): Promise<ProjectDataset | undefined> {
  if (id !== undefined) return datasets.byId(id);
  const all = await datasets.list();
  if (all.length <= 1) {
    if (all.length === 0) void vscode.window.showInformationMessage('There is no dataset: no pebr.json names one.');
    return all[0];
  }
  const picked = await vscode.window.showQuickPick(all.map(dataset => ({ label: dataset.config.id, description: dataset.config.stage, dataset })), { title: 'Difficulty', placeHolder: 'Dataset' });
  return picked?.dataset;
}
