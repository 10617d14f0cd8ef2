import { Emitter } from '../../core/event';
import { DisposableStore } from '../../core/lifecycle';

/** The files changed underneath while there were unsaved edits. */
export interface Followed {
  readonly kept: number;
  /** Rows of which one has to be chosen. */
  readonly conflicts: number;
  /** Samples of whose curation mine was kept where both changed the same field. */
  readonly decisions: number;
  /** Rows that left a bulk edit, because they are others now. */
  readonly left: number;
}

/** What an edit session tells those who show it. */
export class SessionEvents {
  private readonly lifetime = new DisposableStore();
  private readonly rowChanged = this.lifetime.add(new Emitter<number>());
  private readonly curationChanged = this.lifetime.add(new Emitter<readonly string[] | undefined>());
  private readonly changed = this.lifetime.add(new Emitter<void>());
  private readonly reloaded = this.lifetime.add(new Emitter<void>());
  private readonly followed = this.lifetime.add(new Emitter<Followed>());
  private readonly staled = this.lifetime.add(new Emitter<string>());
  private readonly unjournaled = this.lifetime.add(new Emitter<unknown>());
  private versions = 0;

  /** A row, counted from 0, has another text than before. */
  readonly onDidChangeRow = this.rowChanged.event;
  /** What was decided about these samples changed; any may have, without a list. */
  readonly onDidChangeCuration = this.curationChanged.event;
  /** The number of edits or conflicts, or whether the file is there, changed. */
  readonly onDidChange = this.changed.event;
  /** Any row may be different. */
  readonly onDidReload = this.reloaded.event;
  readonly onDidFollow = this.followed.event;
  /** A step of the undo stack cannot be taken because its rows changed on disk; the text says which step. */
  readonly onDidFindStale = this.staled.event;
  /** Steps cannot be written to the journal: a crash would lose them. */
  readonly onDidFailToJournal = this.unjournaled.event;

  /** Grows whenever a row may have changed. */
  get version(): number {
    return this.versions;
  }

  tellRow(index: number): void {
    this.versions++;
    this.rowChanged.fire(index);
    this.changed.fire();
  }

  tellAll(): void {
    this.versions++;
    this.reloaded.fire();
    this.curationChanged.fire(undefined);
    this.changed.fire();
  }

  /** The number of edits or conflicts, or whether the file is there, is another. */
  tellCount(): void {
    this.changed.fire();
  }

  tellCuration(qids: readonly string[]): void {
    this.versions++;
    this.curationChanged.fire(qids);
  }

  tellFollowed(followed: Followed): void {
    this.followed.fire(followed);
  }

  tellStale(text: string): void {
    this.staled.fire(text);
  }

  tellUnjournaled(error: unknown): void {
    this.unjournaled.fire(error);
  }

  dispose(): void {
    this.lifetime.dispose();
  }
}
