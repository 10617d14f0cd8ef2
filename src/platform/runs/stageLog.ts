import { existsSync } from 'node:fs';
import type { EmittedStage } from '../../core/engines/emission';
import { endLog, type LogState, readLogLine, startLog } from '../../core/engines/readLog';
import type { RunEvent } from '../../core/runs/runEvent';
import { LineTail } from './lineTail';

/** What one stage says: its console, and the file of metrics where it writes one (then only that gives steps). */
export class StageLog {
  private state: LogState;
  private file: LogState;
  private readonly tail: LineTail | undefined;
  private readonly rest = { out: '', err: '' };
  private readonly told = new Set<string>();
  private looking: Promise<void> = Promise.resolve();

  constructor(private readonly stage: EmittedStage, private readonly tell: (event: RunEvent) => void) {
    this.state = startLog(stage);
    this.file = startLog(stage);
    this.tail = stage.metrics === null ? undefined : new LineTail(stage.metrics);
  }

  take(text: string, stream: 'out' | 'err'): void {
    const lines = (this.rest[stream] + text).split('\n');
    this.rest[stream] = (lines.pop() ?? '').slice(-1_000_000);
    for (const line of lines) this.console(line);
  }

  look(): Promise<void> {
    return (this.looking = this.looking.then(async () => {
      if (!this.tail) return;
      for await (const { lines } of this.tail.read()) {
        for (const { text } of lines) {
          const { state, events } = readLogLine(this.file, text, Date.now() / 1000);
          this.file = state;
          for (const event of events) this.pass(event);
        }
      }
    }));
  }

  async finish(): Promise<void> {
    for (const stream of ['out', 'err'] as const) if (this.rest[stream] !== '') this.take('\n', stream);
    for (const event of endLog(this.state, Date.now() / 1000).events) this.fromConsole(event);
    await this.look();
  }

  private console(line: string): void {
    const { state, events } = readLogLine(this.state, line, Date.now() / 1000);
    this.state = state;
    for (const event of events) this.fromConsole(event);
  }

  private fromConsole(event: RunEvent): void {
    if (event.type !== 'step' || !this.tail) this.pass(event);
  }

  private pass(event: RunEvent): void {
    this.tell(event);
    if (event.type !== 'step') return;
    for (let step = event.step; step > 0 && step > event.step - 2; step--) {
      const folder = `${this.stage.checkpoints}/global_step_${step}`;
      if (this.told.has(folder) || !existsSync(folder)) continue;
      this.told.add(folder);
      this.tell({ type: 'checkpoint', time: event.time, stage: event.stage, step, path: folder, best: false, removed: [] });
    }
  }
}
