import * as path from 'node:path';
import * as vscode from 'vscode';
import { runReport } from '../../core/runs/report';
import { reportAsMarkdown } from '../../core/runs/reportText';
import { readRun } from '../../platform/runs/runReader';

const scheme = 'pebr-report';

/** *Open Run Report*: the run's table as a page. Made anew each time from the run's events; nothing is written. */
export class RunReports implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  readonly onDidChange = this.changed.event;

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const { info, events } = await readRun(uri.query);
    return reportAsMarkdown(runReport(info, events));
  }

  async open(folder: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/${path.basename(folder)} report.md`, query: folder });
    this.changed.fire(uri); // an open report shows what the run has come to since
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
