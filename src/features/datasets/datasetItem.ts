import * as vscode from 'vscode';
import { passRate } from '../../core/dataset/difficulty';
import { ruleAddress } from '../../core/lint/ruleDocs';
import { type RuleId, rules } from '../../core/lint/rules';
import { everyRow, type RowQuery } from '../../core/query/rowQuery';
import { queryOfView } from '../../core/query/savedView';
import { datasetEditorType } from '../../contributions';
import type { RowGroup } from '../../platform/dataset/groupRows';
import { type DatasetFacts, keyOf } from './datasetFacts';
import { type DatasetNode, type GroupNode, groupNames, type ProblemNode, type RangeNode, type RuleNode, type SampleNode, type ViewNode } from './datasetNode';

const { None, Collapsed } = vscode.TreeItemCollapsibleState;

const groupIcons: Readonly<Record<RowGroup, vscode.ThemeIcon>> = {
  easy: new vscode.ThemeIcon('circle-filled', new vscode.ThemeColor('charts.green')),
  medium: new vscode.ThemeIcon('color-mode', new vscode.ThemeColor('charts.yellow')), // half full: some responses are right
  hard: new vscode.ThemeIcon('circle-outline', new vscode.ThemeColor('charts.red')),
  unsampled: new vscode.ThemeIcon('circle-slash'),
  unreadable: new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')),
};

const groupHints: Readonly<Record<RowGroup, string>> = {
  easy: 'All responses of the warm policy were right. The perception stage trains on these.',
  medium: 'Some responses of the warm policy were right. The reasoning stage trains on these: their groups carry a signal.',
  hard: 'No response of the warm policy was right. They go back to the warm-up.',
  unsampled: 'The policy has not answered these yet. Training samples them before the first RL stage.',
  unreadable: 'These lines are no rows. Open one to see why.',
};

/** The stable id of a node; a tree that keeps its ids keeps what is unfolded over a refresh. */
export function nodeId(node: DatasetNode): string {
  const dataset = keyOf(node.dataset);
  switch (node.kind) {
    case 'dataset': return dataset;
    case 'group': return `${dataset}/${node.group}`;
    case 'range': return `${dataset}/${node.group}/${node.from}+${node.rows.length > 10000 ? 'm' : node.rows.length > 100 ? 'l' : 's'}`;
    case 'sample': return `${dataset}/${node.group}/row ${node.rowNumber}`;
    case 'problems': return `${dataset}/problems`;
    case 'rule': return `${dataset}/rule ${node.rule}`;
    case 'problem': return `${dataset}/${node.problem.rule} ${node.index}`;
    case 'tags': return `${dataset}/tags`;
    case 'tag': return `${dataset}/tag ${node.tag}`;
    case 'views': return `${dataset}/views`;
    case 'view': return `${dataset}/view ${node.name}`;
    case 'heldOut': return `${dataset}/held out`;
    case 'message': return `${dataset}/message`;
  }
}

/** How a node looks; tooltips of samples are made when asked for. While a dataset is labeled blindly nothing tells of its labels. */
export function itemOf(node: DatasetNode, facts: DatasetFacts, isBlind: boolean): vscode.TreeItem {
  const item = bareItem(node, facts, isBlind);
  item.id = nodeId(node);
  item.contextValue = node.kind;
  return item;
}

function bareItem(node: DatasetNode, facts: DatasetFacts, isBlind: boolean): vscode.TreeItem {
  switch (node.kind) {
    case 'dataset': {
      const item = new vscode.TreeItem(node.dataset.config.id, Collapsed);
      item.iconPath = new vscode.ThemeIcon(facts.failure === undefined ? 'database' : 'error');
      item.description = facts.failure !== undefined ? 'cannot be read' : facts.grouped ? count(facts.grouped.rowCount) : 'counting…';
      item.tooltip = facts.failure ?? `${node.dataset.file}\nImages in ${node.dataset.imageRoot}, boxes in the frame "${node.dataset.config.boxFrame}"`;
      return item;
    }
    case 'group': return groupItem(node);
    case 'range': return rangeItem(node);
    case 'sample': return sampleItem(node, isBlind);
    case 'problems': {
      const item = new vscode.TreeItem('Problems', Collapsed);
      item.description = count(node.count);
      item.iconPath = new vscode.ThemeIcon('warning', new vscode.ThemeColor('list.warningForeground'));
      return item;
    }
    case 'rule': return ruleItem(node);
    case 'problem': return problemItem(node);
    case 'tags': {
      const item = new vscode.TreeItem('Tags', Collapsed);
      item.iconPath = new vscode.ThemeIcon('tag');
      return item;
    }
    case 'tag': {
      const item = new vscode.TreeItem(node.tag, None);
      item.description = count(node.count);
      item.iconPath = new vscode.ThemeIcon('tag');
      item.command = openCommand(node.dataset.config.id, { ...everyRow, text: node.query });
      return item;
    }
    case 'views': {
      const item = new vscode.TreeItem('Views', Collapsed);
      item.description = count(node.views.length);
      item.iconPath = new vscode.ThemeIcon('filter');
      return item;
    }
    case 'view': return viewItem(node);
    case 'heldOut': {
      const item = new vscode.TreeItem('Held out', None);
      item.iconPath = new vscode.ThemeIcon('lock-small');
      item.description = node.dataset.config.heldOut ?? '';
      item.tooltip = `${node.file}\nRows that no stage trains on; evaluation uses them.`;
      item.command = { command: 'vscode.openWith', title: 'Open', arguments: [vscode.Uri.file(node.file), datasetEditorType] };
      return item;
    }
    case 'message': {
      const item = new vscode.TreeItem(node.text, None);
      item.iconPath = new vscode.ThemeIcon('info');
      item.tooltip = node.text;
      item.command = { command: 'vscode.open', title: 'Open pebr.json', arguments: [vscode.Uri.file(node.dataset.project.file)] };
      return item;
    }
  }
}

