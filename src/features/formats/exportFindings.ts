import * as vscode from 'vscode';
import type { Problem, Severity } from '../../core/problem';

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error, warning: vscode.DiagnosticSeverity.Warning, info: vscode.DiagnosticSeverity.Information,
};

/** What the last export found, in Problems at its lines until the next one. */
export class ExportFindings implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection('pebr export');

  show(problems: readonly Problem[]): void {
    this.collection.clear();
    for (const file of new Set(problems.map(problem => problem.file))) {
      this.collection.set(vscode.Uri.file(file), problems.filter(problem => problem.file === file).map(diagnosticOf));
    }
  }

  /** A file that changed since has other lines. */
  forget(files: readonly (string | undefined)[]): void {
    for (const file of files) if (file !== undefined) this.collection.delete(vscode.Uri.file(file));
  }

  async reveal(): Promise<void> {
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  }

  dispose(): void {
    this.collection.dispose();
  }
}

function diagnosticOf({ line = 1, message, remedy, severity, rule }: Problem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(new vscode.Range(line - 1, 0, line - 1, Number.MAX_SAFE_INTEGER), `${message} ${remedy}`, severities[severity]);
  diagnostic.source = 'PeBR export';
  diagnostic.code = rule;
  return diagnostic;
}
