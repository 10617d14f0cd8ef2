/** Bytes that come in parts and are wanted as one piece. */
export class ByteParts {
  private readonly parts: Uint8Array[] = [];
  private length = 0;

  get size(): number {
    return this.length;
  }

  add(part: Uint8Array): void {
    this.parts.push(part);
    this.length += part.length;
  }

  /** All of them; a single part as it is, without a copy. */
  whole(): Uint8Array {
    const [only] = this.parts;
    if (only && this.parts.length === 1) return only;
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    this.clear();
    if (whole.length > 0) this.add(whole);
    return whole;
  }

  clear(): void {
    this.parts.length = 0;
    this.length = 0;
  }
}
