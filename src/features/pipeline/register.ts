import * as path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import { DisposableStore } from '../../core/lifecycle';
import { registerCommand } from '../../host/commands';
import type { Services } from '../../host/services';
import { registerPipelineCommands } from './pipelineCommands';
import { PipelinePanel, pipelinePanelType } from './pipelinePanel';

/** *PeBR: Open Pipeline* and the commands of its nodes and ablations. One panel a project, found again after a reload. */
export function registerPipeline(services: Services): void {
  const { lifetime, log, projects } = services;
  const panels = new Map<string, PipelinePanel>();
  const attach = (panel: vscode.WebviewPanel, folder: string): PipelinePanel => {
    const own = new DisposableStore();
    own.add(panel.onDidDispose(() => {
      panels.delete(folder);
      own.dispose();
    }));
    const made = new PipelinePanel(services, panel, folder, own);
    panels.set(folder, made);
    return made;
  };
  const open = async (argument: unknown): Promise<PipelinePanel> => {
    const folder = await folderOf(argument);
    const known = panels.get(folder);
    if (!known) return attach(vscode.window.createWebviewPanel(pipelinePanelType, 'Pipeline', vscode.ViewColumn.Active, { enableFindWidget: true }), folder);
    known.panel.reveal();
    return known;
  };
  const folderOf = async (argument: unknown): Promise<string> => {
    const usable = await projects.usable();
    const given = typeof argument === 'string' ? argument : argument instanceof vscode.Uri ? path.dirname(argument.fsPath) : undefined; // the title menu of pebr.json gives its address
    const found = usable.find(({ folder }) => folder === given) ?? (usable.length === 1 ? usable[0] : undefined);
    if (found) return found.folder;
    if (usable.length === 0) throw new AppError('project.missing', { folder: given ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? 'this window' });
    const choice = await vscode.window.showQuickPick(usable.map(({ project, folder }) => ({ label: project.name, description: vscode.workspace.asRelativePath(folder), folder })), { title: 'Pipeline', placeHolder: 'Which project?' });
    if (!choice) throw new vscode.CancellationError();
    return choice.folder;
  };
  lifetime.add(registerCommand(log, 'pebr.pipeline.open', async argument => void (await open(argument))));
  registerPipelineCommands({ services, folderOf, open });
  lifetime.add(vscode.window.registerWebviewPanelSerializer(pipelinePanelType, {
    deserializeWebviewPanel: async (panel, state: unknown) => {
      const folder = (state as { folder?: unknown } | undefined)?.folder;
      if (typeof folder === 'string') attach(panel, folder);
      else panel.dispose(); // closed before it was loaded: nobody knows what it showed
    },
  }));
  lifetime.add({ dispose: () => [...panels.values()].forEach(({ panel }) => panel.dispose()) });
}
