/** Something with an end. Structurally the same as VS Code's own `Disposable`, so the core can hand them over. */
export interface Disposable {
  dispose(): void;
}

/** Owns disposables. Anything added after disposal is disposed at once, so late async work cannot leak. */
export class DisposableStore implements Disposable {
  private readonly items: Disposable[] = [];
  private isDisposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.isDisposed) item.dispose();
    else this.items.push(item);
    return item;
  }

  dispose(): void {
    this.isDisposed = true;
    while (this.items.length > 0) this.items.pop()?.dispose(); // last in, first out: views before their services
  }
}
