import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { durationInWords } from '../core/runs/duration';
import type { RunEvent } from '../core/runs/runEvent';
import type { RunState } from '../core/runs/runState';
import { watchFolder } from '../platform/runs/folderWatch';
import { RunReader } from '../platform/runs/runReader';

/** Prints a run's events as they come until its process ends; returns how it ended. */
export async function followRun(runFolder: string, exit: Promise<{ readonly code: number | null }>, isQuiet: boolean): Promise<RunState['status']> {
  const reader = new RunReader(runFolder);
  const show = (events: readonly RunEvent[]): void => {
    if (!isQuiet) for (const event of events) for (const line of linesOf(event)) console.log(line);
  };
  const watch = watchFolder(runFolder, async () => show((await reader.refresh()).events));
  const { code } = await exit;
  watch.dispose();
  show((await reader.refresh()).events);
  show(await reader.finish());
  const { status } = reader.state;
  if (status === 'completed' || status === 'stopped' || status === 'failed') return status;
  const log = await readFile(path.join(runFolder, 'stderr.log'), 'utf8').catch(() => '');
  console.error(`error: The trainer ended with code ${code ?? 'none'} and no last word.\n${log.trim().split('\n').slice(-8).join('\n')}`);
  return 'failed';
}

/** One line an event; steps only now and then, because a terminal keeps them all. */
function linesOf(event: RunEvent): readonly string[] {
  switch (event.type) {
    case 'run-started':
      return [`${event.resumed ? 'Resumed' : 'Started'}: ${event.stages.join(' → ')}`];
    case 'stage-started':
      return [`\n${event.stage}`];
    case 'progress':
      return event.done === event.total || event.done % 64 === 0 ? [`  ${event.done}/${event.total}`] : [];
    case 'step':
      return event.step === 1 || event.step % 10 === 0 || event.step === event.total ? [stepLine(event)] : [];
    case 'difficulty':
      return [`  ${event.dataset}: ${event.easy} easy, ${event.medium} medium, ${event.hard} hard`];
    case 'evaluation': {
      const metrics = ['reward', 'accuracy', 'iou'].flatMap(name => (event.metrics[name] ? [`${name} ${event.metrics[name].mean.toFixed(3)}`] : []));
      return [`  held-out ${event.dataset}, ${event.mode}, after ${event.stage}: ${metrics.join(', ')}`];
    }
    case 'transitions':
      return [`  ${event.dataset}: pass rate ${event.passRateBefore.toFixed(3)} → ${event.passRateAfter.toFixed(3)} since ${event.from} (${event.samples} samples)`];
    case 'problem':
      return [`  ${event.severity}: ${event.message} ${event.remedy}`, ...(event.offers ?? []).map(offer => `    ${setLine(offer.set)}   ${offer.label}`)];
    case 'stage-finished':
      return [`  ${event.reused ? 'reused' : `done in ${durationInWords(event.seconds)}`}`];
    case 'run-finished':
      return [`\nRun ${event.status} after ${durationInWords(event.seconds)}${event.error ? `: ${event.error.message} ${event.error.remedy}` : ''}`];
    case 'checkpoint':
      return [];
  }
}

/** As `pebr resume` takes it. */
function setLine(set: Readonly<Record<string, unknown>>): string {
  return Object.entries(set).map(([key, value]) => `--set ${key}=${JSON.stringify(value)}`).join(' ');
}

function stepLine({ step, total, metrics }: Extract<RunEvent, { type: 'step' }>): string {
  const shown = ['loss', 'reward', 'zero_std', 'step_seconds'].flatMap(name => (metrics[name] === undefined ? [] : [`${name} ${metrics[name].toFixed(3)}`]));
  return `  step ${String(step).padStart(String(total).length)}/${total}  ${shown.join('  ')}`;
}
