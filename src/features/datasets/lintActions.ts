import * as vscode from 'vscode';
import { parseRow } from '../../core/dataset/parseRow';
import { fixOf, type FixFacts, fixOfRule } from '../../core/lint/fixes/fixOf';
import type { DatasetService } from '../../host/datasetService';
import { ruleOf } from '../../host/diagnostics';
import { readImageSize, resolveImage } from '../../platform/dataset/imageInfo';
import type { RowContext } from '../../platform/dataset/inspectRow';

/** A correction whose edit is worked out when it is chosen. */
class FixAll extends vscode.CodeAction {
  constructor(title: string, readonly document: vscode.TextDocument, readonly rule: string) {
    super(title, vscode.CodeActionKind.QuickFix);
  }
}

/** Corrections of the linter's findings in the text of a dataset: of one row, and of all rows of the file that break the rule. */
export class LintActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] };

  constructor(private readonly datasets: DatasetService) {}

  async provideCodeActions(document: vscode.TextDocument, _range: vscode.Range, { diagnostics }: vscode.CodeActionContext): Promise<vscode.CodeAction[]> {
    const ours = diagnostics.filter(diagnostic => diagnostic.source === 'PeBR' && fixOfRule(ruleOf(diagnostic)) !== undefined);
    if (ours.length === 0) return [];
    const context = await this.datasets.contextOf(document.uri.fsPath);
    const actions: vscode.CodeAction[] = [];
    for (const diagnostic of ours) {
      const rule = ruleOf(diagnostic);
      const title = fixOfRule(rule)?.title ?? '';
      const { range, text } = document.lineAt(diagnostic.range.start.line);
      const fixed = fixOf(rule, text, await factsOf(text, context, takenIn(document, context)));
      if (fixed) {
        const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
        action.edit = new vscode.WorkspaceEdit();
        action.edit.replace(document.uri, range, fixed.text);
        action.isPreferred = true;
        action.diagnostics = [diagnostic];
        actions.push(action);
      }
      const all = linesWith(document, rule).length;
      if (all > 1 || (rule === 'dataset/mixed-types' && !fixed)) {
        const action = new FixAll(`${title}: all rows of this file`, document, rule);
        action.diagnostics = [diagnostic];
        actions.push(action);
      }
    }
    return actions;
  }

  async resolveCodeAction(action: vscode.CodeAction): Promise<vscode.CodeAction> {
    if (!(action instanceof FixAll)) return action;
    const { document, rule } = action;
    const context = await this.datasets.contextOf(document.uri.fsPath);
    const isTaken = takenIn(document, context);
    const edit = new vscode.WorkspaceEdit();
    for (const line of linesWith(document, rule)) {
      const { range, text } = document.lineAt(line);
      const fixed = fixOf(rule, text, await factsOf(text, context, isTaken));
      if (fixed) edit.replace(document.uri, range, fixed.text);
    }
    action.edit = edit;
    return action;
  }
}

/** Lines on which the rule has found something; a column of several types is told on one line and is a matter of all. */
function linesWith(document: vscode.TextDocument, rule: string): readonly number[] {
  if (rule === 'dataset/mixed-types') return Array.from({ length: document.lineCount }, (_, line) => line);
  const lines = vscode.languages.getDiagnostics(document.uri).filter(each => each.source === 'PeBR' && ruleOf(each) === rule).map(each => each.range.start.line);
  return [...new Set(lines)].filter(line => line < document.lineCount);
}

/** Ids of the file's rows, and those that were given meanwhile. */
function takenIn(document: vscode.TextDocument, { columns }: RowContext): (qid: string) => boolean {
  let ids: Set<string> | undefined;
  return qid => {
    ids ??= new Set(document.getText().split('\n').flatMap(text => parseRow(text, columns).row?.qid ?? []));
    if (ids.has(qid)) return true;
    ids.add(qid);
    return false;
  };
}

async function factsOf(text: string, { columns, boxFrame, imageRoot }: RowContext, isTaken: (qid: string) => boolean): Promise<FixFacts> {
  const [image] = parseRow(text, columns).row?.images ?? [];
  const file = image === undefined ? undefined : resolveImage(imageRoot, image);
  const size = file === undefined ? undefined : await readImageSize(file).catch(() => undefined); // told by a rule of its own
  return { columns, boxFrame, isTaken, ...(size && { size }) };
}
