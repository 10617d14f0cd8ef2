import * as vscode from 'vscode';
import { DisposableStore } from './core/lifecycle';
import { type DatasetEditorHands, registerDatasetEditor } from './features/datasetEditor/register';
import { registerDatasetDiff } from './features/datasetDiff/register';
import { registerDatasets } from './features/datasets/register';
import { registerExport } from './features/formats/exportDataset';
import { registerImport } from './features/formats/importDataset';
import { registerDifficulty } from './features/difficulty/register';
import { registerPipeline } from './features/pipeline/register';
import { registerPlayground } from './features/playground/register';
import { registerProject } from './features/project/register';
import { registerRewards, type RewardHands } from './features/rewards/register';
import { registerRollouts } from './features/rollouts/register';
import type { RolloutLinks } from './features/share/rolloutLinks';
import { registerShare } from './features/share/register';
import { type DatasetTextHands, registerDatasetText } from './features/datasetText/register';
import { registerTraining } from './features/training/register';
import type { RunsTree } from './features/training/runsTree';
import { registerViews } from './features/views/register';
import { BlindPasses } from './host/blindPasses';
import { registerCommand } from './host/commands';
import { DatasetService } from './host/datasetService';
import { LintService } from './host/lintService';
import { ProjectService } from './host/projectService';
import { createRewardService } from './host/createRewardService';
import { RewardResults } from './host/rewardResults';
import type { Services } from './host/services';

/** What integration tests do in a person's place; nobody else is given it. */
export interface TestHands {
  readonly datasetEditor: DatasetEditorHands;
  readonly runsTree: RunsTree;
  readonly rewards: RewardHands;
  readonly links: RolloutLinks;
  readonly datasetText: DatasetTextHands;
}

/** Builds the services and hands them to the features; nothing slow happens before a view or a command asks for it. */
export function activate(context: vscode.ExtensionContext): TestHands | undefined {
  const lifetime = new DisposableStore();
  const log = lifetime.add(vscode.window.createOutputChannel('PeBR Studio', { log: true }));
  const projects = lifetime.add(new ProjectService(log));
  const datasets = lifetime.add(new DatasetService(projects, log));
  const services: Services = {
    context,
    log,
    lifetime,
    projects,
    datasets,
    lint: lifetime.add(new LintService(datasets, projects, context.extensionPath, log)),
    rewards: lifetime.add(createRewardService(context, log)),
    results: lifetime.add(new RewardResults()),
    blind: new BlindPasses(),
  };
  context.subscriptions.push(lifetime);
  lifetime.add(registerCommand(log, 'pebr.log.show', () => log.show()));
  registerProject(services);
  registerDatasets(services);
  registerDifficulty(services);
  const datasetEditor = registerDatasetEditor(services);
  registerImport(services);
  registerExport(services);
  registerDatasetDiff(services);
  registerViews(services);
  const rewards = registerRewards(services);
  registerPlayground(services);
  const runsTree = registerTraining(services);
  registerPipeline(services);
  registerRollouts(services);
  const datasetText = registerDatasetText(services);
  const links = registerShare(services);
  return context.extensionMode === vscode.ExtensionMode.Test ? { datasetEditor, runsTree, rewards, links, datasetText } : undefined;
}
