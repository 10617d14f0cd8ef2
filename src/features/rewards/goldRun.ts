import * as path from 'node:path';
import * as vscode from 'vscode';
import type { SamplePlace } from '../../core/dataset/sample';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import type { Problem } from '../../core/problem';
import { rewardDatasets } from '../../core/project/rewardUses';
import { type GoldCheck, GoldTally } from '../../core/rewards/goldCheck';
import { goldResponse } from '../../core/rewards/goldResponse';
import type { ProjectDataset } from '../../host/datasetService';
import { ruleOf, toDiagnostic } from '../../host/diagnostics';
import { rewardOptions } from '../../host/projectRewards';
import type { Services } from '../../host/services';
import { sampleBatches } from '../../platform/dataset/readSample';

/** A dataset's gold answers under a reward. */
export interface GoldResult extends GoldCheck {
  readonly dataset: string;
}

type SampleAt = Required<SamplePlace>;

const mostProblems = 1000;
/** Gold answers that are scored again on every save. */
const mostUnasked = 2000;

/** "Gold must score 1": scores every gold answer, shows those that fall short in the Problems view, each with a way to its sample. */
export class GoldRun implements vscode.Disposable {
  private readonly diagnostics = vscode.languages.createDiagnosticCollection('pebr gold');
  /** Which sample stands on a line that has a problem. */
  private readonly samples = new Map<string, SampleAt>();
  private readonly actions = vscode.languages.registerCodeActionsProvider({ scheme: 'file', pattern: '**/*.jsonl' }, {
    provideCodeActions: (document, _range, { diagnostics }) => diagnostics.filter(each => ruleOf(each) === rule).flatMap(diagnostic => this.wayTo(document.uri, diagnostic)),
  });

  private readonly subscriptions: readonly vscode.Disposable[];
  /** What was checked last, and whether that is quick enough to be done again unasked. */
  private last: { readonly reward: string; readonly isSmall: boolean } | undefined;
  private again: vscode.CancellationTokenSource | undefined;

  constructor(private readonly services: Services) {
    this.subscriptions = [
      services.rewards.onDidChange(reward => reward === this.last?.reward && this.checkAgain()),
      services.datasets.onDidChange(() => this.checkAgain()),
    ];
  }

  dispose(): void {
    this.again?.cancel();
    for (const each of [...this.subscriptions, this.actions, this.diagnostics]) each.dispose();
  }

  /** Throws `vscode.CancellationError` when it is cancelled. */
  async check(reward: string, progress: vscode.Progress<{ message?: string }>, token: vscode.CancellationToken): Promise<readonly GoldResult[]> {
    const { rewards, projects } = this.services;
    const options = await rewardOptions(projects, reward);
    const { weights } = await rewards.load(reward, options);
    const problems: Problem[] = [];
    const results: GoldResult[] = [];
    const found: SampleAt[] = [];
    for (const { project, config } of await this.datasetsOf(reward)) {
      const tally = new GoldTally(weights);
      for await (const samples of sampleBatches(project.folder, config)) {
        if (token.isCancellationRequested) throw new vscode.CancellationError();
        const scores = await rewards.score(reward, options, samples.map(({ sample }) => ({ response: goldResponse(sample), sample })), token);
        scores.forEach((score, index) => {
          const shortfall = tally.add(score);
          const at = samples[index];
          if (!shortfall || !at || problems.length >= mostProblems) return;
          const { file, line, sample: { qid } } = at;
          problems.push({ severity: score.error ? 'error' : 'warning', rule, file, line, qid, message: `${shortfall.message} (${path.basename(reward)})`, remedy: 'Correct the label or the reward: one of the two is wrong.' });
          found.push({ dataset: config.id, qid, file, line });
        });
        const { count, full } = tally.result;
        progress.report({ message: `${config.id}: ${full.toLocaleString('en')} of ${count.toLocaleString('en')} get full marks` });
      }
      results.push({ dataset: config.id, ...tally.result });
    }
    this.samples.clear();
    for (const at of found) this.samples.set(`${at.file}:${at.line}`, at);
    this.show(problems);
    this.last = { reward, isSmall: results.reduce((sum, { count }) => sum + count, 0) <= mostUnasked };
    return results;
  }

  /** A label or the reward was corrected: what is shown must not be of before. A large dataset waits to be asked for. */
  private checkAgain(): void {
    this.again?.cancel();
    if (!this.last || this.samples.size === 0) return;
    const { reward, isSmall } = this.last;
    if (!isSmall) return this.show([]);
    const source = (this.again = new vscode.CancellationTokenSource());
    this.check(reward, { report: () => undefined }, source.token).catch((error: unknown) => {
      if (error instanceof vscode.CancellationError) return;
      this.services.log.warn(`gold: ${errorInWords(error)}`);
      this.show([]);
    });
  }

  private show(problems: readonly Problem[]): void {
    const byFile = new Map<string, Problem[]>();
    for (const problem of problems) byFile.set(problem.file, [...(byFile.get(problem.file) ?? []), problem]);
    this.diagnostics.clear();
    this.diagnostics.set([...byFile].map(([file, found]) => [vscode.Uri.file(file), found.map(toDiagnostic)]));
  }

  private async datasetsOf(reward: string): Promise<readonly ProjectDataset[]> {
    const { datasets, projects } = this.services;
    const open = (await projects.usable()).find(each => reward.startsWith(each.folder + path.sep)) ?? (await projects.usable())[0];
    const ids = open ? rewardDatasets(open.project, name => path.resolve(open.folder, name) === reward) : [];
    if (ids.length === 0) throw new AppError('argument.invalid', { argument: reward, reason: 'no pebr.json names a dataset whose gold answers it could score.' });
    return Promise.all(ids.map(id => datasets.byId(id)));
  }

  private wayTo(uri: vscode.Uri, diagnostic: vscode.Diagnostic): readonly vscode.CodeAction[] {
    const sample = this.samples.get(`${uri.fsPath}:${diagnostic.range.start.line + 1}`);
    if (!sample) return [];
    const action = new vscode.CodeAction('Open Sample', vscode.CodeActionKind.QuickFix);
    action.command = { command: 'pebr.sample.open', title: 'Open Sample', arguments: [sample] };
    action.diagnostics = [diagnostic];
    return [action];
  }
}

const rule = 'reward/gold-below-full-marks';

/** `cards-perception: 98.3 % (clip 98.3 %)`. */
export function goldInWords({ dataset, count, full, components }: GoldResult): string {
  const percent = (part: number, of: number): string => (of === 0 ? '–' : `${Number(((100 * part) / of).toFixed(1))} %`);
  const below = components.filter(each => each.full < each.applies).map(each => `${each.name} ${percent(each.full, each.applies)}`);
  return `${dataset}: ${percent(full, count)} of ${count.toLocaleString('en')} gold answers get full marks${below.length > 0 ? ` (${below.join(', ')})` : ''}`;
}
