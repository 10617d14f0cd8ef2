import * as path from 'node:path';
import * as vscode from 'vscode';
import type { PipelinePlace } from '../../contributions';
import { nodeStateWords, type NodeView } from '../../core/pipeline/nodeViews';
import { AppError } from '../../core/errors';
import { registerCommand, runCommand } from '../../host/commands';
import type { Services } from '../../host/services';
import { requestOf } from './pipelineActions';
import type { PipelinePanel } from './pipelinePanel';
import { PipelineReader } from './pipelineReader';
import { startAblations, stopQueue } from './queue';

/** What a command is given: a node of the pipeline, a stage in the tree of runs, the address of a project's file, or nothing. */
export type PipelineArgument = string | PipelinePlace | vscode.Uri | { readonly runFolder: string; readonly state: { readonly name: string } } | undefined;

interface Parts {
  readonly services: Services;
  readonly folderOf: (argument: unknown) => Promise<string>;
  readonly open: (argument: unknown) => Promise<PipelinePanel>;
}

/** Everything that the pipeline view does, as commands: for the palette, the tree of runs and key bindings. */
export function registerPipelineCommands({ services, folderOf, open }: Parts): void {
  const { lifetime, log } = services;
  const run = async (argument: PipelineArgument, needsNode: boolean, only: boolean): Promise<void> => {
    const place = placeOf(argument);
    const folder = await folderOf(place.project);
    const reader = new PipelineReader(folder);
    const node = needsNode ? (place.node ?? (await askNode(reader, only ? 'Run One Node' : 'Run from Here'))) : null;
    const request = requestOf(folder, await reader.plan(), { node, only });
    if (typeof request === 'string') void vscode.window.showInformationMessage(request);
    else await runCommand('pebr.training.start', { ...request, opensRun: true });
  };
  const explain = async (argument: PipelineArgument): Promise<void> => {
    const place = placeOf(argument);
    const folder = await folderOf(place.project);
    const node = place.node ?? (await askNode(new PipelineReader(folder), 'Why Nodes Are (Not) Reused'));
    (await open(folder)).show({ node });
  };
  lifetime.add(registerCommand(log, 'pebr.pipeline.runAll', argument => run(argument, false, false)));
  lifetime.add(registerCommand(log, 'pebr.pipeline.runFrom', argument => run(argument, true, false)));
  lifetime.add(registerCommand(log, 'pebr.pipeline.runNode', argument => run(argument, true, true)));
  lifetime.add(registerCommand(log, 'pebr.pipeline.explain', argument => explain(argument)));
  lifetime.add(registerCommand(log, 'pebr.pipeline.ablations', async argument => {
    if (typeof argument !== 'object' || !('ids' in argument)) return (await open(argument)).show('ablations');
    const folder = await folderOf(argument.project);
    await startAblations(services, folder, (await new PipelineReader(folder).ablations()).filter(({ id }) => argument.ids.includes(id)));
    (await open(folder)).show('comparison');
  }));
  lifetime.add(registerCommand(log, 'pebr.pipeline.stopAblations', async argument => {
    const folder = await folderOf(argument);
    if (!(await new PipelineReader(folder).read()).queue?.isWorked) throw new AppError('argument.invalid', { argument: 'Ablations', reason: 'No ablations are under way.' });
    await stopQueue(folder);
  }));
  lifetime.add(registerCommand(log, 'pebr.pipeline.compareAblations', async argument => {
    const folder = await folderOf(argument);
    if (!(await new PipelineReader(folder).read()).queue) throw new AppError('argument.invalid', { argument: 'Ablations', reason: 'No ablations were started yet. Start them with "PeBR: Run Ablations…".' });
    (await open(folder)).show('comparison');
  }));
}

function placeOf(argument: PipelineArgument): PipelinePlace {
  if (argument === undefined) return {};
  if (typeof argument === 'string') return { project: argument };
  if (argument instanceof vscode.Uri) return { project: path.dirname(argument.fsPath) };
  return 'runFolder' in argument ? { project: path.resolve(argument.runFolder, '../../..'), node: argument.state.name } : argument;
}

/** Every node with its state and why it is in it. */
async function askNode(reader: PipelineReader, title: string): Promise<string> {
  const { nodes } = await reader.read();
  if (nodes.length === 0) throw new AppError('argument.invalid', { argument: 'Pipeline', reason: 'pebr.json names no stages yet. Add them under "pipeline".' });
  const items = nodes.map((node: NodeView) => ({ label: node.id, description: nodeStateWords[node.state], detail: node.reason, node }));
  const choice = await vscode.window.showQuickPick(items, { title, placeHolder: 'Which node?', matchOnDescription: true, matchOnDetail: true });
  if (!choice) throw new vscode.CancellationError();
  return choice.node.id;
}
