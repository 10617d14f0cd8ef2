import { maskNonFinite } from '../../core/dataset/maskNonFinite';

/** Longest text of a field that a row keeps: it is an embedded image, and nobody looks for a part of one. */
const longestText = 64 << 10;

/** A line as JSON that every reader understands alike; null where it is no object. */
export function plainJson(text: string): string | null {
  try {
    const value: unknown = JSON.parse(maskNonFinite(text));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    const shorten = (_: string, part: unknown): unknown => (typeof part === 'string' ? part.slice(0, longestText).replace(/\p{Surrogate}/gu, '\ufffd') : part);
    return JSON.stringify(value, shorten);
  } catch {
    return null;
  }
}
