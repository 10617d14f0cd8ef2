import * as vscode from 'vscode';
import type { Problem, Severity } from '../../core/problem';
import { readSignature } from '../../platform/dataset/datasetFile';

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error, warning: vscode.DiagnosticSeverity.Warning, info: vscode.DiagnosticSeverity.Information,
};

/** What the last export found, in Problems at its lines until the next one. */
export class ExportFindings implements vscode.Disposable {
  /** File → the version that was looked at. */
  private readonly versions = new Map<string, string | undefined>();
  private readonly collection = vscode.languages.createDiagnosticCollection('pebr export');

  async show(problems: readonly Problem[]): Promise<void> {
    this.collection.clear();
    this.versions.clear();
    for (const file of new Set(problems.map(problem => problem.file))) {
      this.versions.set(file, await readSignature(file));
      this.collection.set(vscode.Uri.file(file), problems.filter(problem => problem.file === file).map(diagnosticOf));
    }
  }

  /** Takes back what was found in files that are another version by now: their lines are others. */
  async forgetChanged(files: readonly (string | undefined)[]): Promise<void> {
    for (const file of files) {
      if (file === undefined || !this.versions.has(file) || (await readSignature(file)) === this.versions.get(file)) continue;
      this.collection.delete(vscode.Uri.file(file));
      this.versions.delete(file);
    }
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
