/** Which number was first kept under a hash; two flat arrays, because a million entries of a `Map` take a hundred megabytes. */
export class HashTable {
  private keys = new Float64Array(1 << 12);
  private values = new Int32Array(1 << 12);
  private size = 0;

  /** The value that the hash (not 0) has already; else keeps this one. */
  addFirst(hash: number, value: number): number | undefined {
    if (this.size * 2 >= this.keys.length) this.grow();
    const slot = this.slotOf(hash);
    if (this.keys[slot] === hash) return this.values[slot];
    this.keys[slot] = hash;
    this.values[slot] = value;
    this.size++;
    return undefined;
  }

  get(hash: number): number | undefined {
    const slot = this.slotOf(hash);
    return this.keys[slot] === hash ? this.values[slot] : undefined;
  }

  /** Where the hash is, or may be put. */
  private slotOf(hash: number): number {
    const mask = this.keys.length - 1;
    let slot = (hash ^ Math.floor(hash / 4294967296)) & mask;
    while (this.keys[slot] !== 0 && this.keys[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  }

  private grow(): void {
    const { keys, values } = this;
    this.keys = new Float64Array(keys.length * 4);
    this.values = new Int32Array(keys.length * 4);
    for (let index = 0; index < keys.length; index++) {
      const hash = keys[index] ?? 0;
      if (hash === 0) continue;
      const slot = this.slotOf(hash);
      this.keys[slot] = hash;
      this.values[slot] = values[index] ?? 0;
    }
  }
}
