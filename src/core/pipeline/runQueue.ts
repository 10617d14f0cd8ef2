import { type JsonObject, textOf } from '../parsedLine';
import { type StageOrder, stageOrders } from '../engines/trl';

export type QueueStatus = 'waiting' | 'running' | 'completed' | 'stopped' | 'failed';

/** One run of a queue. */
export interface QueuedRun {
  readonly id: string;
  readonly title: string;
  readonly order: StageOrder;
  readonly overrides: Readonly<Record<string, unknown>>;
  readonly status: QueueStatus;
  /** Name of its folder under `.pebr/runs`; null before it starts. */
  readonly run: string | null;
  /** Why it failed. */
  readonly message?: string;
}

/** `.pebr/queue.json`: runs that are done one after the other by a process of their own. */
export interface RunQueue {
  readonly v: 1;
  readonly runs: readonly QueuedRun[];
}

const statuses: readonly QueueStatus[] = ['waiting', 'running', 'completed', 'stopped', 'failed'];

/** Undefined where the text is no queue. */
export function parseRunQueue(text: string): RunQueue | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined; // half written, or not ours; whoever asked says so
  }
  const runs = isObject(json) && Array.isArray(json.runs) ? json.runs.map(queuedRun) : undefined;
  return runs?.every(run => run !== undefined) ? { v: 1, runs: runs.filter(run => run !== undefined) } : undefined;
}

function queuedRun(value: unknown): QueuedRun | undefined {
  if (!isObject(value)) return undefined;
  const [id, title] = [textOf(value.id), textOf(value.title)];
  const order = stageOrders.find(known => known === value.order);
  const status = statuses.find(known => known === value.status);
  const run = textOf(value.run) ?? null;
  if (id === undefined || title === undefined || !order || !status || !isObject(value.overrides) || (run !== null && !/^[\w.-]+$/.test(run))) return undefined;
  const message = textOf(value.message);
  return { id, title, order, status, run, overrides: value.overrides, ...(message === undefined ? {} : { message }) };
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
