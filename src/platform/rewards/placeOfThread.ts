import { frameOf, type Place } from './sourcePlaces';

interface Report {
  readonly workers?: readonly { readonly header: { readonly threadId: number }; readonly javascriptStack: { readonly stack?: readonly string[] } }[];
}

/**
 * The line of the user's source at which a thread spins. Undefined for a thread that waits: asking it would wait with it, so the
 * process must be seen to use the processor first.
 */
export async function placeOfThread(threadId: number, files: readonly string[]): Promise<Pick<Place, 'file' | 'line'> | undefined> {
  if (!process.report || !(await isBusy())) return undefined;
  const report = process.report.getReport() as Report;
  const stack = report.workers?.find(worker => worker.header.threadId === threadId)?.javascriptStack.stack ?? [];
  for (const line of stack) {
    const frame = frameOf(line);
    if (frame && files.includes(frame.file)) return { file: frame.file, line: frame.line }; // columns are those of the transpiled code
  }
  return undefined;
}

/** Whether this process computes: on a crowded machine a spinning thread may get little of the processor, a waiting one takes none. */
async function isBusy(): Promise<boolean> {
  const before = process.cpuUsage();
  for (let look = 0; look < 10; look++) {
    await new Promise(resolve => setTimeout(resolve, 60));
    const { user, system } = process.cpuUsage(before);
    if (user + system > 20_000) return true; // microseconds
  }
  return false;
}
