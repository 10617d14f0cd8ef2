/** Hashes of rows in their order, in eight bytes a row. */
export class HashList {
  private numbers = new Float64Array(1024);
  private count = 0;

  add(hash: number): void {
    if (this.count === this.numbers.length) {
      const larger = new Float64Array(this.numbers.length * 2);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.numbers[this.count++] = hash;
  }

  get values(): Float64Array {
    return this.numbers.subarray(0, this.count);
  }
}
