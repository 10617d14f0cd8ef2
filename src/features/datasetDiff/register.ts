import * as path from 'node:path';
import * as vscode from 'vscode';
import type { CompareRequest } from '../../contributions';
import { AppError } from '../../core/errors';
import { registerCommand, reportError } from '../../host/commands';
import type { Services } from '../../host/services';
import { writeRevision } from '../../platform/diff/gitRevision';
import type { DiffPlace } from '../../protocol/datasetDiff';
import { askRevision, type ChosenRevision, namedRevision } from './askRevision';
import { Comparison } from './comparison';
import { DiffPanel } from './diffPanel';
import { gitProgram } from './gitProgram';
import { RowTexts } from './rowTexts';

const panelType = 'pebr.datasetDiff';

/** The command that shows how a dataset differs from a revision of it. */
export function registerDatasetDiff(services: Services): void {
  const { lifetime, log } = services;
  const texts = lifetime.add(new RowTexts());
  lifetime.add(registerCommand(log, 'pebr.dataset.compare', async given => {
    if (!vscode.workspace.isTrusted) throw new AppError('workspace.untrusted', { what: 'Earlier revisions are read by running Git' });
    const { file: named, datasetId, from } = requestOf(given);
    const file = datasetId === undefined ? (named ?? (await askFile(services))) : (await services.datasets.byId(datasetId)).file;
    if (file === undefined) return;
    if (services.blind.has(file) && !(await mayShowLabels(file))) return;
    if (!/\.jsonl$/i.test(file)) throw new AppError('argument.invalid', { argument: path.basename(file), reason: 'it is no dataset: only JSON Lines files (.jsonl) are compared by row.' });
    const git = await gitProgram();
    const revision = from === undefined ? await askRevision(git, file) : await namedRevision(git, file, from);
    if (!revision) return;
    await show(git, file, revision);
  }));
  lifetime.add(vscode.window.registerWebviewPanelSerializer(panelType, {
    deserializeWebviewPanel: async (panel, state: unknown) => {
      const { file, from, path: then } = (state ?? {}) as Readonly<Record<keyof DiffPlace, unknown>>;
      try {
        if (typeof file !== 'string' || typeof from !== 'string' || !vscode.workspace.isTrusted) return panel.dispose(); // closed before it was loaded, or Git may not run
        const git = await gitProgram();
        await show(git, file, { ...(await namedRevision(git, file, from)), ...(typeof then === 'string' ? { path: then } : {}) }, panel);
      } catch (error) {
        panel.dispose();
        await reportError(log, 'pebr.dataset.compare', error);
      }
    },
  }));

  /** `left`: a panel from before the window was reloaded. */
  async function show(git: string, file: string, revision: ChosenRevision, left?: vscode.WebviewPanel): Promise<void> {
    const compare = (): Promise<Comparison | undefined> => comparisonOf(services, git, file, revision);
    const comparison = await compare();
    if (!comparison) return left?.dispose();
    const panel = left ?? vscode.window.createWebviewPanel(panelType, `${path.basename(file)} ↔ ${revision.label}`, vscode.ViewColumn.Active, { retainContextWhenHidden: false });
    new DiffPanel(services, panel, comparison, compare, texts, { file, from: revision.commit, ...(revision.path === undefined ? {} : { path: revision.path }) });
  }
}

/** A comparison shows the labels that a blind pass hides: only who says so sees them. */
async function mayShowLabels(file: string): Promise<boolean> {
  const show = 'Compare';
  return (await vscode.window.showWarningMessage(`${path.basename(file)} is labeled blindly in this window. A comparison shows the first labels.`, { modal: true }, show)) === show;
}

/** The menus of explorer and source control give what they stand on. */
function requestOf(given: unknown): CompareRequest {
  if (given instanceof vscode.Uri) return { file: given.fsPath };
  const { resourceUri } = (given ?? {}) as { readonly resourceUri?: unknown };
  if (resourceUri instanceof vscode.Uri) return { file: resourceUri.fsPath, from: 'HEAD' };
  return (given ?? {}) as CompareRequest;
}

async function askFile({ datasets }: Services): Promise<string | undefined> {
  const active = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const open = active instanceof vscode.TabInputCustom || active instanceof vscode.TabInputText ? active.uri.fsPath : undefined;
  if (open !== undefined && (await datasets.byFile(open))) return open;
  const files = (await datasets.list()).flatMap(({ config, file, heldOut }) => [{ label: config.id, description: config.path, file }, ...(heldOut === undefined ? [] : [{ label: `${config.id}, held out`, description: config.heldOut ?? '', file: heldOut }])]);
  if (files.length === 0) throw new AppError('argument.invalid', { argument: 'Compare', reason: 'no pebr.json of this folder names a dataset.' });
  return (await vscode.window.showQuickPick(files, { title: 'Compare Dataset with Revision', placeHolder: 'Which dataset?' }))?.file;
}

/** Undefined where the person cancelled. */
async function comparisonOf({ datasets }: Services, git: string, file: string, revision: ChosenRevision): Promise<Comparison | undefined> {
  const context = await datasets.contextOf(file);
  const name = path.basename(file);
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: `Comparing ${name} with ${revision.label}`, cancellable: true }, async (progress, token) => {
    const cancel = new AbortController();
    token.onCancellationRequested(() => cancel.abort(new vscode.CancellationError()));
    const old = await writeRevision(git, file, revision.commit, revision.path, cancel.signal);
    return Comparison.open(context, { name, from: revision.label, to: 'now' }, old, {
      signal: cancel.signal, onProgress: (done, what) => progress.report({ message: `${what}: ${done.toLocaleString('en')} rows` }),
    });
  });
}
