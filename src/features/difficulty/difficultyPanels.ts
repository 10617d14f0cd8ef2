import * as vscode from 'vscode';
import { errorInWords } from '../../core/errorWords';
import { DisposableStore } from '../../core/lifecycle';
import type { ProjectDataset } from '../../host/datasetService';
import { keptPage } from '../../host/keptPage';
import type { Services } from '../../host/services';
import { readReport } from '../../platform/routing/readReport';
import { difficultyPage, difficultyStyle, escaped } from './difficultyPage';

export const difficultyPanelType = 'pebr.difficulty';

/** One page a dataset: pass rates, zero-std groups to expect, transitions, provenance. It is drawn anew when the dataset changes; nothing in it runs but what keeps it for a reload. */
export class DifficultyPanels implements vscode.Disposable {
  private readonly open = new Map<string, vscode.WebviewPanel>();

  constructor(private readonly services: Services) {}

  async show(dataset: ProjectDataset): Promise<void> {
    const { id } = dataset.config;
    const known = this.open.get(id);
    if (known) {
      known.reveal();
      return;
    }
    await this.attach(vscode.window.createWebviewPanel(difficultyPanelType, `Difficulty: ${id}`, vscode.ViewColumn.Active, {}), id);
  }

  /** Fills a panel, new or left over from before the window was reloaded. */
  async attach(panel: vscode.WebviewPanel, id: string): Promise<void> {
    panel.webview.options = { enableScripts: true, enableCommandUris: ['pebr.difficulty.route', 'pebr.dataset.open', 'pebr.pipeline.open'], localResourceRoots: [] };
    panel.iconPath = new vscode.ThemeIcon('graph') as unknown as vscode.Uri;
    this.open.set(id, panel);
    const lifetime = new DisposableStore();
    lifetime.add(this.services.datasets.onDidChange(changed => {
      if (!changed || changed.config.id === id) void this.draw(panel, id);
    }));
    panel.onDidDispose(() => {
      this.open.delete(id);
      lifetime.dispose();
    });
    await this.draw(panel, id);
  }

  dispose(): void {
    for (const panel of this.open.values()) panel.dispose();
  }

  private async draw(panel: vscode.WebviewPanel, id: string): Promise<void> {
    let body: string;
    try {
      const { project, config } = await this.services.datasets.byId(id);
      if (!project.project) throw new Error(`${project.file} cannot be used.`);
      const report = await readReport(project.folder, project.project, config);
      const { easy, medium, hard } = report.counts;
      body = difficultyPage(report).replace('</header>', `${actions(id, easy + medium + hard > 0)}</header>`);
    } catch (error) {
      body = `<main><h1>${escaped(id)}</h1><p class="hint">${escaped(errorInWords(error))}</p></main>`;
    }
    if (this.open.get(id) === panel) panel.webview.html = keptPage(page(id, body), { id });
  }
}

function page(id: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
  <title>Difficulty: ${escaped(id)}</title>
  <style>${difficultyStyle}</style>
</head>
<body>${body}</body>
</html>`;
}

/** What to do next: route what was sampled, or sample. */
function actions(id: string, isSampled: boolean): string {
  const argument = encodeURIComponent(JSON.stringify([id]));
  const next = isSampled ? `<a href="command:pebr.difficulty.route?${argument}">Route by Difficulty…</a>` : '<a href="command:pebr.pipeline.open">Open Pipeline</a>';
  return `<p class="actions">${next}<a class="second" href="command:pebr.dataset.open?${argument}">Open Dataset</a></p>`;
}
