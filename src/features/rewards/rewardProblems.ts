import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import { DisposableStore } from '../../core/lifecycle';
import type { RewardSummary } from '../../core/rewards/summary/rewardSummary';
import { projectRewards, rewardOptions } from '../../host/projectRewards';
import type { Services } from '../../host/services';

interface Place {
  readonly file: string;
  readonly diagnostic: vscode.Diagnostic;
}

/** Squiggles at the lines of a reward that fail: it does not load, or responses got no score. They go as soon as the file is mended. */
export class RewardProblems implements vscode.Disposable {
  private readonly lifetime = new DisposableStore();
  private readonly collection = this.lifetime.add(vscode.languages.createDiagnosticCollection('pebr rewards'));
  private readonly loading = new Map<string, readonly Place[]>();
  private readonly scoring = new Map<string, readonly Place[]>();
  /** How often each reward was loaded: only what the last time says is shown. */
  private readonly times = new Map<string, number>();
  private shown = '[]';
  /** Rewards that are open, so that the worker says whether they load. */
  private readonly watched = new Set<string>();

  constructor(private readonly services: Services) {
    const { results, rewards } = services;
    this.lifetime.add(results.onDidChange(path => {
      const summary = results.of(path);
      this.scoring.set(path, summary ? placesOfSummary(summary) : []);
      this.show();
      if (this.loading.get(path)?.length) this.load(path); // it has scored: as it is now, or as it was
    }));
    this.lifetime.add(rewards.onDidChange(path => {
      this.scoring.delete(path); // of a version that is gone
      this.show();
      if (this.watched.has(path)) this.load(path);
    }));
    const watchVisible = (): void => vscode.window.visibleTextEditors.forEach(editor => void this.watch(editor.document.uri.fsPath));
    this.lifetime.add(vscode.window.onDidChangeVisibleTextEditors(watchVisible));
    this.lifetime.add(vscode.workspace.onDidGrantWorkspaceTrust(watchVisible));
    watchVisible();
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private async watch(path: string): Promise<void> {
    if (!vscode.workspace.isTrusted || this.watched.has(path) || !/\.(?:[mc]?[tj]s|py)$/.test(path)) return;
    if (!/\.reward\.\w+$/.test(path) && !(await projectRewards(this.services.projects)).some(reward => reward.path === path)) return;
    this.watched.add(path);
    this.load(path);
  }

  private load(path: string): void {
    const { log, projects, rewards } = this.services;
    const time = (this.times.get(path) ?? 0) + 1;
    this.times.set(path, time);
    const loaded = rewardOptions(projects, path).then(options => rewards.load(path, options)).then(() => [], (error: unknown) => {
      if (AppError.is(error, 'reward.failed')) return [placeOfFailure(error.details)];
      log.warn(`${path}: ${String(error)}`);
      return [];
    });
    void loaded.then(places => {
      if (this.times.get(path) !== time) return;
      this.loading.set(path, places);
      this.show();
    });
  }

  private show(): void {
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const { file, diagnostic } of [...this.loading.values(), ...this.scoring.values()].flat()) byFile.set(file, [...(byFile.get(file) ?? []), diagnostic]);
    const shown = JSON.stringify([...byFile]);
    if (shown === this.shown) return;
    this.shown = shown;
    this.collection.clear();
    this.collection.set([...byFile].map(([file, diagnostics]) => [vscode.Uri.file(file), diagnostics]));
  }
}

function placeOfFailure({ file, line, reason, remedy }: { readonly file: string; readonly line?: number; readonly reason: string; readonly remedy?: string }): Place {
  return { file, diagnostic: diagnosticAt([reason, remedy].filter(Boolean).join('\n'), line, undefined) };
}

function placesOfSummary({ path, errors, responses }: RewardSummary): readonly Place[] {
  return errors.map(({ error, count }) => {
    const component = error.component === undefined ? '' : ` (component ${error.component})`;
    const message = `${error.message}${component}\n${count} of ${responses} got no score because of this.`;
    return { file: error.file ?? path, diagnostic: diagnosticAt(message, error.line, error.column) };
  });
}

function diagnosticAt(message: string, line = 1, column: number | undefined): vscode.Diagnostic {
  const start = column === undefined ? 0 : Math.max(0, column - 1);
  const diagnostic = new vscode.Diagnostic(new vscode.Range(line - 1, start, line - 1, Number.MAX_SAFE_INTEGER), message, vscode.DiagnosticSeverity.Error);
  diagnostic.source = 'PeBR reward';
  return diagnostic;
}
