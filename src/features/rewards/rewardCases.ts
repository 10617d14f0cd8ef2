import { access } from 'node:fs/promises';
import * as vscode from 'vscode';
import { AppError } from '../../core/errors';
import { DisposableStore } from '../../core/lifecycle';
import { casesFileOf, rewardFilesOf } from '../../core/rewards/cases/caseFiles';
import { type ParsedCases, parseCases } from '../../core/rewards/cases/parseCases';
import type { PlacedCase } from '../../core/rewards/cases/rewardCase';
import { rewardOptions } from '../../host/projectRewards';
import type { Services } from '../../host/services';
import { type CaseOutcome, isPassed, readCases, runCases } from '../../platform/rewards/runCases';

const casesPattern = '**/*.reward.cases.jsonl';

/** How the cases of a reward went when they last ran. */
export interface CaseCounts {
  readonly passed: number;
  readonly failed: number;
}

/** Reads and runs the cases beside rewards, and remembers how they went. */
export class RewardCases implements vscode.Disposable {
  private readonly lifetime = new DisposableStore();
  private readonly latest = new Map<string, CaseCounts>();
  private readonly changed = this.lifetime.add(new vscode.EventEmitter<string>());
  private readonly ran = this.lifetime.add(new vscode.EventEmitter<string>());

  /** Absolute path of a cases file that is new, gone or changed, on disk or in an editor. */
  readonly onDidChange = this.changed.event;
  /** Absolute path of the cases file that ran. */
  readonly onDidRun = this.ran.event;

  constructor(private readonly services: Services) {
    const tell = (uri: vscode.Uri): void => {
      if (rewardFilesOf(uri.fsPath).length > 0) this.changed.fire(uri.fsPath);
    };
    const watcher = this.lifetime.add(vscode.workspace.createFileSystemWatcher(casesPattern));
    for (const event of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) this.lifetime.add(event(tell));
    this.lifetime.add(vscode.workspace.onDidOpenTextDocument(document => tell(document.uri)));
    this.lifetime.add(vscode.workspace.onDidChangeTextDocument(({ document }) => tell(document.uri)));
  }

  /** Every cases file of the workspace. */
  async find(): Promise<readonly string[]> {
    return (await vscode.workspace.findFiles(casesPattern, '**/{node_modules,.pebr,.venv,out}/**')).map(uri => uri.fsPath);
  }

  /** What is in the editor counts, saved or not. */
  async read(file: string): Promise<ParsedCases> {
    const open = vscode.workspace.textDocuments.find(document => document.uri.fsPath === file && !document.isClosed);
    return open ? parseCases(open.getText(), file) : readCases(file);
  }

  /** The cases beside a reward; none where it has no cases file. */
  readBeside(reward: string): Promise<ParsedCases> {
    return this.read(casesFileOf(reward));
  }

  /** The reward that a cases file stands beside. Throws `argument.invalid` where there is none. */
  async rewardOf(file: string): Promise<string> {
    for (const candidate of rewardFilesOf(file)) if (await access(candidate).then(() => true, () => false)) return candidate;
    throw new AppError('argument.invalid', { argument: file, reason: 'no reward file stands beside it. A cases file is named after its reward: a.reward.ts has a.reward.cases.jsonl.' });
  }

  /** Scores cases of one file with the reward beside it. Throws what loading the reward throws. */
  async run(file: string, cases: readonly PlacedCase[], token?: vscode.CancellationToken): Promise<readonly CaseOutcome[]> {
    const { datasets, projects, rewards } = this.services;
    const reward = await this.rewardOf(file);
    const options = await rewardOptions(projects, reward);
    await rewards.load(reward, options); // a reward that does not load is told once, not once a case
    const outcomes = await runCases(cases, {
      findSample: async ref => (await datasets.sample(ref)).sample,
      score: items => rewards.score(reward, options, items, token),
    });
    const passed = outcomes.filter(isPassed).length;
    this.latest.set(file, { passed, failed: outcomes.length - passed });
    this.ran.fire(file);
    return outcomes;
  }

  /** Of the cases file beside a reward; undefined before its first run. */
  countsOf(reward: string): CaseCounts | undefined {
    return this.latest.get(casesFileOf(reward));
  }

  dispose(): void {
    this.lifetime.dispose();
  }
}
