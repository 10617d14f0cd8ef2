import * as vscode from 'vscode';
import { viewIds } from '../../contributions';
import { registerCommand } from '../../host/commands';
import type { Services } from '../../host/services';
import { DatasetDiagnostics } from './datasetDiagnostics';
import { DatasetFactsCache } from './datasetFacts';
import { DatasetTree } from './datasetTree';

/** The Perception and Reasoning trees, and the linter's findings in Problems. */
export function registerDatasets({ datasets, lifetime, log }: Services): void {
  const facts = lifetime.add(new DatasetFactsCache(datasets, log));
  lifetime.add(new DatasetDiagnostics(datasets, facts));
  for (const stage of ['perception', 'reasoning'] as const) {
    const tree = lifetime.add(new DatasetTree(stage, datasets, facts));
    const view = lifetime.add(vscode.window.createTreeView(viewIds[stage], { treeDataProvider: tree, showCollapseAll: true }));
    lifetime.add(
      facts.onDidChange(async () => {
        const problems = await tree.problemCount();
        view.badge = problems > 0 ? { value: problems, tooltip: `${problems} problems in ${stage} datasets` } : undefined;
      }),
    );
  }
  lifetime.add(registerCommand(log, 'pebr.dataset.refresh', () => datasets.refresh()));
  lifetime.add(
    registerCommand(log, 'pebr.dataset.lint', async () => {
      const all = await datasets.list();
      await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: 'Checking datasets' }, () => Promise.all(all.map(dataset => facts.find(dataset))));
      const problems = all.reduce((sum, dataset) => sum + (facts.get(dataset).problems?.length ?? 0), 0);
      if (problems > 0) await vscode.commands.executeCommand('workbench.actions.view.problems');
      else void vscode.window.showInformationMessage(all.length === 0 ? 'There is no dataset to check: no pebr.json names one.' : `No problems in ${all.length} datasets.`);
    }),
  );
}
