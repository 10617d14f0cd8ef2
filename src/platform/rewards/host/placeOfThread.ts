import { frameOf, type Place } from '../thread/sourcePlaces';

interface Report {
  readonly workers?: readonly { readonly header: { readonly threadId: number }; readonly javascriptStack: { readonly stack?: readonly string[] } }[];
}

/** The line of the user's source at which a thread spins; undefined for one that waits. Takes some 10 ms, longer while the thread is in one long native call. */
export function placeOfThread(threadId: number, files: readonly string[]): Pick<Place, 'file' | 'line'> | undefined {
  if (!process.report) return undefined;
  (process.report as { excludeNetwork?: boolean }).excludeNetwork = true; // looking up the names of network interfaces takes its time
  const report = process.report.getReport() as Report;
  const stack = report.workers?.find(worker => worker.header.threadId === threadId)?.javascriptStack.stack ?? [];
  for (const line of stack) {
    const frame = frameOf(line);
    if (frame && files.includes(frame.file)) return { file: frame.file, line: frame.line }; // columns are those of the transpiled code
  }
  return undefined;
}
