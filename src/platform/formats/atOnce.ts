/** Work on many small files that goes on beside the caller's own, a limited number at once. */
export class AtOnce {
  private readonly running = new Set<Promise<void>>();
  private failure: { readonly error: unknown } | undefined;

  constructor(private readonly most: number) {}

  /** Waits only while there is no room for more. Throws what an earlier one threw. */
  add(work: Promise<void>): Promise<void> | undefined {
    const tracked = work.then(() => undefined, (error: unknown) => {
      this.failure ??= { error };
    });
    this.running.add(tracked);
    void tracked.then(() => this.running.delete(tracked));
    return this.running.size < this.most && !this.failure ? undefined : this.room();
  }

  /** Waits for all. */
  async finish(): Promise<void> {
    await Promise.all(this.running);
    if (this.failure) throw this.failure.error;
  }

  private async room(): Promise<void> {
    while (this.running.size >= this.most) await Promise.race(this.running);
    if (this.failure) throw this.failure.error;
  }
}
