import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';

/** The text of a `pebr.json` with one more reward under "rewards"; every comment stays where it is. A reward that is listed already changes nothing. */
export function listReward(text: string, name: string): string {
  const root = parseTree(text);
  if (root?.type !== 'object') return text;
  const list = findNodeAtLocation(root, ['rewards']);
  const entry = JSON.stringify(name);
  if (!list) return addLast(text, root, `"rewards": [${entry}]`);
  if (list.type !== 'array') return splice(text, list.offset, list.length, `[${entry}]`); // null
  return list.children?.some(node => node.value === name) ? text : addLast(text, list, entry);
}

/** Adds an entry behind the last one, on a line of its own where the last one has one. */
function addLast(text: string, container: Node, entry: string): string {
  const last = container.children?.at(-1);
  if (!last) return splice(text, container.offset + 1, 0, entry);
  const end = last.offset + last.length;
  const lineEnd = end + text.slice(end).search(/\r?\n|$/);
  if (lineEnd >= container.offset + container.length) return splice(text, end, 0, `, ${entry}`);
  const behind = text.slice(end, lineEnd); // a comma, a comment
  const indent = /[^\S\r\n]*$/.exec(text.slice(0, last.offset))?.[0] ?? '';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return `${text.slice(0, end)}${/^\s*,/.test(behind) ? '' : ','}${behind}${eol}${indent}${entry}${text.slice(lineEnd)}`;
}

function splice(text: string, offset: number, length: number, inserted: string): string {
  return text.slice(0, offset) + inserted + text.slice(offset + length);
}
