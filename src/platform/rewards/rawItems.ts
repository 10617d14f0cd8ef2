import type { ScoreItem } from '../../core/rewards/score';
import { WorkerFailure } from './protocol';

/** The items of a request as they came, in bytes of JSON and of the texts after it: what only passes them on neither decodes nor reads them. */
export class RawItems {
  private read: readonly ScoreItem[] | undefined;

  /** `following`: the responses, where they stand as numbers of bytes in the JSON. */
  constructor(
    readonly json: Buffer,
    private readonly following?: readonly Buffer[],
  ) {}

  static of(items: unknown, texts?: readonly Buffer[]): RawItems {
    return new RawItems(Buffer.from(JSON.stringify(items) ?? ''), texts);
  }

  get texts(): readonly Buffer[] {
    return this.following ?? [];
  }

  /** Throws where they are no list. */
  get items(): readonly ScoreItem[] {
    this.read ??= itemsIn(this.json.toString('utf8'), Buffer.concat(this.texts));
    if (!this.read) throw new WorkerFailure({ message: 'The items of the request are no list in JSON, or not as long as their texts.' });
    return this.read;
  }

  /** All of it in JSON. */
  get text(): string {
    return this.following ? JSON.stringify(this.items) : this.json.toString('utf8');
  }

  pick(indexes: readonly number[]): RawItems {
    return RawItems.of(indexes.map(index => this.items[index]));
  }
}

/** A list in JSON with the responses that stand after it; undefined where it is no list, or another number of bytes is there. */
export function itemsIn(json: string, texts: Buffer): readonly ScoreItem[] | undefined {
  let items: unknown;
  try {
    items = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!Array.isArray(items)) return undefined;
  let at = 0;
  for (const item of items as ({ response?: unknown } | null)[]) {
    if (typeof item?.response === 'number') item.response = texts.toString('utf8', at, (at += item.response));
  }
  return at === texts.length ? (items as readonly ScoreItem[]) : undefined;
}

const key = '"items":';

/** A request without its items, and they as bytes; undefined where the line is built otherwise and has to be read as a whole. */
export function splitItems(line: Buffer): { readonly request: unknown; readonly items: Buffer } | undefined {
  const at = line.indexOf(key);
  const end = line.lastIndexOf(']');
  if (at === -1 || end < at) return undefined;
  const from = at + key.length;
  try {
    return { request: JSON.parse(`${line.toString('utf8', 0, from)}null${line.toString('utf8', end + 1)}`), items: line.subarray(from, end + 1) };
  } catch {
    return undefined;
  }
}