function groupItem(node: GroupNode): vscode.TreeItem {
  const item = new vscode.TreeItem(groupNames[node.group], node.rows.length > 0 ? Collapsed : None);
  item.description = count(node.rows.length);
  item.iconPath = groupIcons[node.group];
  item.tooltip = groupHints[node.group];
  return item;
}

function rangeItem(node: RangeNode): vscode.TreeItem {
  const item = new vscode.TreeItem(`${count(node.from + 1)} – ${count(node.from + node.rows.length)}`, Collapsed);
  item.iconPath = new vscode.ThemeIcon('list-unordered');
  return item;
}

function sampleItem(node: SampleNode, isBlind: boolean): vscode.TreeItem {
  const item = new vscode.TreeItem(node.row?.qid || `line ${count(node.line)}`, None);
  const question = node.row?.problem.replaceAll('<image>', '').replace(/\s+/g, ' ').trim().slice(0, 80) ?? 'cannot be read';
  item.description = [!isBlind && node.record && passRate(node.record), question].filter(Boolean).join('  ');
  item.iconPath = new vscode.ThemeIcon(node.row ? 'file-media' : 'error');
  item.command = {
    command: 'pebr.sample.open', title: 'Open Sample',
    arguments: [{ dataset: node.dataset.config.id, qid: node.row?.qid ?? '', file: node.dataset.file, line: node.line }],
  };
  return item;
}

function ruleItem({ rule, problems, count: total }: RuleNode): vscode.TreeItem {
  const known = Object.hasOwn(rules, rule) ? rules[rule as RuleId] : undefined;
  const item = new vscode.TreeItem(known?.title.replaceAll('`', '') ?? rule, Collapsed);
  item.description = total > problems.length ? `${count(total)}, the first ${count(problems.length)} listed` : count(total);
  const severity = (['error', 'warning', 'info'] as const).find(each => problems.some(problem => problem.severity === each)) ?? 'info';
  item.iconPath = new vscode.ThemeIcon(severity, new vscode.ThemeColor(severity === 'error' ? 'list.errorForeground' : 'list.warningForeground'));
  item.tooltip = new vscode.MarkdownString(`${known?.why ?? ''}\n\n[${rule}](${ruleAddress(rule)})`);
  return item;
}

function problemItem({ dataset, problem }: ProblemNode): vscode.TreeItem {
  const place = problem.qid ?? (problem.line === undefined ? undefined : `line ${count(problem.line)}`);
  const item = new vscode.TreeItem(place ?? problem.message, None);
  if (place !== undefined) item.description = problem.message;
  item.iconPath = new vscode.ThemeIcon(problem.severity, new vscode.ThemeColor(problem.severity === 'error' ? 'list.errorForeground' : 'list.warningForeground'));
  item.tooltip = `${problem.message}\n${problem.remedy}\n\n${problem.file}${problem.line === undefined ? '' : `, line ${problem.line}`} (${problem.rule})`;
  item.command =
    problem.line === undefined
      ? { command: 'vscode.open', title: 'Open', arguments: [vscode.Uri.file(dataset.project.file)] }
      : { command: 'pebr.sample.open', title: 'Open Sample', arguments: [{ dataset: dataset.config.id, qid: problem.qid ?? '', file: problem.file, line: problem.line }] };
  return item;
}

function viewItem({ view }: ViewNode): vscode.TreeItem {
  const item = new vscode.TreeItem(view.name, None);
  item.description = view.query;
  item.iconPath = new vscode.ThemeIcon('filter');
  item.tooltip = [view.query || 'every row', view.sort.length > 0 && `sorted by ${view.sort.join(', ')}`, view.groupBy !== null && `grouped by ${view.groupBy}`].filter(Boolean).join('\n');
  item.command = openCommand(view.dataset, queryOfView(view));
  return item;
}

function openCommand(datasetId: string, query: RowQuery): vscode.Command {
  return { command: 'pebr.dataset.open', title: 'Open', arguments: [{ datasetId, query }] };
}

function count(value: number): string {
  return value.toLocaleString('en');
}
