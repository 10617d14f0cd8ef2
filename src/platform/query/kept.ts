/** At most this many are kept; each takes at most a few bytes a row. */
const most = 4;

/** What was found last, by its key. */
export class Kept<T> {
  private readonly values = new Map<string, T>();

  async get(key: string, find: () => Promise<T>): Promise<T> {
    const value = this.values.get(key) ?? (await find());
    this.values.delete(key);
    this.values.set(key, value);
    const [oldest] = this.values.keys();
    if (this.values.size > most && oldest !== undefined) this.values.delete(oldest);
    return value;
  }

  clear(): void {
    this.values.clear();
  }
}
