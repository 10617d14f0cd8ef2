import * as vscode from 'vscode';
import type { Disposable } from '../../core/lifecycle';
import type { Problem } from '../../core/problem';
import type { DatasetService } from '../../host/datasetService';
import type { DatasetFactsCache } from './datasetFacts';

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;

/** Shows what the linter found in the Problems view, each at its line. */
export class DatasetDiagnostics implements Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('pebr.datasets');
  private readonly subscriptions: readonly Disposable[];

  constructor(
    private readonly datasets: DatasetService,
    private readonly facts: DatasetFactsCache,
  ) {
    const show = (): void => void this.show();
    this.subscriptions = [facts.onDidChange(show), datasets.onDidChange(show)];
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.collection.dispose();
  }

  private async show(): Promise<void> {
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const dataset of await this.datasets.list()) {
      for (const problem of this.facts.get(dataset).problems ?? []) {
        const diagnostics = byFile.get(problem.file) ?? [];
        diagnostics.push(diagnosticOf(problem));
        byFile.set(problem.file, diagnostics);
      }
    }
    this.collection.clear();
    this.collection.set([...byFile].map(([file, diagnostics]) => [vscode.Uri.file(file), diagnostics]));
  }
}

function diagnosticOf(problem: Problem): vscode.Diagnostic {
  const line = (problem.line ?? 1) - 1;
  const range = new vscode.Range(line, (problem.column ?? 1) - 1, line, Number.MAX_SAFE_INTEGER);
  const diagnostic = new vscode.Diagnostic(range, `${problem.message} ${problem.remedy}`, severities[problem.severity]);
  diagnostic.source = 'PeBR';
  diagnostic.code = problem.rule;
  return diagnostic;
}
