import { numberOf, textOf } from '../../parsedLine';
import type { TokenLog } from '../rollout';

/** Tools whose files of rollouts are read. */
export type RolloutFormat = 'pebr-results' | 'trl' | 'verl' | 'easyr1' | 'ms-swift';

/** A response as another tool wrote it; what its file does not say is undefined. */
export interface ForeignRollout {
  readonly step?: number;
  readonly prompt?: string;
  readonly response: string;
  /** Rollouts of one sample in one step share it; where it is missing those of one prompt in one step are a group. */
  readonly group?: string;
  readonly sampleId?: string;
  readonly gold?: string;
  readonly components: Readonly<Record<string, number | null>>;
  readonly overall: number | null;
  readonly advantage?: number | null;
  readonly tokenLog?: TokenLog;
}

/** Numbers of a record that are none of its known fields: the parts of its reward. `null` (not applicable, or NaN) stays. */
export function componentsBeside(record: Readonly<Record<string, unknown>>, known: readonly string[]): Record<string, number | null> {
  const components: Record<string, number | null> = {};
  for (const [name, value] of Object.entries(record)) {
    if (known.includes(name) || name === '__proto__' || name.length > 200) continue;
    if (value === null || typeof value === 'number') components[name] = numberOf(value) ?? null;
    else if (typeof value === 'boolean') components[name] = value ? 1 : 0;
  }
  return components;
}

/** The sum of what applies; null where nothing does. The files of TRL and ms-swift have neither the overall nor the weights. */
export function sumOf(components: Readonly<Record<string, number | null>>): number | null {
  const values = Object.values(components).filter(value => value !== null);
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

/** A text, or the texts of a chat: its turns one after the other, and `<image>` for an image. */
export function textOfChat(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  return value.map(turn => contentOf((turn as { readonly content?: unknown } | null)?.content)).join('\n');
}

function contentOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content.map(part => {
    const { type, text } = (part ?? {}) as { readonly type?: unknown; readonly text?: unknown };
    return type === 'image' ? '<image>' : (textOf(text) ?? '');
  }).join('');
}

/** A step, as a number or as digits. */
export function stepOf(value: unknown): number | undefined {
  return numberOf(value) ?? (typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : undefined);
}
