/** Fields with text that is not a step yet; it is made one before anything else happens. And where a person types what they look for. */
export class PendingFields {
  private readonly pending = new Set<() => void>();
  private readonly finders = new Set<() => void>();

  /** Returns how to leave. */
  add(commit: () => void): () => void {
    this.pending.add(commit);
    return () => this.pending.delete(commit);
  }

  flush(): void {
    for (const commit of [...this.pending]) commit();
  }

  /** `focus` puts the keyboard into a search field. Returns how to leave. */
  onFind(focus: () => void): () => void {
    this.finders.add(focus);
    return () => this.finders.delete(focus);
  }

  find(): void {
    for (const focus of this.finders) focus();
  }
}
