import { parseJsonObject } from '../parsedLine';
import type { LogDialect } from './metricNames';
import { pythonNumber } from './pythonNumber';

/** Metrics that stand in one line. */
export interface LoggedStep {
  /** Undefined where the line does not say which step it is. */
  readonly step: number | undefined;
  readonly metrics: readonly (readonly [string, number])[];
  /** What was measured after the last step, in a line of its own. */
  readonly isEvaluation?: boolean;
}

/** A line of a file of metrics (JSON), verl's `step:3 - key:value - …`, or the dictionary that a Hugging Face trainer prints. */
export function stepOfLine(text: string, dialect: LogDialect): LoggedStep | undefined {
  const line = text.trim();
  return line.startsWith('{') ? jsonStep(line) ?? dictionaryStep(line) : dialect === 'trl' ? undefined : dashedStep(line);
}

/** Steps done as tqdm shows them: ` 12%|█▏  | 3/25 [00:10<01:12, …`. */
export function progressOfLine(text: string): number | undefined {
  const match = /\d{1,3}%\|[^|]*\| (\d{1,9})\/(\d{1,9}) \[/.exec(text.slice(0, 1000));
  return match ? Number(match[1]) : undefined;
}

/** `{"step": 3, "data": {…}}` (verl), `{"step": 3, "actor": {"pg_loss": …}}` (EasyR1), `{"step": 3, "loss": …}` (a Hugging Face trainer's history). */
function jsonStep(line: string): LoggedStep | undefined {
  const object = parseJsonObject(line).value;
  if (!object) return undefined;
  const { step, data, ...rest } = object;
  const metrics = flattened(typeof data === 'object' && data !== null ? data : rest, '', 0);
  return metrics.length === 0 || (step !== undefined && !isStep(step)) ? undefined : { step, metrics };
}

function isStep(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function flattened(value: object, prefix: string, depth: number): [string, number][] {
  if (depth > 6) return [];
  return Object.entries(value).flatMap(([name, entry]: [string, unknown]): [string, number][] => {
    if (typeof entry === 'number' || entry === null) return [[prefix + name, entry ?? Number.NaN]]; // bare NaN, which Python writes, is read as null
    return typeof entry === 'object' && entry !== null && !Array.isArray(entry) ? flattened(entry, `${prefix}${name}/`, depth + 1) : [];
  });
}

/** A number may be negative or in scientific notation, and a name may hold blanks; ` - ` only separates where a `name:` follows. */
function dashedStep(line: string): LoggedStep | undefined {
  const start = /(?:^|\s)step:(\d{1,9})(?= - |$)/.exec(line);
  if (!start) return undefined;
  const metrics = line.slice(start.index + start[0].length).split(' - ').flatMap((part): [string, number][] => {
    const at = part.lastIndexOf(':');
    const number = at < 1 ? undefined : pythonNumber(part.slice(at + 1));
    return number === undefined ? [] : [[part.slice(0, at).trim(), number]];
  });
  return metrics.length === 0 ? undefined : { step: Number(start[1]), metrics };
}

/** `{'loss': '0.0123', 'kl': nan}`: keys are quoted, values are numbers as Python prints them, quoted or not. */
function dictionaryStep(line: string): LoggedStep | undefined {
  if (!line.endsWith('}')) return undefined;
  const metrics: [string, number][] = [];
  for (const [, key = '', value = ''] of line.matchAll(/(?:\{|, )['"]([^'"]{1,200})['"]: ('[^']*'|"[^"]*"|[^,{}()]+(?:\([^()]*\))?)/g)) {
    const number = pythonNumber(value);
    if (number !== undefined) metrics.push([key, number]);
  }
  const isStep = metrics.some(([name]) => ['loss', 'reward', 'grad_norm', 'learning_rate'].includes(name));
  return isStep || metrics.some(([name]) => /^eval_(?!runtime)/.test(name)) ? { step: undefined, metrics, isEvaluation: !isStep } : undefined;
}
