import * as path from 'node:path';
import * as vscode from 'vscode';
import { errorInWords } from '../../core/errorWords';
import { DisposableStore } from '../../core/lifecycle';
import { rewardFilesOf } from '../../core/rewards/cases/caseFiles';
import type { PlacedCase } from '../../core/rewards/cases/rewardCase';
import { toDiagnostic } from '../../host/diagnostics';
import type { Services } from '../../host/services';
import type { CaseOutcome } from '../../platform/rewards/runCases';
import type { RewardCases } from './rewardCases';
import { messageOfFailure, tellOutcome } from './tellOutcome';

/** Runs one case in the debugger and tells how it went; undefined where the session did not come that far. */
export type DebugCase = (placed: PlacedCase, run: vscode.TestRun) => Promise<CaseOutcome | undefined>;

/** The cases of every reward in the Test Explorer: one item a cases file, one a case. */
export class CaseTests implements vscode.Disposable {
  private readonly lifetime = new DisposableStore();
  readonly controller = this.lifetime.add(vscode.tests.createTestController('pebr.rewards', 'PeBR rewards'));
  private readonly problems = this.lifetime.add(vscode.languages.createDiagnosticCollection('pebr cases'));
  private readonly placed = new WeakMap<vscode.TestItem, PlacedCase>();
  private found: Promise<void> | undefined;

