import * as vscode from 'vscode';
import { DisposableStore } from '../../core/lifecycle';
import { printChip } from '../../core/query/printQuery';
import { rewardPlaces } from '../../core/rewards/authoring/rewardPlaces';
import type { RewardSummary } from '../../core/rewards/summary/rewardSummary';
import type { Services } from '../../host/services';
import { isRewardName } from './chosenReward';
import type { RewardCases } from './rewardCases';
import type { RunResult, RunResults } from './runResults';

const selector: vscode.DocumentSelector = [
  { scheme: 'file', pattern: '**/*.reward.{ts,js,mts,mjs,cts,cjs}' },
  { scheme: 'file', language: 'python' },
];

/** What stands above `defineReward` and `compute_score`: run, debug, cases, and what the reward last gave. */
export class RewardLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly lifetime = new DisposableStore();
  private readonly changed = this.lifetime.add(new vscode.EventEmitter<void>());

  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly services: Services,
    private readonly cases: RewardCases,
    private readonly runs: RunResults,
  ) {
    for (const event of [services.results.onDidChange, cases.onDidRun, cases.onDidChange, runs.onDidChange]) this.lifetime.add(event(() => this.changed.fire()));
    this.lifetime.add(vscode.languages.registerCodeLensProvider(selector, this));
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const { definition } = rewardPlaces(document.getText(), document.languageId === 'python');
    const path = document.uri.fsPath;
    if (definition === undefined || (document.languageId === 'python' && !isRewardName(path) && !document.getText().includes('def compute_score('))) return [];
    const range = new vscode.Range(definition, 0, definition, 0);
    const lens = (title: string, tooltip: string, command: string, argument: unknown): vscode.CodeLens => new vscode.CodeLens(range, { title, tooltip, command, arguments: [argument] });
    const summary = this.services.results.of(path);
    const run = this.runs.of(path);
    const count = (await this.cases.readBeside(path)).cases.length;
    return [
      lens('$(play) run', 'Score responses in the playground', 'pebr.playground.open', { reward: path }),
      lens('$(debug-alt) debug', 'Debug this reward on the gold answer of its first sample', 'pebr.reward.debug', path),
      count > 0 ? lens(this.casesTitle(path, count), 'Run the cases beside this reward', 'pebr.reward.runCases', path)
        : lens('$(beaker) add cases', 'In the playground one key turns a response into a case whose score must stay', 'pebr.playground.open', { reward: path }),
      ...(summary ? [lens(summaryInWords(summary), `Of ${summary.responses}`, 'pebr.playground.open', { reward: path })] : []),
      ...(run ? [lens(runInWords(run), `Over the last ${run.summary.responses}. Open these rollouts`, 'pebr.rollouts.open', { runFolder: run.runFolder, query: { text: stagesChip(run.stages), sort: [] } })] : []),
    ];
  }

  dispose(): void {
    this.lifetime.dispose();
  }

  private casesTitle(path: string, count: number): string {
    const counts = this.cases.countsOf(path);
    if (!counts) return `$(beaker) ${count} ${count === 1 ? 'case' : 'cases'}`;
    return counts.failed > 0 ? `$(testing-failed-icon) ${counts.failed} of ${counts.failed + counts.passed} cases failed` : `$(testing-passed-icon) ${counts.passed} ${counts.passed === 1 ? 'case' : 'cases'} passed`;
  }
}

/** `mean 0.41 ± 0.22 · 18 % zero-std · 2 failed`. */
function summaryInWords({ overall, zeroStd, errors }: RewardSummary): string {
  const failed = errors.reduce((sum, { count }) => sum + count, 0);
  return [
    overall ? meanInWords(overall) : 'no response was scored',
    ...(zeroStd === null ? [] : [`${Math.round(100 * zeroStd)} % zero-std`]),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ].join(' · ');
}

/** `$(graph) 20261121-101500-cards: mean 0.41 ± 0.22 · 18 % zero-std`; an older version of the file is told. */
function runInWords({ run, summary, isStale }: RunResult): string {
  return `$(graph) ${run}: ${summaryInWords(summary)}${isStale ? ' · with an older version' : ''}`;
}

function stagesChip(stages: readonly string[]): string {
  return printChip({ name: 'stage', isNegated: false, values: stages.map(text => ({ comparison: null, text, isQuoted: !/^[\w-]+$/.test(text) })) });
}

/** `mean 0.71 ± 0.10`. */
export function meanInWords({ mean, std }: { readonly mean: number; readonly std: number | null }): string {
  return `mean ${mean.toFixed(2)}${std === null ? '' : ` ± ${std.toFixed(2)}`}`;
}
