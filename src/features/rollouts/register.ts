import * as path from 'node:path';
import * as vscode from 'vscode';
import type { RolloutsRequest } from '../../contributions';
import { AppError } from '../../core/errors';
import { registerCommand } from '../../host/commands';
import type { Services } from '../../host/services';
import { listRolloutStages, listRunFolders } from '../../platform/runs/runFolders';
import { RolloutsPanel, rolloutsPanelType } from './rolloutsPanel';

export function registerRollouts(services: Services): void {
  const { lifetime, log } = services;
  const panels = new Map<string, RolloutsPanel>();

  const attach = async (panel: vscode.WebviewPanel, request: RolloutsRequest): Promise<void> => {
    const { runFolder } = request;
    const opened = new RolloutsPanel(services, panel, request);
    panels.set(runFolder, opened);
    opened.lifetime.add({ dispose: () => panels.delete(runFolder) });
    await opened.start();
  };

  lifetime.add(registerCommand(log, 'pebr.rollouts.open', async given => {
    const request = given?.runFolder === undefined ? { runFolder: await askRunFolder(services) } : requestOf(given);
    const open = panels.get(request.runFolder);
    if (open) await open.show(request);
    else await attach(vscode.window.createWebviewPanel(rolloutsPanelType, 'Rollouts', vscode.ViewColumn.Active, {}), request);
  }));
  lifetime.add(vscode.window.registerWebviewPanelSerializer(rolloutsPanelType, {
    deserializeWebviewPanel: async (panel, state: unknown) => {
      const request = (state as { request?: RolloutsRequest } | undefined)?.request;
      if (typeof request?.runFolder === 'string') await attach(panel, requestOf(request));
      else panel.dispose(); // closed before it was loaded: nobody knows which run it was
    },
  }));
  lifetime.add({ dispose: () => [...panels.values()].forEach(({ panel }) => panel.dispose()) });
}

/** A tree node carries more than a request. */
function requestOf({ runFolder, stage, group, sampleId }: RolloutsRequest): RolloutsRequest {
  return { runFolder: path.resolve(runFolder), stage: typeof stage === 'string' ? stage : undefined, group, sampleId };
}

async function askRunFolder({ projects }: Services): Promise<string> {
  const folders = (await Promise.all((await projects.list()).map(project => listRunFolders(project.folder)))).flat();
  const withRollouts = await Promise.all(folders.map(async folder => ((await listRolloutStages(folder)).length > 0 ? [folder] : [])));
  const runs = withRollouts.flat();
  if (runs.length === 0) throw new AppError('argument.invalid', { argument: 'Rollouts', reason: 'no run has any yet. Start one with "PeBR: Train".' });
  if (runs.length === 1 && runs[0] !== undefined) return runs[0];
  const picked = await vscode.window.showQuickPick(runs.map(folder => ({ label: path.basename(folder), folder })), { placeHolder: 'Rollouts of which run?' });
  if (!picked) throw new vscode.CancellationError();
  return picked.folder;
}
