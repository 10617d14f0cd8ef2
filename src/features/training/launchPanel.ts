import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import { configChecks } from '../../core/launch/configChecks';
import { isReady, type LaunchCheck } from '../../core/launch/launchCheck';
import { type LaunchChoice, launchForm, overridesOf } from '../../core/launch/launchForm';
import { presets } from '../../core/launch/presets';
import { changedText } from '../../core/launch/withOverrides';
import { DisposableStore } from '../../core/lifecycle';
import { parseProject } from '../../core/project/parseProject';
import type { Project } from '../../core/project/project';
import { readSetting, reportError } from '../../host/commands';
import { panelHtml } from '../../host/panelHtml';
import type { Services } from '../../host/services';
import { linkTo } from '../../host/webviewLink';
import { preflight } from '../../platform/launch/preflight';
import { readPolicyFacts } from '../../platform/launch/readPolicyFacts';
import type { LaunchContract, LaunchFormView } from '../../protocol/launch';
import { applyFix } from './applyFix';
import { preflightHands, sharedBy } from './preflightHands';

export const launchPanelType = 'pebr.launch';

/** Starts a run of a checked choice. */
export type StartRun = (folder: string, project: Project, choice: Pick<LaunchChoice, 'order'> & { readonly seed?: number; readonly overrides: Readonly<Record<string, unknown>> }) => Promise<void>;

/** The form that a run is started from; one a project. */
export class LaunchPanels implements vscode.Disposable {
  private readonly panels = new Map<string, vscode.WebviewPanel>();

  constructor(
    private readonly services: Services,
    private readonly startRun: StartRun,
  ) {}

  open(folder: string): void {
    const known = this.panels.get(folder);
    if (known) return known.reveal();
    this.attach(vscode.window.createWebviewPanel(launchPanelType, 'Train', vscode.ViewColumn.Active), folder);
  }

  /** Fills a panel, new or left over from before the window was reloaded. */
  attach(panel: vscode.WebviewPanel, folder: string): void {
    this.panels.set(folder, panel);
    const lifetime = new DisposableStore();
    lifetime.add(panel.onDidDispose(() => {
      this.panels.delete(folder);
      lifetime.dispose();
    }));
    showLaunch(this.services, this.startRun, panel, folder, lifetime);
  }

  dispose(): void {
    for (const panel of [...this.panels.values()]) panel.dispose();
  }
}

function showLaunch(services: Services, startRun: StartRun, panel: vscode.WebviewPanel, folder: string, lifetime: DisposableStore): void {
  const link = linkTo<LaunchContract>(panel.webview, services.log);
  const file = path.join(folder, 'pebr.json');
  let checking = new AbortController();

  const form = async (choice: LaunchChoice): Promise<{ view: LaunchFormView; project: Project | undefined; usual: Project }> => {
    const { text, project: usual } = await readProject(file);
    const { groups, faults, project } = launchForm(text, usual, choice);
    const checks = project ? configChecks(project, await readPolicyFacts(folder, project.policy.base), readSetting('pebr.engine.workers')) : [];
    const view = { folder, project: usual.name, seed: usual.pipeline.seed, presets: presets.map(({ id, title, detail }) => ({ id, title, detail })), groups, faults, isValid: project !== undefined, checks };
    return { view, project, usual };
  };
  const check = async (choice: LaunchChoice): Promise<readonly LaunchCheck[]> => {
    checking.abort();
    checking = new AbortController();
    const { signal } = checking;
    const { project } = await form(choice);
    if (!project) return [];
    const checks: LaunchCheck[] = [];
    for await (const found of preflight(folder, project, preflightHands(services, project, folder), { signal, ...sharedBy() })) {
      if (signal.aborted) break;
      checks.push(found);
      link.send('checked', found);
    }
    for (const { state, title, message, remedy } of checks) if (state === 'error' || state === 'warning') services.log.warn(`Before training: ${title}: ${message} ${remedy}`);
    return checks;
  };

  lifetime.add(link.serve({
    form: async choice => (await form(choice)).view,
    check,
    start: async choice => {
      const { project, usual } = await form(choice);
      if (!project || !isReady(await check(choice))) return false;
      await startRun(folder, project, { overrides: overridesOf(usual, choice), order: choice.order, ...(choice.seed === null ? {} : { seed: choice.seed }) });
      return true;
    },
    save: async choice => {
      const { text, project } = await readProject(file);
      const changed = changedText(text, overridesOf(project, choice));
      if (changed === text) return false;
      const document = await vscode.workspace.openTextDocument(file);
      const edit = new vscode.WorkspaceEdit();
      edit.replace(document.uri, new vscode.Range(document.positionAt(0), document.positionAt(document.getText().length)), changed);
      return (await vscode.workspace.applyEdit(edit)) && (await document.save());
    },
  }));
  lifetime.add(link.on('fix', fix => void applyFix(fix, folder).catch((error: unknown) => reportError(services.log, 'fix', error))));
  lifetime.add(services.projects.onDidChange(() => link.send('changed', null)));
  lifetime.add({ dispose: () => checking.abort() });
  panel.webview.options = { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(services.context.extensionUri, 'dist')] };
  panel.webview.html = panelHtml(panel.webview, services.context.extensionUri, 'launch', 'Train');
}

async function readProject(file: string): Promise<{ readonly text: string; readonly project: Project }> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new AppError('project.missing', { folder: path.dirname(file) });
  });
  const { project, problems } = parseProject(text, file);
  const problem = problems.find(found => found.severity === 'error');
  if (!project) throw new AppError('project.invalid', { file, line: problem?.line ?? 1, reason: `${problem?.message ?? ''} ${problem?.remedy ?? ''}` });
  return { text, project };
}
