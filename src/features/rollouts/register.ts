import * as path from 'node:path';
import * as vscode from 'vscode';
import type { CommandId, RolloutsRequest } from '../../contributions';
import { AppError } from '../../core/errors';
import { registerCommand } from '../../host/commands';
import type { Services } from '../../host/services';
import { listRolloutStages, listRunFolders } from '../../platform/runs/runFolders';
import type { RolloutsCommand } from '../../protocol/rollouts';
import { openRolloutFile } from './openRolloutFile';
import { RolloutsPanel, rolloutsPanelType } from './rolloutsPanel';

const pageCommands = {
  'pebr.rollouts.nextGroup': 'nextGroup',
  'pebr.rollouts.previousGroup': 'previousGroup',
  'pebr.rollouts.nextResponse': 'nextResponse',
  'pebr.rollouts.previousResponse': 'previousResponse',
  'pebr.rollouts.fixGold': 'fixGold',
  'pebr.rollouts.tag': 'tag',
  'pebr.rollouts.toWarmUp': 'toWarmUp',
  'pebr.rollouts.exclude': 'exclude',
  'pebr.rollouts.moveStage': 'moveStage',
  'pebr.rollouts.makeCase': 'makeCase',
  'pebr.rollouts.playground': 'playground',
  'pebr.rollouts.rescore': 'rescore',
  'pebr.rollouts.openLog': 'openLog',
  'pebr.rollouts.otherSteps': 'otherSteps',
  'pebr.rollouts.compare': 'compare',
  'pebr.rollouts.tokens': 'tokens',
  'pebr.rollouts.images': 'images',
  'pebr.rollouts.showNew': 'showNew',
  'pebr.rollouts.find': 'find',
  'pebr.rollouts.help': 'help',
  'pebr.rollouts.share': 'share',
  'pebr.rollouts.copyLink': 'copyLink',
} as const satisfies Partial<Record<CommandId, RolloutsCommand>>;

/** The rollouts of runs, a panel a run, and the commands that open them and act in them. */
export function registerRollouts(services: Services): void {
  const { lifetime, log } = services;
  const panels = new Map<string, RolloutsPanel>();

  const attach = async (panel: vscode.WebviewPanel, request: RolloutsRequest): Promise<void> => {
    const { runFolder } = request;
    const opened = new RolloutsPanel(services, panel, request, await stagesOf(request));
    panels.set(runFolder, opened);
    opened.lifetime.add({ dispose: () => panels.delete(runFolder) });
    await opened.start();
  };
  const show = async (request: RolloutsRequest): Promise<void> => {
    const open = panels.get(request.runFolder);
    if (open) await open.show(request);
    else await attach(vscode.window.createWebviewPanel(rolloutsPanelType, 'Rollouts', vscode.ViewColumn.Active, {}), request);
  };

  lifetime.add(registerCommand(log, 'pebr.rollouts.open', async given => show(given?.runFolder === undefined ? { runFolder: await askRunFolder(services) } : requestOf(given))));
  lifetime.add(registerCommand(log, 'pebr.rollouts.openFile', async given => show(await openRolloutFile(services, given))));
  for (const [id, name] of Object.entries(pageCommands) as [keyof typeof pageCommands, RolloutsCommand][]) {
    lifetime.add(registerCommand(log, id, () => [...panels.values()].find(({ panel }) => panel.active)?.link.send('command', { name })));
  }
  lifetime.add(vscode.window.registerWebviewPanelSerializer(rolloutsPanelType, {
    deserializeWebviewPanel: async (panel, state: unknown) => {
      const request = (state as { request?: RolloutsRequest } | undefined)?.request;
      if (typeof request?.runFolder === 'string') await attach(panel, requestOf(request));
      else panel.dispose(); // closed before it was loaded: nobody knows which run it was
    },
  }));
  lifetime.add({ dispose: () => [...panels.values()].forEach(({ panel }) => panel.dispose()) });
}

/** In the order of the run, the asked one first: it is read first. */
async function stagesOf({ runFolder, stage }: RolloutsRequest): Promise<readonly string[]> {
  const stages = await listRolloutStages(runFolder);
  return stage === undefined ? stages : [stage, ...stages.filter(name => name !== stage)];
}

/** A tree node carries more than a request. */
function requestOf({ runFolder, stage, group, sampleId, index, query }: RolloutsRequest): RolloutsRequest {
  return {
    runFolder: path.resolve(runFolder), ...(typeof stage === 'string' && { stage }), ...(typeof group === 'string' && { group }), ...(typeof sampleId === 'string' && { sampleId }),
    ...(typeof index === 'number' && { index }), ...(typeof query === 'object' && { query }),
  };
}

async function askRunFolder({ projects }: Services): Promise<string> {
  const folders = (await Promise.all((await projects.list()).map(project => listRunFolders(project.folder)))).flat();
  const withRollouts = await Promise.all(folders.map(async folder => ((await listRolloutStages(folder)).length > 0 ? [folder] : [])));
  const runs = withRollouts.flat();
  if (runs.length === 0) throw new AppError('argument.invalid', { argument: 'Rollouts', reason: 'no run has any yet. Start one with "PeBR: Train", or open those of another tool with "PeBR: Open Rollouts of Another Tool…".' });
  if (runs.length === 1 && runs[0] !== undefined) return runs[0];
  const picked = await vscode.window.showQuickPick(runs.map(folder => ({ label: path.basename(folder), folder })), { placeHolder: 'Rollouts of which run?' });
  if (!picked) throw new vscode.CancellationError();
  return picked.folder;
}
