import * as vscode from 'vscode';

/** Runs one piece of work at a time: a new one ends the one before, and only the newest is heard of. */
export class LatestRun<T> implements vscode.Disposable {
  private running: vscode.CancellationTokenSource | undefined;

  /** A cancellation is silent; `failed` makes a result of any other failure. */
  constructor(
    private readonly onResult: (result: T) => void,
    private readonly failed: (error: unknown) => T,
  ) {}

  async run(work: (token: vscode.CancellationToken) => Promise<T>): Promise<void> {
    this.dispose();
    const source = new vscode.CancellationTokenSource();
    this.running = source;
    const tell = (result: T): void => {
      if (this.running === source) this.onResult(result);
    };
    try {
      tell(await work(source.token));
    } catch (error) {
      if (!(error instanceof vscode.CancellationError)) tell(this.failed(error));
    } finally {
      source.dispose();
      if (this.running === source) this.running = undefined;
    }
  }

  dispose(): void {
    this.running?.cancel();
    this.running = undefined;
  }
}
