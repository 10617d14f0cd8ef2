import * as vscode from 'vscode';
import { parseRow } from '../../core/dataset/parseRow';
import type { Disposable } from '../../core/lifecycle';
import { rank } from '../../core/lint/lintReport';
import type { RuleId } from '../../core/lint/rules';
import type { Problem } from '../../core/problem';
import type { StageKind } from '../../core/project/project';
import type { BlindPasses } from '../../host/blindPasses';
import type { DatasetService, ProjectDataset } from '../../host/datasetService';
import type { LintService } from '../../host/lintService';
import { DatasetFile } from '../../platform/dataset/datasetFile';
import { curationNodes, tagNodes, viewNodes } from './curationNodes';
import type { DatasetFacts, DatasetFactsCache } from './datasetFacts';
import { itemOf } from './datasetItem';
import { type DatasetNode, type DatasetRoot, type GroupNode, pageLength, partsOf, type ProblemsNode, type RangeNode, type RuleNode } from './datasetNode';
import { sampleTooltip } from './sampleTooltip';

/** The tree of one stage: datasets, their difficulty groups, and the samples in pages. */
export class DatasetTree implements vscode.TreeDataProvider<DatasetNode>, Disposable {
  private readonly changed = new vscode.EventEmitter<DatasetNode | undefined>();
  private readonly subscriptions: readonly Disposable[];
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly stage: StageKind,
    private readonly datasets: DatasetService,
    private readonly facts: DatasetFactsCache,
    private readonly lint: LintService,
    private readonly blind: BlindPasses,
  ) {
    const redraw = (dataset: ProjectDataset | undefined): void => {
      if (!dataset || dataset.config.stage === stage) this.changed.fire(undefined);
    };
    const curation = vscode.workspace.createFileSystemWatcher('**/*.curation.jsonl');
    const redrawAll = (): void => redraw(undefined);
    this.subscriptions = [curation, curation.onDidCreate(redrawAll), curation.onDidChange(redrawAll), curation.onDidDelete(redrawAll), facts.onDidChange(redraw), lint.onDidChange(() => redraw(undefined)), blind.onDidChange(redrawAll), datasets.onDidChange(dataset => !dataset && redraw(undefined))];
  }

  async getChildren(node?: DatasetNode): Promise<DatasetNode[]> {
    switch (node?.kind) {
      case undefined: return (await this.roots()).map(rootOf);
      case 'dataset': return this.childrenOf(node);
      case 'group': return this.rowsOf(node);
      case 'range': return this.rowsOf(node);
      case 'problems': return this.rulesOf(node);
      case 'tags': return tagNodes(node);
      case 'views': return viewNodes(node);
      case 'rule': return node.problems.map((problem, index) => ({ kind: 'problem', dataset: node.dataset, parent: node, problem, index }));
      case 'sample':
      case 'problem':
      case 'tag':
      case 'view':
      case 'heldOut':
      case 'message': return [];
    }
  }

  getTreeItem(node: DatasetNode): vscode.TreeItem {
    if (node.kind === 'dataset') this.lint.report(node.dataset); // a dataset that is seen is checked, and its problems stand in the badge
    return itemOf(node, this.facts.get(node.dataset), this.blind.has(node.dataset.file));
  }

  async resolveTreeItem(item: vscode.TreeItem, node: DatasetNode): Promise<vscode.TreeItem> {
    if (node.kind === 'sample') item.tooltip = await sampleTooltip(node, this.blind.has(node.dataset.file));
    return item;
  }

  getParent(node: DatasetNode): DatasetNode | undefined {
    return node.parent;
  }

  /** Problems of the stage's datasets, as far as they are known. */
  async problemCount(): Promise<number> {
    return (await this.roots()).reduce((sum, dataset) => sum + this.lint.problemCount(dataset), 0);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.changed.dispose();
  }

  private async roots(): Promise<readonly ProjectDataset[]> {
    return (await this.datasets.list()).filter(dataset => dataset.config.stage === this.stage);
  }

  private childrenOf(parent: DatasetRoot): DatasetNode[] {
    const { dataset } = parent;
    const { grouped, failure }: DatasetFacts = this.facts.get(dataset);
    const problems = this.lint.problemsOf(dataset);
    const children: DatasetNode[] = [];
    if (failure !== undefined) children.push({ kind: 'message', dataset, parent, text: failure });
    if (grouped) {
      const isSampled = this.facts.get(dataset).records.size > 0;
      for (const group of ['easy', 'medium', 'hard', 'unsampled', 'unreadable'] as const) {
        const rows = grouped.groups[group];
        // Before sampling three empty groups would say nothing; afterwards an empty one says something.
        const isShown = rows.length > 0 || (isSampled && group !== 'unsampled' && group !== 'unreadable');
        if (isShown) children.push({ kind: 'group', dataset, parent, group, rows });
      }
    }
    if (problems.length > 0 && failure === undefined && !this.blind.has(dataset.file)) children.push({ kind: 'problems', dataset, parent, problems, count: this.lint.problemCount(dataset) });
    children.push(...curationNodes(parent));
    if (dataset.heldOut !== undefined) children.push({ kind: 'heldOut', dataset, parent, file: dataset.heldOut });
    return children;
  }

  /** The rules that found something, the worst and most frequent first. */
  private rulesOf(parent: ProblemsNode): RuleNode[] {
    const { dataset } = parent;
    const counts = this.lint.report(dataset)?.counts;
    const byRule = new Map<string, Problem[]>();
    for (const problem of parent.problems) byRule.set(problem.rule, [...(byRule.get(problem.rule) ?? []), problem]);
    const nodes = [...byRule].map(([rule, problems]): RuleNode => ({ kind: 'rule', dataset, parent, rule, problems, count: Math.max(problems.length, counts?.get(rule as RuleId)?.count ?? 0) }));
    const worst = ({ problems }: RuleNode): number => Math.min(...problems.map(problem => rank(problem.severity)));
    return nodes.sort((a, b) => worst(a) - worst(b) || b.count - a.count);
  }

  private async rowsOf(parent: GroupNode | RangeNode): Promise<DatasetNode[]> {
    const { dataset, group, rows } = parent;
    const base = parent.kind === 'range' ? parent.from : 0;
    if (rows.length > pageLength) return partsOf(rows).map(part => ({ kind: 'range', dataset, parent, group, rows: part.rows, from: base + part.from }));
    const { records } = this.facts.get(dataset);
    const file = await DatasetFile.open(dataset.file);
    try {
      const nodes: DatasetNode[] = [];
      for (const rowNumber of rows) {
        const [at] = await file.readRows(rowNumber, rowNumber + 1);
        if (!at) break; // the file has become shorter; the watcher brings a new tree
        const { row } = parseRow(at.text, dataset.config.columns);
        nodes.push({ kind: 'sample', dataset, parent, group, rowNumber, line: at.line, row, record: row && records.get(row.qid) });
      }
      return nodes;
    } finally {
      await file.close();
    }
  }
}

function rootOf(dataset: ProjectDataset): DatasetRoot {
  return { kind: 'dataset', dataset, datasetId: dataset.config.id, parent: undefined };
}
