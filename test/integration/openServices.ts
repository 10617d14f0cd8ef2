import * as assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { DisposableStore } from '../../src/core/lifecycle';
import { createRewardService } from '../../src/host/createRewardService';
import { BlindPasses } from '../../src/host/blindPasses';
import { DatasetService } from '../../src/host/datasetService';
import { LintService } from '../../src/host/lintService';
import { ProjectService } from '../../src/host/projectService';
import { RewardResults } from '../../src/host/rewardResults';
import type { Services } from '../../src/host/services';

/** Services of the tests' own over the open workspace, so that nothing of the window's answers in between. */
export function openServices(lifetime: DisposableStore, name: string): Services {
  const extension = vscode.extensions.getExtension('pebr-studio.pebr-studio');
  assert.ok(extension);
  const log = lifetime.add(vscode.window.createOutputChannel(name, { log: true }));
  const context = { extensionUri: extension.extensionUri, extensionPath: extension.extensionPath, globalStorageUri: extension.extensionUri } as vscode.ExtensionContext;
  const projects = lifetime.add(new ProjectService(log));
  const datasets = lifetime.add(new DatasetService(projects, log));
  const lint = lifetime.add(new LintService(datasets, projects, extension.extensionPath, log));
  return { context, log, lifetime, projects, datasets, lint, rewards: lifetime.add(createRewardService(context, log)), results: lifetime.add(new RewardResults()), blind: new BlindPasses() };
}
