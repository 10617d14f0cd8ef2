import { readFile } from 'node:fs/promises';

const pageBytes = 4096; // larger on some ARM systems, where a limit is noticed later then

/** Memory that a process has, where the system tells; else 0. */
export async function residentMb(pid: number | undefined): Promise<number> {
  const statm = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  return (Number(statm.split(' ')[1] ?? 0) * pageBytes) / 2 ** 20;
}
