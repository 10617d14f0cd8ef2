import * as vscode from 'vscode';
import { errorInWords } from '../../core/errorWords';
import { viewIds } from '../../contributions';
import { registerCommand } from '../../host/commands';
import type { DatasetService } from '../../host/datasetService';
import type { LintService } from '../../host/lintService';
import type { Services } from '../../host/services';
import { DatasetDiagnostics } from './datasetDiagnostics';
import { DatasetFactsCache } from './datasetFacts';
import { DatasetTree } from './datasetTree';
import { LintActions } from './lintActions';
import { LiveLint } from './liveLint';

/** The Perception and Reasoning trees, and the linter's findings in Problems. */
export function registerDatasets({ datasets, lint, lifetime, log, blind }: Services): void {
  const facts = lifetime.add(new DatasetFactsCache(datasets, log));
  lifetime.add(new DatasetDiagnostics(datasets, lint, blind));
  lifetime.add(new LiveLint(datasets, lint));
  lifetime.add(vscode.languages.registerCodeActionsProvider({ scheme: 'file', pattern: '**/*.{jsonl,ndjson,json}' }, new LintActions(datasets), LintActions.metadata));
  for (const stage of ['perception', 'reasoning'] as const) {
    const tree = lifetime.add(new DatasetTree(stage, datasets, facts, lint, blind));
    const view = lifetime.add(vscode.window.createTreeView(viewIds[stage], { treeDataProvider: tree, showCollapseAll: true }));
    lifetime.add(
      lint.onDidChange(async () => {
        const problems = await tree.problemCount();
        view.badge = problems > 0 ? { value: problems, tooltip: `${problems} problems in ${stage} datasets` } : undefined;
      }),
    );
  }
  lifetime.add(registerCommand(log, 'pebr.dataset.refresh', () => datasets.refresh()));
  lifetime.add(
    registerCommand(log, 'pebr.dataset.lint', async () => {
      const all = await datasets.list();
      await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Checking datasets' }, () => Promise.all(all.map(dataset => lint.check(dataset))));
      const problems = all.reduce((sum, dataset) => sum + lint.problemCount(dataset), lint.warmUpProblems().length);
      if (problems > 0) await vscode.commands.executeCommand('workbench.actions.view.problems');
      else void vscode.window.showInformationMessage(all.length === 0 ? 'There is no dataset to check: no pebr.json names one.' : `No problems in ${all.length} datasets.`);
    }),
  );
  lifetime.add(registerCommand(log, 'pebr.dataset.lintImages', () => checkImages(datasets, lint)));
}

/** Decodes every picture of the datasets: some minutes for a hundred thousand, so only when it is asked for. */
async function checkImages(datasets: DatasetService, lint: LintService): Promise<void> {
  const all = await datasets.list();
  let found = 0;
  try {
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: 'Checking images', cancellable: true }, async (progress, token) => {
      for (const dataset of all) {
        const tell = (done: number, total: number): void => progress.report({ message: `${dataset.config.id}: ${done.toLocaleString('en')} of ${total.toLocaleString('en')}` });
        const { counts } = await lint.checkImages(dataset, tell, token);
        found += [...counts.values()].reduce((sum, { count }) => sum + count, 0);
      }
    });
  } catch (error) {
    if (error instanceof vscode.CancellationError) return;
    throw new Error(errorInWords(error), { cause: error });
  }
  if (found > 0) await vscode.commands.executeCommand('workbench.actions.view.problems');
  else void vscode.window.showInformationMessage(all.length === 0 ? 'There is no dataset to check: no pebr.json names one.' : 'Every image can be decoded, and no two look alike.');
}
