import * as path from 'node:path';
import * as vscode from 'vscode';
import type { SamplePlace } from '../../core/dataset/sample';
import { AppError } from '../../core/errors';
import { errorInWords } from '../../core/errorWords';
import { rewardDatasets } from '../../core/project/rewardUses';
import type { GoldCheck } from '../../core/rewards/gold/goldCheck';
import type { ProjectDataset } from '../../host/datasetService';
import { ruleOf } from '../../host/diagnostics';
import { rewardOptions } from '../../host/projectRewards';
import type { Services } from '../../host/services';
import { type GoldFindings, lintGold } from '../../platform/lint/lintGold';

/** A dataset's gold answers under a reward. */
export interface GoldResult extends GoldCheck {
  readonly dataset: string;
}

type SampleAt = Required<Omit<SamplePlace, 'rollout'>>;

/** Gold answers that are scored again on every save. */
const mostUnasked = 2000;

/** "Gold must score 1": scores every gold answer, shows those that fall short in the Problems view, each with a way to its sample. */
export class GoldRun implements vscode.Disposable {
  /** Which sample stands on a line that has a problem. */
  private readonly samples = new Map<string, SampleAt>();
  private readonly actions = vscode.languages.registerCodeActionsProvider({ scheme: 'file', pattern: '**/*.jsonl' }, {
    provideCodeActions: (document, _range, { diagnostics }) => diagnostics.filter(each => ruleOf(each) === rule).flatMap(diagnostic => this.wayTo(document.uri, diagnostic)),
  });

  private readonly subscriptions: readonly vscode.Disposable[];
  /** What was checked last, and whether that is quick enough to be done again unasked. */
  private last: { readonly reward: string; readonly isSmall: boolean } | undefined;
  private again: vscode.CancellationTokenSource | undefined;
  /** Datasets whose findings are shown. */
  private readonly shown: ProjectDataset[] = [];

  constructor(private readonly services: Services) {
    this.subscriptions = [
      services.rewards.onDidChange(reward => reward === this.last?.reward && this.checkAgain()),
      services.datasets.onDidChange(() => this.checkAgain()),
    ];
  }

  dispose(): void {
    this.again?.cancel();
    for (const each of [...this.subscriptions, this.actions]) each.dispose();
  }

  /** Throws `vscode.CancellationError` when it is cancelled. */
  async check(reward: string, progress: vscode.Progress<{ message?: string }>, token: vscode.CancellationToken): Promise<readonly GoldResult[]> {
    const { rewards, projects } = this.services;
    const options = await rewardOptions(projects, reward);
    const { weights } = await rewards.load(reward, options);
    const found: { readonly dataset: ProjectDataset; readonly findings: GoldFindings }[] = [];
    for (const dataset of await this.datasetsOf(reward)) {
      const { project, config } = dataset;
      const findings = await lintGold(project.folder, config, {
        name: path.basename(reward), weights,
        score: items => {
          if (token.isCancellationRequested) throw new vscode.CancellationError();
          return rewards.score(reward, options, items, token);
        },
        onProgress: ({ count, full }) => progress.report({ message: `${config.id}: ${full.toLocaleString('en')} of ${count.toLocaleString('en')} get full marks` }),
      });
      found.push({ dataset, findings });
    }
    this.show(found);
    const results = found.map(({ dataset, findings }): GoldResult => ({ dataset: dataset.config.id, ...findings.check }));
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

  /** The findings stand in Problems and in the trees, beside those of the other rules. */
  private show(found: readonly { readonly dataset: ProjectDataset; readonly findings: GoldFindings }[]): void {
    const { lint } = this.services;
    for (const dataset of this.shown.splice(0)) if (!found.some(each => each.dataset === dataset)) lint.drop(dataset, 'gold');
    this.samples.clear();
    for (const { dataset, findings: { report } } of found) {
      for (const { file, line = 1, qid = '' } of report.problems) this.samples.set(`${file}:${line}`, { dataset: dataset.config.id, qid, file, line });
      lint.keep(dataset, 'gold', report);
      this.shown.push(dataset);
    }
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
