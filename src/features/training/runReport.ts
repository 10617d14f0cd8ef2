import { writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { AppError, messageOf } from '../../core/errors';
import { runReport } from '../../core/runs/report';
import { reportAsHtml } from '../../core/runs/reportHtml';
import { reportAsMarkdown } from '../../core/runs/reportText';
import { keptPage } from '../../host/keptPage';
import { readReportDetails } from '../../platform/runs/reportDetails';
import { readRun } from '../../platform/runs/runReader';

export const reportPanelType = 'pebr.report';

/** The page is made for a browser; here it takes the colours of the theme. */
const themeStyle = `<style>body{color:var(--vscode-editor-foreground);background:var(--vscode-editor-background);font-family:var(--vscode-font-family)}td,th,section{border-color:var(--vscode-panel-border,var(--vscode-contrastBorder,currentColor))}
:focus-visible{outline:1px solid var(--vscode-focusBorder)}</style>`;

/** *Open Run Report*: what a run came to as a page without scripts; made anew each time from the run's folder. */
export class RunReports implements vscode.Disposable {
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  async open(folder: string): Promise<void> {
    const known = this.panels.get(folder);
    if (known) known.reveal();
    await this.attach(known ?? vscode.window.createWebviewPanel(reportPanelType, `Report of ${path.basename(folder)}`, vscode.ViewColumn.Active, { enableFindWidget: true }), folder);
  }

  /** Fills a panel: new, open, or left over from before the window was reloaded. An open report shows what the run has come to since. */
  async attach(panel: vscode.WebviewPanel, folder: string): Promise<void> {
    panel.webview.options = { enableScripts: true, localResourceRoots: [] }; // for keeping what is shown; the report has none
    if (this.panels.get(folder) !== panel) {
      this.panels.set(folder, panel);
      panel.onDidDispose(() => this.panels.delete(folder));
      panel.webview.html = '<!DOCTYPE html><html lang="en"><body><p role="status">Reading the run…</p></body></html>';
    }
    panel.webview.html = keptPage((await htmlOf(folder)).replace('</head>', () => `${themeStyle}</head>`), { folder });
  }

  /** Asks for a file and writes the shown report into it. */
  async save(kind: 'html' | 'markdown'): Promise<void> {
    const folder = this.shown();
    const ending = kind === 'html' ? 'html' : 'md';
    const defaultUri = vscode.Uri.file(path.join(folder, '..', '..', '..', `${path.basename(folder)}.${ending}`)); // beside pebr.json
    const target = await vscode.window.showSaveDialog({ title: 'Save Report', defaultUri, filters: kind === 'html' ? { HTML: ['html'] } : { Markdown: ['md'] } });
    if (!target) return;
    await write(target.fsPath, kind === 'html' ? await htmlOf(folder) : await markdownOf(folder));
    const choice = await vscode.window.showInformationMessage(`The report is in ${path.basename(target.fsPath)}.`, 'Show File');
    if (choice === 'Show File') await vscode.window.showTextDocument(target);
  }

  /** Opens the shown report in the person's browser, which must be able to read this machine's files. */
  async openInBrowser(): Promise<void> {
    const folder = this.shown();
    if (vscode.env.remoteName || vscode.env.uiKind === vscode.UIKind.Web) {
      const choice = await vscode.window.showInformationMessage('The run is on another machine than your browser: save the report and open the file there.', 'Save as HTML');
      if (choice === 'Save as HTML') await this.save('html');
      return;
    }
    const file = path.join(folder, 'report.html');
    await write(file, await htmlOf(folder));
    await vscode.env.openExternal(vscode.Uri.file(file));
  }

  dispose(): void {
    for (const panel of [...this.panels.values()]) panel.dispose();
  }

  private shown(): string {
    const [folder] = [...this.panels].find(([, panel]) => panel.active) ?? [...this.panels].find(([, panel]) => panel.visible) ?? [];
    if (folder === undefined) throw new AppError('argument.invalid', { argument: 'Report', reason: 'No report is open. Open one with "PeBR: Open Run Report".' });
    return folder;
  }
}

async function htmlOf(folder: string): Promise<string> {
  const { info, events } = await readRun(folder);
  return reportAsHtml(runReport(info, events), await readReportDetails(folder, info, events));
}

async function markdownOf(folder: string): Promise<string> {
  const { info, events } = await readRun(folder);
  return reportAsMarkdown(runReport(info, events));
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new AppError('file.unwritable', { file, reason: messageOf(error) }, { cause: error });
  }
}
