import { applyEdits, findNodeAtLocation, modify, type Node, parseTree } from 'jsonc-parser';
import type { SavedView } from '../query/savedView';

/** The text of `pebr.json` with a view added, or put in the place of the dataset's view of that name; every other byte stays, comments included. */
export function withView(text: string, view: SavedView): string {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const list = root && findNodeAtLocation(root, ['views']);
  const known = findView(list, view.dataset, view.name);
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  ';
  if (known) return splice(text, known.offset, known.length, printView(view));
  const last = list?.children?.at(-1);
  if (last) return insertAfter(text, last, `${end}${indent}${indent}${printView(view)}`);
  const lines = `[${end}${indent}${indent}${printView(view)}${end}${indent}]`;
  if (list) return splice(text, list.offset, list.length, lines);
  const property = root?.children?.at(-1);
  return property ? insertAfter(text, property, `${end}${indent}"views": ${lines}`) : text;
}

/** The text without a view; the text itself where there is none of that name. */
export function withoutView(text: string, dataset: string, name: string): string {
  const index = indexOfView(viewsIn(text), dataset, name);
  return index === -1 ? text : applyEdits(text, modify(text, ['views', index], undefined, {}));
}

/** The text with a view under another name. */
export function withViewRenamed(text: string, dataset: string, from: string, to: string): string {
  const index = indexOfView(viewsIn(text), dataset, from);
  return index === -1 ? text : applyEdits(text, modify(text, ['views', index, 'name'], to, {}));
}

function viewsIn(text: string): Node | undefined {
  const root = parseTree(text, [], { allowTrailingComma: true });
  return root && findNodeAtLocation(root, ['views']);
}

function findView(list: Node | undefined, dataset: string, name: string): Node | undefined {
  return list?.children?.[indexOfView(list, dataset, name)];
}

function indexOfView(list: Node | undefined, dataset: string, name: string): number {
  return (list?.children ?? []).findIndex(view => findNodeAtLocation(view, ['name'])?.value === name && findNodeAtLocation(view, ['dataset'])?.value === dataset);
}

/** One line; what has its default is left out. */
function printView({ name, dataset, query, sort, groupBy }: SavedView): string {
  const fields = { name, dataset, ...(query === '' ? {} : { query }), ...(sort.length === 0 ? {} : { sort }), ...(groupBy === null ? {} : { groupBy }) };
  return `{ ${Object.entries(fields).map(([key, value]) => `"${key}": ${JSON.stringify(value)}`).join(', ')} }`;
}

/** Puts a further entry behind `last`, after the comma and the comment that end its line. */
function insertAfter(text: string, last: Node, entry: string): string {
  const from = last.offset + last.length;
  const [rest = '', comma = '', comment] = /^(\s*,)?([ \t]*(?:\/\/[^\r\n]*|\/\*.*?\*\/[ \t]*)?(?=\r?\n))?/.exec(text.slice(from)) ?? [];
  return splice(text, from, rest.length, comment === undefined ? `,${entry}${comma === '' ? '' : ','}` : `,${comment}${entry}${comma === '' ? '' : ','}`);
}

function splice(text: string, offset: number, length: number, replacement: string): string {
  return text.slice(0, offset) + replacement + text.slice(offset + length);
}
