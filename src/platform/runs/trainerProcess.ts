import { readFile, rename, writeFile } from 'node:fs/promises';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Liveness } from '../../core/runs/runStatus';

/** `process.json` of a run: who works on it. */
export interface TrainerProcess {
  readonly pid: number;
  readonly host: string;
  /** Seconds since 1970. */
  readonly started: number;
  /** When the process began, in clock ticks since boot; tells a pid that was given to another process. Null where there is no /proc. */
  readonly startTicks: number | null;
}

/** Who a process is, so that it can be told later whether it still runs. */
export async function describeProcess(pid: number): Promise<TrainerProcess> {
  return { pid, host: os.hostname(), started: Date.now() / 1000, startTicks: (await procStat(pid))?.startTicks ?? null };
}

export async function writeTrainerProcess(runFolder: string, pid: number): Promise<void> {
  const record = { v: 1, ...(await describeProcess(pid)) };
  const file = path.join(runFolder, 'process.json');
  await writeFile(`${file}.new`, `${JSON.stringify(record)}\n`);
  await rename(`${file}.new`, file);
}

/** Undefined where no process was recorded, or the record is no use. */
export async function readTrainerProcess(runFolder: string): Promise<TrainerProcess | undefined> {
  try {
    const record = JSON.parse(await readFile(path.join(runFolder, 'process.json'), 'utf8')) as Partial<TrainerProcess>;
    if (typeof record.pid !== 'number' || !Number.isInteger(record.pid) || record.pid <= 1) return undefined;
    return { pid: record.pid, host: record.host ?? '', started: record.started ?? 0, startTicks: record.startTicks ?? null };
  } catch {
    return undefined; // missing or half written: the run then counts as not running, which its events correct
  }
}

export async function livenessOf(record: TrainerProcess | undefined): Promise<Liveness> {
  if (!record) return 'gone';
  if (record.host !== os.hostname()) return 'elsewhere';
  if (!isThere(record.pid)) return 'gone';
  const stat = await procStat(record.pid);
  if (!stat) return process.platform === 'linux' ? 'gone' : 'alive';
  if (stat.state === 'Z' || stat.state === 'X') return 'gone'; // ended, only its exit code is not fetched yet
  return record.startTicks === null || record.startTicks === stat.startTicks ? 'alive' : 'gone';
}

function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // there, but another user's
  }
}

async function procStat(pid: number): Promise<{ state: string; startTicks: number } | undefined> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' '); // the name in brackets may hold blanks
    return { state: fields[0] ?? '', startTicks: Number(fields[19]) };
  } catch {
    return undefined; // no /proc on this system, or the process is gone
  }
}
