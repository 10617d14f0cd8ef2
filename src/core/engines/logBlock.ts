import { pythonNumber } from './pythonNumber';
import type { LogDialect } from './metricNames';

/** Metrics of one step that EasyR1 prints as a tree: `Step 3`, then `actor:`, `  pg_loss: 0.01`, … */
export interface LogBlock {
  readonly step: number;
  /** Names of the branch under way with the indentation of each. */
  readonly path: readonly { readonly name: string; readonly indent: number }[];
  readonly metrics: readonly (readonly [string, number])[];
}

const most = 2000;

/** A block that begins with this line. */
export function startsBlock(text: string, dialect: LogDialect): LogBlock | undefined {
  const step = dialect === 'easyr1' ? /^Step (\d{1,9})\s*$/.exec(text)?.[1] : undefined;
  return step === undefined ? undefined : { step: Number(step), path: [], metrics: [] };
}

/** The block with one more line, or undefined where the line is not part of it. */
export function extendBlock(block: LogBlock, text: string): LogBlock | undefined {
  const match = /^( *)([\w./@+-]+):(?: (\S.*))?\s*$/.exec(text);
  if (!match || block.metrics.length >= most) return undefined;
  const [, blanks = '', name = '', value] = match;
  const path = block.path.filter(({ indent }) => indent < blanks.length);
  if (blanks.length > 0 && path.length === 0) return undefined;
  if (value === undefined) return { ...block, path: [...path, { name, indent: blanks.length }] };
  const number = pythonNumber(value);
  if (number === undefined) return undefined;
  return { ...block, path, metrics: [...block.metrics, [[...path.map(each => each.name), name].join('/'), number]] };
}

export function metricsOfBlock(block: LogBlock): readonly (readonly [string, number])[] {
  return block.metrics;
}
