import type { ImageHeader } from '../../core/lint/lintImage';

/** Headers in the order of their files, three numbers each (width, height, 1 where it is turned), so that they reach another thread quickly. */
export interface ReadHeaders {
  readonly numbers: Int32Array<ArrayBuffer>;
  /** Why a file has none, by its place. */
  readonly reasons: readonly (readonly [at: number, reason: string])[];
}

export function packHeaders(headers: readonly (ImageHeader | string)[]): ReadHeaders {
  const numbers = new Int32Array(3 * headers.length);
  const reasons: [number, string][] = [];
  headers.forEach((header, at) => {
    if (typeof header === 'string') reasons.push([at, header]);
    else numbers.set([header.width, header.height, Number(header.isTurned)], 3 * at);
  });
  return { numbers, reasons };
}

export function unpackHeaders({ numbers, reasons }: ReadHeaders): readonly (ImageHeader | string)[] {
  const headers: (ImageHeader | string)[] = [];
  for (let at = 0; at < numbers.length; at += 3) headers.push({ width: numbers[at] ?? 0, height: numbers[at + 1] ?? 0, isTurned: numbers[at + 2] === 1 });
  for (const [at, reason] of reasons) headers[at] = reason;
  return headers;
}
