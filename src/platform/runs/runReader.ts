import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { messageOf } from '../../core/errors';
import type { Problem } from '../../core/problem';
import { parseRunEvent } from '../../core/runs/parseRunEvent';
import type { RunEvent } from '../../core/runs/runEvent';
import { parseRunInfo, type RunInfo } from '../../core/runs/runInfo';
import { advanceRun, emptyRunState, type RunState } from '../../core/runs/runState';
import { LineTail, type TailLine } from './lineTail';

const remedy = 'The other lines are read. Nothing has to be done if the trainer was killed at that moment; otherwise look at the line.';
const maxProblems = 100;

/** Follows the record of one run: `run.json` and `events.jsonl`. Each `refresh` reads only what is new. */
export class RunReader {
  private readonly tail: LineTail;
  private faults: Problem[] = [];
  private infoProblem: Problem | undefined;
  private current: RunState = emptyRunState;
  private currentInfo: RunInfo | undefined;

  constructor(readonly folder: string) {
    this.tail = new LineTail(path.join(folder, 'events.jsonl'));
  }

  get state(): RunState {
    return this.current;
  }

  /** Undefined while `run.json` is not there or cannot be used; `problems` then say why. */
  get info(): RunInfo | undefined {
    return this.currentInfo;
  }

  /** Lines that could not be read (the first hundred), and what is wrong with `run.json`. */
  get problems(): readonly Problem[] {
    return this.infoProblem ? [this.infoProblem, ...this.faults] : this.faults;
  }

  /** Reads on. `isReset`: the file was cut or replaced, and `events` are all it has. */
  async refresh(): Promise<{ readonly isReset: boolean; readonly events: readonly RunEvent[] }> {
    let events: RunEvent[] = [];
    const isReset = await this.readOn(event => void events.push(event), () => (events = []));
    return { isReset, events };
  }

  /** Reads on without keeping the events: a long run has a hundred thousand. `onReset`: what was told before is void. True when that happened. */
  async readOn(onEvent: (event: RunEvent) => void, onReset: () => void): Promise<boolean> {
    if (!this.currentInfo) await this.readInfo();
    let isReset = false;
    for await (const batch of this.tail.read()) {
      if (batch.isReset) {
        isReset = true;
        onReset();
        this.faults = [];
        this.current = emptyRunState;
      }
      for (const line of batch.lines) this.take(line, onEvent);
    }
    return isReset;
  }

  /** For a run that nobody writes any more: takes the last line even when its end is missing, or reports it. */
  async finish(): Promise<readonly RunEvent[]> {
    const rest = await this.tail.rest();
    const events: RunEvent[] = [];
    if (rest && !this.faults.some(fault => fault.line === rest.number)) this.take(rest, event => void events.push(event));
    return events;
  }

  private take(line: TailLine, onEvent: (event: RunEvent) => void): void {
    if (line.text.trim() === '') return;
    const { value, fault } = parseRunEvent(line.text);
    if (value) {
      this.current = advanceRun(this.current, value);
      onEvent(value);
    } else if (this.faults.length < maxProblems) {
      this.faults.push({ severity: 'warning', rule: 'run/bad-line', file: this.tail.file, line: line.number, message: fault, remedy });
    }
  }

  private async readInfo(): Promise<void> {
    const file = path.join(this.folder, 'run.json');
    const problem = (message: string): Problem => ({
      severity: 'error', rule: 'run/unreadable', file, message, remedy: 'The events and rollouts are still shown; the run cannot be resumed without this file.',
    });
    try {
      const { value, fault } = parseRunInfo(await readFile(file, 'utf8'), path.basename(this.folder));
      this.currentInfo = value;
      this.infoProblem = fault === undefined ? undefined : problem(fault);
    } catch (error) {
      // A trainer that has just been started writes it within its first seconds.
      this.infoProblem = problem((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'There is no run.json.' : messageOf(error));
    }
  }
}

/** Reads a run once, as it is now. */
export async function readRun(folder: string): Promise<{ info: RunInfo | undefined; state: RunState; events: readonly RunEvent[]; problems: readonly Problem[] }> {
  const reader = new RunReader(folder);
  const { events } = await reader.refresh();
  const last = await reader.finish();
  return { info: reader.info, state: reader.state, events: [...events, ...last], problems: reader.problems };
}
