import { parseSortKey, printSortKey } from '../query/savedView';
import type { SortKey } from '../query/rowQuery';

/** What a link to rollouts says. A run is named, never a place on a disk: whoever opens the link looks among the runs of their own folders. */
export interface RolloutLink {
  /** Name of the run's folder. */
  readonly run: string;
  readonly stage?: string;
  readonly group?: string;
  /** Place of a response in the group, from 0. */
  readonly index?: number;
  /** The question, and its order. */
  readonly filter?: string;
  readonly sort?: readonly SortKey[];
}

const linkPath = '/rollouts';
/** Characters of a part that is still read. */
const longest = 4000;

/** `vscode://pebr-studio.pebr-studio/rollouts?run=…`. Values are encoded twice: VS Code hands the query over decoded, and an `&` in a value would end it. */
export function printRolloutLink(scheme: string, extensionId: string, { run, stage, group, index, filter, sort = [] }: RolloutLink): string {
  const parts = Object.entries({ run, stage, group, index, filter: filter || undefined, sort: sort.map(printSortKey).join('\n') || undefined });
  const query = parts.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(encodeURIComponent(String(value)))}`])).join('&');
  return `${scheme}://${extensionId}${linkPath}?${query}`;
}

/** The other way round; undefined for a path that is none of ours, or where no run is named. `query` as VS Code hands it over, decoded once. */
export function parseRolloutLink(path: string, query: string): RolloutLink | undefined {
  if (path !== linkPath) return undefined;
  const parts = new Map(query.split('&').flatMap(part => {
    const at = part.indexOf('=');
    const value = at < 0 ? '' : decoded(part.slice(at + 1));
    return value === '' || value.length > longest ? [] : [[part.slice(0, at), value] as const];
  }));
  const run = parts.get('run');
  if (run === undefined) return undefined;
  const [stage, group, filter, sort] = ['stage', 'group', 'filter', 'sort'].map(name => parts.get(name));
  const index = /^\d{1,6}$/.test(parts.get('index') ?? '') ? Number(parts.get('index')) : undefined;
  return {
    run, ...(stage !== undefined && { stage }), ...(group !== undefined && { group }), ...(index !== undefined && { index }), ...(filter !== undefined && { filter }),
    ...(sort !== undefined && { sort: sort.split('\n').filter(Boolean).map(parseSortKey) }),
  };
}

/** A link that somebody wrote by hand may be encoded once only, with a bare `%` in it. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
