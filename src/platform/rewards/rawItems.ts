import type { ScoreItem } from '../../core/rewards/score';
import { WorkerFailure } from './protocol';

/** The items of a request as they came, in bytes of JSON: what only passes them on neither decodes nor reads them. */
export class RawItems {
  private read: readonly ScoreItem[] | undefined;

  constructor(readonly bytes: Buffer) {}

  static of(items: unknown): RawItems {
    return new RawItems(Buffer.from(JSON.stringify(items) ?? ''));
  }

  get json(): string {
    return this.bytes.toString('utf8');
  }

  /** Throws where the text is no list. */
  get items(): readonly ScoreItem[] {
    this.read ??= parsed(this.json);
    return this.read;
  }

  pick(indexes: readonly number[]): RawItems {
    return RawItems.of(indexes.map(index => this.items[index]));
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

/** A request without its items, and they as bytes; undefined where the line is built otherwise and has to be read as a whole. */
export function splitItems(line: Buffer): { readonly request: unknown; readonly items: RawItems } | undefined {
  const at = line.indexOf(key);
  const end = line.lastIndexOf(']');
  if (at === -1 || end < at) return undefined;
  const from = at + key.length;
  try {
    return { request: JSON.parse(`${line.toString('utf8', 0, from)}null${line.toString('utf8', end + 1)}`), items: new RawItems(line.subarray(from, end + 1)) };
  } catch {
    return undefined;
  }
}
