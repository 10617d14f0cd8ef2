import * as path from 'node:path';
import * as vscode from 'vscode';
import { runCommand } from '../../host/commands';
import { durationInWords } from '../../core/runs/duration';
import { runTime } from '../../core/runs/runName';
import { currentStage, runShare, type StageState } from '../../core/runs/runState';
import { isResumable, type RunStatus, statusWords } from '../../core/runs/runStatus';
import { lastWords } from '../../platform/runs/lastWords';
import type { RunEntry } from './followedRun';
import { nameOfRun } from './nameOfRun';
import type { RunService } from './runService';

/** Nodes carry `runFolder`, so that menu commands, which are given the node, find the run. */
export type RunNode =
  | { readonly kind: 'run'; readonly runFolder: string; readonly run: RunEntry }
  | { readonly kind: 'stage'; readonly runFolder: string; readonly run: RunEntry; readonly state: StageState };

/** Runs of all projects → their stages. */
export class RunsTree implements vscode.TreeDataProvider<RunNode> {
  readonly onDidChangeTreeData: vscode.Event<void>;

  constructor(private readonly runs: RunService) {
    this.onDidChangeTreeData = runs.onDidChange;
  }

  async getChildren(node?: RunNode): Promise<RunNode[]> {
    switch (node?.kind) {
      case undefined:
        return (await this.runs.list()).map(run => ({ kind: 'run', runFolder: run.folder, run }));
      case 'run':
        return node.run.state.stages.map(state => ({ kind: 'stage', runFolder: node.runFolder, run: node.run, state }));
      case 'stage':
        return [];
    }
  }

  getParent(node: RunNode): RunNode | undefined {
    return node.kind === 'stage' ? { kind: 'run', runFolder: node.runFolder, run: node.run } : undefined;
  }

  getTreeItem(node: RunNode): vscode.TreeItem {
    return node.kind === 'run' ? runItem(node.run) : stageItem(node.run, node.state);
  }
}

const icons: Readonly<Record<RunStatus, readonly [icon: string, color: string | undefined]>> = {
  active: ['sync~spin', 'charts.blue'],
  completed: ['pass', 'testing.iconPassed'],
  stopped: ['debug-pause', undefined],
  failed: ['error', 'testing.iconFailed'],
  interrupted: ['debug-disconnect', 'list.warningForeground'],
  elsewhere: ['remote', undefined],
};

function runItem(run: RunEntry): vscode.TreeItem {
  const item = new vscode.TreeItem(nameOfRun(run), run.status === 'active' ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed);
  const [icon, color] = icons[run.status];
  item.id = run.folder;
  item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
  item.description = [runTime(path.basename(run.folder)), ...progressOf(run)].filter(part => part !== '').join(' · ');
  item.contextValue = ['run', run.status === 'active' ? 'active' : run.status === 'completed' ? 'done' : '', isResumable(run.status) && run.info ? 'resumable' : '']
    .filter(flag => flag !== '').join('+');
  item.tooltip = tooltipOf(run);
  item.command = { command: 'pebr.run.open', title: 'Open Run', arguments: [run.folder] };
  item.accessibilityInformation = { label: `Run ${item.label as string}, ${statusWords[run.status]}, ${item.description}` };
  return item;
}

function progressOf(run: RunEntry): string[] {
  if (run.status === 'completed') return run.state.seconds === null ? [] : [durationInWords(run.state.seconds)];
  const stage = currentStage(run.state);
  const share = `${Math.round(runShare(run.state) * 100)} %`;
  if (run.status === 'active') return [stage ? `${stage.name} ${share}` : 'starting'];
  return [`${statusWords[run.status]}${stage ? ` in ${stage.name}` : ''}`, share];
}

