import * as vscode from 'vscode';
import { ruleAddress } from '../core/lint/ruleDocs';
import { rules } from '../core/lint/rules';
import type { Problem } from '../core/problem';

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;

/** A problem as the Problems view shows it: on its line, with its remedy as the second line and its rule as a link to the rule's page. */
export function toDiagnostic(problem: Problem): vscode.Diagnostic {
  const line = Math.max(0, (problem.line ?? 1) - 1);
  const column = Math.max(0, (problem.column ?? 1) - 1);
  const range = new vscode.Range(line, column, line, problem.column ? column + 1 : Number.MAX_SAFE_INTEGER);
  const diagnostic = new vscode.Diagnostic(range, `${problem.message}\n${problem.remedy}`, severities[problem.severity]);
  diagnostic.source = 'PeBR';
  diagnostic.code = Object.hasOwn(rules, problem.rule) ? { value: problem.rule, target: vscode.Uri.parse(ruleAddress(problem.rule)) } : problem.rule;
  return diagnostic;
}

/** The rule that a diagnostic of ours is of. */
export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : (code ?? ''));
}
