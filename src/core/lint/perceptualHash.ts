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
 * compared: a million hashes in a second.
 */
export class HashNeighbours {
  private readonly hashes: PerceptualHash[] = [];
  private readonly buckets = [0, 1, 2, 3].map(() => new Map<number, number[]>());

  /** Earlier hashes near this one, the nearest first, at most `most` of them; then keeps this one under the next number. */
  add(hash: PerceptualHash, most: number): readonly { readonly number: number; readonly distance: number }[] {
    const near = new Map<number, number>();
    for (const [part, bucket] of this.bucketsOf(hash).entries()) {
      for (const number of bucket.slice(0, mostCompared)) {
        const other = this.hashes[number];
        const distance = other ? hashDistance(hash, other) : 64;
        if (distance <= nearBits) near.set(number, distance);
      }
      if (bucket.length === 0) this.buckets[part]?.set(partOf(hash, part), bucket);
      bucket.push(this.hashes.length);
    }
    this.hashes.push(hash);
    return [...near].map(([number, distance]) => ({ number, distance })).sort((a, b) => a.distance - b.distance || a.number - b.number).slice(0, most);
  }

  private bucketsOf(hash: PerceptualHash): readonly number[][] {
    return this.buckets.map((bucket, part) => bucket.get(partOf(hash, part)) ?? []);
  }
}

const nearBits = 3;
/** Hashes of one part that are compared: pictures of one colour all share one, and would be compared each with each. */
const mostCompared = 4000;

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
