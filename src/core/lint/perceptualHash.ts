/** Pixels that a hash is made of: grey values of a picture shrunk to this size. */
export const hashWidth = 9;
export const hashHeight = 8;

/** 64 bits, each telling whether the picture gets brighter from one of 9 × 8 fields to the next: scaling, re-encoding and brightness leave most of them. */
export interface PerceptualHash {
  readonly high: number;
  readonly low: number;
}

/** `grey` holds 72 values, row by row. */
export function perceptualHash(grey: Uint8Array): PerceptualHash {
  const half = (firstRow: number): number => {
    let bits = 0;
    for (let y = firstRow; y < firstRow + hashHeight / 2; y++) {
      for (let x = 0; x < hashWidth - 1; x++) {
        const at = y * hashWidth + x;
        bits = (bits << 1) | Number((grey[at + 1] ?? 0) > (grey[at] ?? 0));
      }
    }
    return bits >>> 0;
  };
  return { high: half(0), low: half(hashHeight / 2) };
}

/** Bits in which two hashes differ. */
export function hashDistance(a: PerceptualHash, b: PerceptualHash): number {
  return countBits(a.high ^ b.high) + countBits(a.low ^ b.low);
}

function countBits(bits: number): number {
  let left = bits - ((bits >>> 1) & 0x55555555);
  left = (left & 0x33333333) + ((left >>> 2) & 0x33333333);
  return Math.imul((left + (left >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * Finds hashes that differ in at most three bits. Of four parts of 16 bits one is then the same, so that only the hashes that share a part are
 * compared: a million hashes take seconds.
 */
export class HashNeighbours {
  /** The halves of each hash. */
  private high = new Int32Array(1024);
  private low = new Int32Array(1024);
  private size = 0;
  /** Of each part and value the hash that had it last, and of each hash the one that had it before, by part; -1 where there is none. */
  private readonly last = parts.map(() => new Int32Array(1 << 16).fill(-1));
  private before = parts.map(() => new Int32Array(1024));

  /** Earlier hashes near this one, the nearest first, at most `most` of them; then keeps this one under the next number. */
  add(hash: PerceptualHash, most: number): readonly { readonly number: number; readonly distance: number }[] {
    const near = new Map<number, number>();
    for (const part of parts) {
      let left = mostCompared;
      for (let number = this.last[part]?.[partOf(hash, part)] ?? -1; number !== -1 && left-- > 0; number = this.before[part]?.[number] ?? -1) {
        const distance = countBits(hash.high ^ (this.high[number] ?? 0)) + countBits(hash.low ^ (this.low[number] ?? 0));
        if (distance <= nearBits) near.set(number, distance);
      }
    }
    this.keep(hash);
    if (near.size === 0) return none;
    return [...near].map(([number, distance]) => ({ number, distance })).sort((a, b) => a.distance - b.distance || a.number - b.number).slice(0, most);
  }

  private keep(hash: PerceptualHash): void {
    const number = this.size++;
    if (number === this.high.length) {
      this.high = grown(this.high);
      this.low = grown(this.low);
      this.before = this.before.map(grown);
    }
    this.high[number] = hash.high;
    this.low[number] = hash.low;
    for (const part of parts) {
      const before = this.before[part];
      const last = this.last[part];
      if (!before || !last) continue;
      before[number] = last[partOf(hash, part)] ?? -1;
      last[partOf(hash, part)] = number;
    }
  }
}

const parts = [0, 1, 2, 3] as const;
const none: readonly { readonly number: number; readonly distance: number }[] = [];
const nearBits = 3;
/** Hashes of one part that are compared: pictures of one colour all share one, and would be compared each with each. */
const mostCompared = 4000;

function grown(numbers: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const more = new Int32Array(numbers.length * 2);
  more.set(numbers);
  return more;
}

function partOf({ high, low }: PerceptualHash, part: number): number {
  const half = part < 2 ? high : low;
  return part % 2 === 0 ? half >>> 16 : half & 0xffff;
}

/** Whether two small pictures (RGB, same size) show the same: alike everywhere, after brightness; a digit that moved is another picture. */
export function looksAlike(a: Uint8Array, b: Uint8Array): boolean {
  const shift = meanShift(a, b);
  if (Math.abs(shift) > 24) return false;
  let sum = 0;
  let far = 0;
  for (let at = 0; at < a.length; at++) {
    const difference = Math.abs((a[at] ?? 0) - (b[at] ?? 0) - shift);
    sum += difference;
    if (difference > 48) far++;
  }
  return sum / a.length < 6 && far / a.length < 0.003;
}

function meanShift(a: Uint8Array, b: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) - (b[at] ?? 0);
  return sum / a.length;
}
