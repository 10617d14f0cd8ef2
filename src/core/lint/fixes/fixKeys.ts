import { type Node, parseTree } from 'jsonc-parser';
import type { RowFix } from './fixOf';

/** Of two properties with one name the last is the one that is read. */
export const dropEarlierKeys: RowFix = text => dropProperties(text, (key, index, keys) => keys.indexOf(key, index + 1) !== -1);

export const dropPrototypeKey: RowFix = text => dropProperties(text, key => key === '__proto__');

export const nullNonFinite: RowFix = text => text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, found => (found.startsWith('"') ? found : 'null'));

function dropProperties(text: string, isDropped: (key: string, index: number, keys: readonly string[]) => boolean): string {
  const properties = parseTree(text)?.children ?? [];
  const keys = properties.map(property => String(property.children?.[0]?.value));
  const kept = properties.filter((_, index) => !isDropped(keys[index] ?? '', index, keys));
  if (kept.length === properties.length) return text;
  return properties.reduceRight((now, property, index) => (kept.includes(property) ? now : without(now, property, properties[index + 1], properties[index - 1])), text);
}

/** Takes a property out with the comma that belongs to it; `next` and `previous` are still as they were parsed. */
function without(text: string, { offset, length }: Node, next: Node | undefined, previous: Node | undefined): string {
  if (next) return text.slice(0, offset) + text.slice(offset + length).replace(/^\s*,\s*/, '');
  const start = previous ? previous.offset + previous.length : offset;
  return text.slice(0, start) + text.slice(offset + length);
}
