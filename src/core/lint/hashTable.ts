/** Share of the slots that may be taken. */
const fullest = 0.7;

/** Which number was first kept under a hash; two flat arrays, because a million entries of a `Map` take a hundred megabytes. */
export class HashTable {
  private keys = new Float64Array(1 << 12);
  private values = new Int32Array(1 << 12);
  private size = 0;

  /** Makes room for so many hashes at once: growing from the small moves everything, which holds up whoever waits for milliseconds. */
  reserve(count: number): void {
    let slots = this.keys.length;
    while (slots * fullest < count) slots *= 2;
    if (slots > this.keys.length) this.resize(slots);
  }

  /** The value that the hash (not 0) has already; else keeps this one. */
  addFirst(hash: number, value: number): number | undefined {
    if (this.size >= this.keys.length * fullest) this.resize(this.keys.length * 2);
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

  private resize(slots: number): void {
    const { keys, values } = this;
    this.keys = new Float64Array(slots);
    this.values = new Int32Array(slots);
    for (let index = 0; index < keys.length; index++) {
      const hash = keys[index] ?? 0;
      if (hash === 0) continue;
      const slot = this.slotOf(hash);
      this.keys[slot] = hash;
      this.values[slot] = values[index] ?? 0;
    }
  }
}
