import type { Row, RowFault } from '../dataset/row';

/** Remembers the training rows and finds them again among the held-out ones. */
export class Leakage {
  /** Hashes, because the problems of a million rows would fill the memory. */
  private readonly rows = new Set<number>();
  private readonly images = new Map<string, string>();

  addTraining(row: Row): void {
    this.rows.add(keyOf(row));
    for (const image of row.images) if (!this.images.has(image)) this.images.set(image, row.qid);
  }

  findHeldOut(row: Row): readonly RowFault[] {
    const shared = row.images.find(image => this.images.has(image));
    if (shared === undefined) return [];
    if (this.rows.has(keyOf(row))) {
      return [{ severity: 'error', rule: 'dataset/leaked-row', field: 'problem', message: `Image and problem are those of the training row ${this.images.get(shared)}.`, remedy: 'Remove the row here or there.' }];
    }
    return [{ severity: 'warning', rule: 'dataset/leaked-image', field: 'images', message: `The image "${shared}" is that of the training row ${this.images.get(shared)}.`, remedy: 'Keep all rows of an image on one side.' }];
  }
}

function keyOf({ images, problem }: Row): number {
  return hash(`${images.join('\0')}\0${problem.replace(/\s+/g, ' ').trim().toLowerCase()}`);
}

/** 53 bits of two 32-bit mixes (cyrb53): among a million rows two differ with the same hash once in ten thousand datasets. */
function hash(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
