import * as vscode from 'vscode';
import type { Disposable } from '../../core/lifecycle';
import type { BlindPasses } from '../../host/blindPasses';
import type { DatasetService } from '../../host/datasetService';
import { toDiagnostic } from '../../host/diagnostics';
import type { LintService } from '../../host/lintService';

/** Shows what the linter found in the Problems view, each at its line; of a file that is labeled blindly nothing, because findings tell what its labels are. */
export class DatasetDiagnostics implements Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('pebr.datasets');
  private readonly subscriptions: readonly Disposable[];

  constructor(
    private readonly datasets: DatasetService,
    private readonly lint: LintService,
    private readonly blind: BlindPasses,
  ) {
    const show = (): void => void this.show();
    this.subscriptions = [lint.onDidChange(show), datasets.onDidChange(show), blind.onDidChange(show)];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.collection.dispose();
  }

  private async show(): Promise<void> {
    const byFile = new Map<string, vscode.Diagnostic[]>();
    const datasets = await this.datasets.list();
    for (const problem of [...datasets.flatMap(dataset => this.lint.problemsOf(dataset)), ...this.lint.warmUpProblems()]) {
      if (this.blind.has(problem.file)) continue;
      const diagnostics = byFile.get(problem.file) ?? [];
      diagnostics.push(toDiagnostic(problem));
      byFile.set(problem.file, diagnostics);
    }
    const entries = [...byFile].map(([file, diagnostics]): [vscode.Uri, vscode.Diagnostic[]] => [vscode.Uri.file(file), diagnostics]);
    this.collection.clear();
    this.collection.set(entries);
  }
}
