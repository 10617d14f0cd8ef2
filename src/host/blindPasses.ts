import { Emitter } from '../core/event';

/** Files whose samples a second person labels just now without seeing the first labels: nothing in the window may tell them. */
export class BlindPasses {
  private readonly files = new Map<object, string>();
  private readonly changed = new Emitter<void>();
  readonly onDidChange = this.changed.event;

  /** A panel begins a pass over a file; undefined ends it. */
  set(panel: object, file: string | undefined): void {
    if (this.files.get(panel) === file) return;
    if (file === undefined) this.files.delete(panel);
    else this.files.set(panel, file);
    this.changed.fire();
  }

  has(file: string): boolean {
    return [...this.files.values()].includes(file);
  }
}
