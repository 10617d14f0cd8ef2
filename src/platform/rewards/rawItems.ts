import type { ScoreItem } from '../../core/rewards/score';
import { WorkerFailure } from './protocol';

/** The items of a request as they came, in JSON: what only passes them on need not read them. */
export class RawItems {
  private read: readonly ScoreItem[] | undefined;

  constructor(readonly json: string) {}

  /** Throws where the text is no list. */
  get items(): readonly ScoreItem[] {
    this.read ??= parsed(this.json);
    return this.read;
  }

  pick(indexes: readonly number[]): RawItems {
    return new RawItems(JSON.stringify(indexes.map(index => this.items[index])));
  }
}

function parsed(json: string): readonly ScoreItem[] {
  try {
    const items: unknown = JSON.parse(json);
    if (Array.isArray(items)) return items as readonly ScoreItem[];
  } catch {
    // told below
  }
  throw new WorkerFailure({ message: 'The items of the request are no list in JSON.' });
}

const key = '"items":';

/** A request without its items, and they as text; undefined where the line is built otherwise and has to be read as a whole. */
export function splitItems(line: string): { readonly request: unknown; readonly items: RawItems } | undefined {
  const at = line.indexOf(key);
  const end = line.lastIndexOf(']');
  if (at === -1 || end < at) return undefined;
  try {
    return { request: JSON.parse(`${line.slice(0, at + key.length)}null${line.slice(end + 1)}`), items: new RawItems(line.slice(at + key.length, end + 1)) };
  } catch {
    return undefined;
  }
}
