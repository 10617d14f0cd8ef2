import * as vscode from 'vscode';
import type { Alarm } from '../../core/runs/alarms';
import { reportError, runCommand } from '../../host/commands';
import type { AlarmMutes } from './alarmMutes';
import type { RunEntry } from './followedRun';
import { nameOfRun } from './nameOfRun';
import type { RunService } from './runService';

/** Alarms of running runs as notifications: once each, none that is older than this window, several of a kind as one. */
export function registerAlarmNotices(runs: RunService, mutes: AlarmMutes, log: vscode.LogOutputChannel): vscode.Disposable {
  return runs.onAlarms(({ run, alarms }) => {
    const heard = alarms.filter(alarm => !mutes.isMuted(run.folder, alarm.id));
    for (const id of new Set(heard.map(alarm => alarm.id))) {
      const [first, ...others] = heard.filter(alarm => alarm.id === id);
      if (first) void tell(run, first, others, mutes).catch((error: unknown) => reportError(log, 'alarm', error));
    }
  });
}

async function tell(run: RunEntry, alarm: Alarm, others: readonly Alarm[], mutes: AlarmMutes): Promise<void> {
  const name = nameOfRun(run);
  const more = others.length === 0 ? '' : ` The same of ${others.map(({ metric }) => metric.replace(/^reward\//, '')).join(', ')}.`;
  const choice = await vscode.window.showWarningMessage(
    `${name}, ${alarm.stage} step ${alarm.step}: ${alarm.message}${more} ${alarm.remedy}`, 'Open Run', 'Rollouts', 'Mute for This Run',
  );
  if (choice === 'Open Run') await runCommand('pebr.run.open', run.folder);
  if (choice === 'Rollouts') await runCommand('pebr.rollouts.open', { runFolder: run.folder, stage: alarm.stage });
  if (choice === 'Mute for This Run') await mutes.set(run.folder, alarm.id, true);
}