  constructor(
    private readonly services: Services,
    private readonly cases: RewardCases,
    private readonly debug: DebugCase,
  ) {
    const { controller } = this;
    controller.resolveHandler = async item => {
      if (item) await this.refresh(item.uri?.fsPath ?? '');
      else await this.discover();
    };
    controller.refreshHandler = () => this.discover(true);
    controller.createRunProfile('Run', vscode.TestRunProfileKind.Run, (request, token) => this.start(request, token), true, undefined, true);
    controller.createRunProfile('Debug', vscode.TestRunProfileKind.Debug, (request, token) => this.start(request, token, true), true);
    this.lifetime.add(cases.onDidChange(file => this.follow(file)));
    for (const document of vscode.workspace.textDocuments) this.follow(document.uri.fsPath);
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  /** Finds every cases file of the workspace once, and again when asked. */
  discover(again = false): Promise<void> {
    if (again) this.found = undefined;
    this.found ??= this.find();
    return this.found;
  }

  /** Runs all cases of a file as the Test Explorer does; tells how each went. */
  async runFile(file: string, token?: vscode.CancellationToken): Promise<readonly CaseOutcome[]> {
    const item = await this.refresh(file);
    return item ? this.runItems(new vscode.TestRunRequest([item]), [item], token, false) : [];
  }

  private async find(): Promise<void> {
    await Promise.all((await this.cases.find()).map(file => this.refresh(file)));
  }

  private follow(file: string): void {
    if (rewardFilesOf(file).length > 0) void this.refresh(file).catch((error: unknown) => this.services.log.warn(`${file}: ${errorInWords(error)}`));
  }

  /** The item of a cases file, its cases as they are now; none where the file is gone. */
  private async refresh(file: string): Promise<vscode.TestItem | undefined> {
    const uri = vscode.Uri.file(file);
    const { cases, problems } = await this.cases.read(file);
    this.problems.set(uri, problems.map(toDiagnostic));
    const { items } = this.controller;
    if (cases.length === 0 && problems.length === 0) {
      items.delete(file);
      return undefined;
    }
    const item = items.get(file) ?? this.controller.createTestItem(file, path.basename(file).replace(/\.cases\.jsonl$/, ''), uri);
    item.description = 'cases';
    item.canResolveChildren = true;
    item.error = problems.length > 0 ? `${problems.length === 1 ? 'One line' : `${problems.length} lines`} cannot be read, see Problems.` : undefined;
    const seen = new Map<string, number>();
    item.children.replace(cases.map(placed => {
      const count = (seen.get(placed.name) ?? 0) + 1; // two cases may have one name
      seen.set(placed.name, count);
      return this.itemOf(placed, `${file}#${placed.name}#${count}`, item);
    }));
    items.add(item);
    return item;
  }

  private itemOf(placed: PlacedCase, id: string, parent: vscode.TestItem): vscode.TestItem {
    const item = parent.children.get(id) ?? this.controller.createTestItem(id, placed.name, vscode.Uri.file(placed.file));
    item.range = new vscode.Range(placed.line - 1, 0, placed.line - 1, Number.MAX_SAFE_INTEGER);
    item.sortText = String(placed.line).padStart(8, '0');
    item.description = 'qid' in placed.sample ? placed.sample.qid : 'a row of its own';
    this.placed.set(item, placed);
    return item;
  }

  /** What the profiles do; a continuous run goes on until it is cancelled. */
  async start(request: vscode.TestRunRequest, token: vscode.CancellationToken, isDebug = false): Promise<void> {
    await this.discover();
    const files = (): readonly vscode.TestItem[] => request.include ?? [...this.controller.items].map(([, item]) => item);
    await this.runItems(request, files(), token, isDebug);
    if (!request.continuous) return;
    const again = (isMeant: (file: string) => boolean): void => {
      const concerned = files().filter(item => isMeant(item.uri?.fsPath ?? ''));
      if (concerned.length > 0) void this.runItems(request, concerned, token, false);
    };
    const subscriptions = [
      this.services.rewards.onDidChange(reward => again(file => rewardFilesOf(file).includes(reward))),
      vscode.workspace.onDidSaveTextDocument(document => again(file => file === document.uri.fsPath)),
    ];
    token.onCancellationRequested(() => subscriptions.forEach(subscription => subscription.dispose()));
  }

  private async runItems(request: vscode.TestRunRequest, items: readonly vscode.TestItem[], token: vscode.CancellationToken | undefined, isDebug: boolean): Promise<readonly CaseOutcome[]> {
    const run = this.controller.createTestRun(request);
    const stop = new vscode.CancellationTokenSource();
    const subscriptions = [run.token, ...(token ? [token] : [])].map(each => each.onCancellationRequested(() => stop.cancel()));
    const outcomes: CaseOutcome[] = [];
    try {
      for (const [file, tests] of await this.byFile(items, request.exclude ?? [])) {
        if (stop.token.isCancellationRequested) break;
        outcomes.push(...(isDebug ? await this.debugTests(tests, run, stop.token) : await this.runTests(file, tests, run, stop.token)));
      }
    } finally {
      run.end();
      subscriptions.forEach(subscription => subscription.dispose());
      stop.dispose();
    }
    return outcomes;
  }

  private async byFile(items: readonly vscode.TestItem[], excluded: readonly vscode.TestItem[]): Promise<ReadonlyMap<string, readonly vscode.TestItem[]>> {
    const byFile = new Map<string, vscode.TestItem[]>();
    const isExcluded = (item: vscode.TestItem): boolean => excluded.includes(item) || (item.parent !== undefined && excluded.includes(item.parent));
    for (const item of items) {
      if (!this.placed.has(item)) await this.refresh(item.uri?.fsPath ?? ''); // a file: its cases as they are now
      const tests = this.placed.has(item) ? [item] : [...item.children].map(([, child]) => child);
      const file = item.uri?.fsPath ?? '';
      byFile.set(file, [...new Set([...(byFile.get(file) ?? []), ...tests.filter(test => !isExcluded(test))])]);
    }
    return byFile;
  }

  private async runTests(file: string, tests: readonly vscode.TestItem[], run: vscode.TestRun, token: vscode.CancellationToken): Promise<readonly CaseOutcome[]> {
    for (const test of tests) run.started(test);
    const start = performance.now();
    try {
      const outcomes = await this.cases.run(file, tests.flatMap(test => this.placed.get(test) ?? []), token);
      outcomes.forEach((outcome, index) => {
        const test = tests[index];
        if (test) tellOutcome(run, test, outcome, (performance.now() - start) / outcomes.length);
      });
      return outcomes;
    } catch (error) {
      if (token.isCancellationRequested) {
        for (const test of tests) run.skipped(test);
        return [];
      }
      for (const test of tests) run.errored(test, messageOfFailure(error));
      return tests.flatMap(test => this.placed.get(test) ?? []).map(placed => ({ placed, fault: errorInWords(error) }));
    }
  }

  private async debugTests(tests: readonly vscode.TestItem[], run: vscode.TestRun, token: vscode.CancellationToken): Promise<readonly CaseOutcome[]> {
    const outcomes: CaseOutcome[] = [];
    for (const test of tests) {
      const placed = this.placed.get(test);
      if (!placed || token.isCancellationRequested) continue;
      run.started(test);
      try {
        const outcome = await this.debug(placed, run);
        if (outcome) outcomes.push(outcome);
        if (outcome) tellOutcome(run, test, outcome);
        else run.skipped(test);
      } catch (error) {
        run.errored(test, messageOfFailure(error));
      }
    }
    return outcomes;
  }
}
