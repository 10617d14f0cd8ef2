import { type Node, parseTree, type ParseError, printParseErrorCode } from 'jsonc-parser';
import * as v from 'valibot';
import type { Problem } from '../problem';
import type { Project } from './project';
import { projectSchema } from './projectSchema';

export interface ParsedProject {
  /** Absent while the file cannot be used. */
  readonly project: Project | undefined;
  readonly problems: readonly Problem[];
}

/** Reads `pebr.json`: JSON with comments, defaults filled in, every wrong key or value a problem at its line. */
export function parseProject(text: string, file: string): ParsedProject {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  if (errors.length > 0 || !tree) {
    const problems = errors.map(error =>
      problemAt(text, file, error.offset, 'project/syntax', `${printParseErrorCode(error.error)} in JSON.`, 'Correct the syntax at this place.'),
    );
    return { project: undefined, problems: problems.length > 0 ? problems : [problemAt(text, file, 0, 'project/syntax', 'The file is empty.', 'Write {"name": …, "datasets": […]}.')] };
  }
  const parsed = v.safeParse(projectSchema, valueOf(tree));
  if (!parsed.success) return { project: undefined, problems: parsed.issues.map(issue => problemOfIssue(text, file, tree, issue)) };
  const problems = crossChecks(parsed.output, text, file, tree);
  return { project: problems.some(problem => problem.severity === 'error') ? undefined : parsed.output, problems };
}

/** A key that would reach an object's prototype gets a name of its own, and so falls into the schema's "unknown key" net. */
function safeKey(node: Node | undefined): string {
  const key = String(node?.value);
  return key === '__proto__' ? '__proto__ (reserved)' : key;
}

/** The JSON value of a syntax tree. */
function valueOf(node: Node): unknown {
  switch (node.type) {
    case 'object': {
      const entries = (node.children ?? []).map(property => [safeKey(property.children?.[0]), property.children?.[1]] as const);
      return Object.fromEntries(entries.map(([key, child]) => [key, child ? valueOf(child) : null]));
    }
    case 'array':
      return (node.children ?? []).map(valueOf);
    default:
      return node.value;
  }
}

function problemOfIssue(text: string, file: string, tree: Node, issue: v.BaseIssue<unknown>): Problem {
  const keys = (issue.path ?? []).map(item => item.key as string | number);
  const where = keys.length > 0 ? keys.join('.').replace(/\.(\d+)/g, '[$1]') : 'pebr.json';
  const isUnknownKey = issue.type === 'strict_object' && issue.expected === 'never';
  const isMissing = issue.type !== 'strict_object' ? issue.received === 'undefined' : issue.received === 'undefined' && issue.expected !== 'never';
  const message = isUnknownKey ? `Unknown key "${where}".` : isMissing ? `"${where}" is missing.` : `"${where}": ${issue.message}`;
  const remedy = isUnknownKey ? 'Remove it or correct its spelling; completion lists the keys.' : 'See docs/FORMATS.md, or use completion in the editor.';
  return problemAt(text, file, deepestNode(tree, keys).offset, 'project/schema', message, remedy);
}

/** The node of the longest part of `keys` that exists, so that a missing key is shown at its parent. */
function deepestNode(tree: Node, keys: readonly (string | number)[]): Node {
  let node = tree;
  for (const key of keys) {
    const next =
      typeof key === 'number'
        ? node.children?.[key]
        : node.children?.find(property => safeKey(property.children?.[0]) === key);
    if (!next) return node;
    node = typeof key === 'number' ? next : (next.children?.[1] ?? next);
    if (typeof key === 'string' && key === keys[keys.length - 1]) return next;
  }
  return node;
}

function crossChecks(project: Project, text: string, file: string, tree: Node): readonly Problem[] {
  const ids = project.datasets.map(dataset => dataset.id);
  const problems: Problem[] = [];
  const report = (keys: readonly (string | number)[], message: string, remedy: string, severity: Problem['severity'] = 'error'): void => {
    problems.push({ ...problemAt(text, file, deepestNode(tree, keys).offset, 'project/reference', message, remedy), severity });
  };
  project.datasets.forEach((dataset, index) => {
    if (ids.indexOf(dataset.id) !== index) report(['datasets', index, 'id'], `Two datasets have the id "${dataset.id}".`, 'Give each dataset its own id.');
  });
  const known = ids.length > 0 ? `Known datasets: ${ids.join(', ')}.` : 'Add the dataset under "datasets".';
  project.pipeline.stages.forEach((stage, index) => {
    const at = ['pipeline', 'stages', index];
    if (project.pipeline.stages.findIndex(({ name }) => name === stage.name) !== index) report([...at, 'name'], `Two stages are called "${stage.name}".`, 'Give each its own name: it names the files of the stage.');
    if (!ids.includes(stage.dataset)) report([...at, 'dataset'], `Stage "${stage.name}" names the dataset "${stage.dataset}", which does not exist.`, known);
    if (stage.replay && !ids.includes(stage.replay.dataset)) report([...at, 'replay', 'dataset'], `The replay of stage "${stage.name}" names the dataset "${stage.replay.dataset}", which does not exist.`, known);
    if (stage.responses < 2) report([...at, 'responses'], `Stage "${stage.name}" has ${stage.responses} response a sample: a group of one has no advantage.`, 'Use 2 or more; the paper uses 8.');
  });
  project.views.forEach((view, index) => {
    if (!ids.includes(view.dataset)) report(['views', index, 'dataset'], `The view "${view.name}" names the dataset "${view.dataset}", which does not exist.`, known, 'warning');
    const isRepeated = project.views.findIndex(({ name, dataset }) => name === view.name && dataset === view.dataset) !== index;
    if (isRepeated) report(['views', index, 'name'], `Two views of "${view.dataset}" are called "${view.name}".`, 'Give each its own name; only the first one is shown.', 'warning');
  });
  return problems;
}

function problemAt(text: string, file: string, offset: number, rule: string, message: string, remedy: string): Problem {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { severity: 'error', rule, file, line, column: offset - (before.lastIndexOf('\n') + 1) + 1, message, remedy };
}
