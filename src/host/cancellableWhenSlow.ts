import * as vscode from 'vscode';

const slowMs = 1500;

/** Does what usually takes no time; where it does, a notification says so and ends it on request. */
export async function cancellableWhenSlow<Result>(title: string, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const controller = new AbortController();
  const done = work(controller.signal);
  const show = (): void => void vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (_, token) => {
    token.onCancellationRequested(() => controller.abort());
    return done.catch(() => undefined); // whoever asked is told
  });
  const timer = setTimeout(show, slowMs);
  try {
    return await done;
  } finally {
    clearTimeout(timer);
  }
}
