import * as vscode from 'vscode';
import type { AlarmId } from '../../core/runs/alarms';
import { readSetting } from '../../host/commands';

const key = 'pebr.mutedAlarms';
/** Runs that are remembered; older ones have long ended. */
const mostRuns = 50;

/** Which alarms raise no notification: those of the setting, and those that were muted for a run. */
export class AlarmMutes implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<string>();
  /** Folder of the run. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly memory: vscode.Memento) {}

  isMuted(runFolder: string, alarm: AlarmId): boolean {
    return readSetting('pebr.alarms.muted').includes(alarm) || this.of(runFolder).includes(alarm);
  }

  of(runFolder: string): readonly AlarmId[] {
    return this.all()[runFolder] ?? [];
  }

  async set(runFolder: string, alarm: AlarmId, isMuted: boolean): Promise<void> {
    const others = this.of(runFolder).filter(other => other !== alarm);
    const { [runFolder]: _old, ...rest } = this.all();
    const kept = Object.fromEntries(Object.entries(rest).slice(-mostRuns));
    await this.memory.update(key, { ...kept, [runFolder]: isMuted ? [...others, alarm] : others });
    this.changed.fire(runFolder);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private all(): Readonly<Record<string, readonly AlarmId[]>> {
    return this.memory.get<Record<string, readonly AlarmId[]>>(key, {});
  }
}