function tooltipOf(run: RunEntry): vscode.MarkdownString {
  const tooltip = new vscode.MarkdownString('', true);
  tooltip.appendText(`${path.basename(run.folder)}: ${statusWords[run.status]}`);
  if (run.info?.seed != null) tooltip.appendText(`\nseed ${run.info.seed}`);
  if (run.state.error) tooltip.appendText(`\n${run.state.error.message} ${run.state.error.remedy}`);
  for (const problem of [...run.state.problems.slice(-3), ...run.problems.slice(0, 3)]) tooltip.appendText(`\n${problem.severity}: ${problem.message}`);
  return tooltip;
}

const stageIcons: Readonly<Record<StageState['status'], readonly [icon: string, color: string | undefined]>> = {
  waiting: ['circle-outline', 'disabledForeground'],
  running: ['loading~spin', 'charts.blue'],
  done: ['check', 'testing.iconPassed'],
  stopped: ['debug-pause', undefined],
  failed: ['error', 'testing.iconFailed'],
};

function stageItem(run: RunEntry, state: StageState): vscode.TreeItem {
  const item = new vscode.TreeItem(state.name);
  // A trainer that was killed could not write that its stage ended.
  const status = state.status === 'running' && run.status !== 'active' ? 'stopped' : state.status;
  const [icon, color] = stageIcons[status];
  item.id = `${run.folder}/${state.name}`;
  item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
  item.description = stageWords(state, status);
  item.contextValue = 'stage';
  item.command = { command: 'pebr.run.open', title: 'Open Run', arguments: [run.folder] };
  item.accessibilityInformation = { label: `Stage ${state.name}, ${status}, ${item.description}` };
  return item;
}

function stageWords(state: StageState, status: StageState['status']): string {
  if (status === 'done') return state.reused ? 'reused' : durationInWords(state.seconds ?? 0);
  if (status === 'waiting') return '';
  return state.total === null ? '' : `${state.done}/${state.total}`;
}

export function registerRunsTree(runs: RunService, tree: RunsTree): vscode.Disposable {
  const view = vscode.window.createTreeView('pebr.runs', { treeDataProvider: tree, showCollapseAll: true });
  const badge = runs.onDidChange(() => {
    const active = runs.active().length;
    view.badge = active > 0 ? { value: active, tooltip: active === 1 ? 'A run is training' : `${active} runs are training` } : undefined;
  });
  const ended = runs.onDidEnd(run => void tellEnd(run));
  return vscode.Disposable.from(view, badge, ended);
}

/** The end of a run is news: whoever waits for it does something else meanwhile. */
async function tellEnd(run: RunEntry): Promise<void> {
  const name = nameOfRun(run);
  switch (run.status) {
    case 'completed': {
      const choice = await vscode.window.showInformationMessage(`Training of ${name} is done${run.state.seconds === null ? '' : ` after ${durationInWords(run.state.seconds)}`}.`, 'Open Report', 'Open Rollouts');
      if (choice === 'Open Report') await runCommand('pebr.run.report', run.folder);
      if (choice === 'Open Rollouts') await runCommand('pebr.rollouts.open', { runFolder: run.folder });
      return;
    }
    case 'failed':
    case 'interrupted': {
      const choice = await vscode.window.showErrorMessage(`Training of ${name} failed: ${await reasonOf(run)}`, 'Open Run', ...(run.info ? ['Resume'] : []));
      if (choice === 'Open Run') await runCommand('pebr.run.open', run.folder);
      if (choice === 'Resume') await runCommand('pebr.training.resume', run.folder);
      return;
    }
    case 'stopped':
    case 'active':
    case 'elsewhere':
      return;
  }
}

async function reasonOf({ folder, state: { error } }: RunEntry): Promise<string> {
  if (error) return `${error.message} ${error.remedy}`;
  const words = await lastWords(folder);
  const said = words.length > 0 ? ` Its last output: ${words.join(' ')}` : '';
  return `the trainer ended without a word (killed, out of memory, or it could not start). Resume goes on from its last checkpoint.${said}`;
}
