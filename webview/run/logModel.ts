import { signal } from '@preact/signals';
import { LogLevels, type ReadLine } from '../../src/core/runs/logLevel';
import type { LogChunk } from '../../src/protocol/run';

export interface LogLine extends ReadLine {
  /** Counts on, so that a line keeps its place in the list when older ones are dropped. */
  readonly id: number;
  readonly source: LogChunk['source'];
  /** The same cause was not told shortly before: a traceback repeats it. */
  readonly isNewCause: boolean;
}

/** Lines that are kept; what is older stands in the file. */
const maxLines = 5000;
/** A line that never ends must not fill the memory. */
const longestOpen = 64 * 1024;
const causeLines = 100;

export const logLines = signal<readonly LogLine[]>([]);
/** Whether earlier lines were passed over or dropped, by source. */
export const isShortened = signal<ReadonlySet<LogChunk['source']>>(new Set());

/** The half line at the end of each log, until its rest comes. */
const open = new Map<LogChunk['source'], string>();
const levels = { stdout: new LogLevels(), stderr: new LogLevels() };
const causeSeen = new Map<string, number>();
let count = 0;

export function takeLog(chunks: readonly LogChunk[]): void {
  const added: LogLine[] = [];
  const shortened = new Set(isShortened.value);
  for (const { source, text, skipped } of chunks) {
    if (skipped > 0) shortened.add(source);
    const lines = ((skipped > 0 ? '' : (open.get(source) ?? '')) + text).split('\n');
    open.set(source, (lines.pop() ?? '').slice(-longestOpen));
    for (const line of lines.slice(-maxLines)) {
      const shown = withoutProgress(line);
      if (shown !== '') added.push(lineOf(source, shown));
    }
  }
  if (added.length === 0 && shortened.size === isShortened.value.size) return;
  const all = [...logLines.value, ...added];
  for (const line of all.slice(0, Math.max(0, all.length - maxLines))) shortened.add(line.source);
  logLines.value = all.slice(-maxLines);
  if (shortened.size !== isShortened.value.size) isShortened.value = shortened;
}

export function clearLog(): void {
  logLines.value = [];
  isShortened.value = new Set();
  open.clear();
  causeSeen.clear();
}

function lineOf(source: LogChunk['source'], text: string): LogLine {
  const line = levels[source].read(text);
  const id = count++;
  const before = line.cause && causeSeen.get(line.cause.id);
  if (line.cause) causeSeen.set(line.cause.id, id);
  return { ...line, id, source, isNewCause: line.cause !== undefined && (before === undefined || id - before > causeLines) };
}

/** A progress bar rewrites its line with `\r`; its last state is what a terminal would show. Colour codes are for terminals too. */
function withoutProgress(line: string): string {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  return text.slice(text.lastIndexOf('\r') + 1).replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').trimEnd();
}
