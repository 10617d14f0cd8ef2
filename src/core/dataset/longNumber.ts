/** A whole number that a double cannot hold, or one beyond the greatest double, with its digits. Code that does not know of it takes it for a text with them. */
export class LongNumber {
  constructor(readonly digits: string) {}

  toString(): string {
    return this.digits;
  }

  toJSON(): string {
    return this.digits;
  }
}

const mark = '\u0001long ';
/** Text is matched first and kept. */
const tokens = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;
const digits = String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const number = new RegExp(`^${digits}$`);
const written = new RegExp(`"\\\\u0001long (${digits})"`, 'g');

/** `JSON.parse`, but that whole numbers which a double cannot hold and numbers that would become infinite keep their digits, as `LongNumber`. */
export function parseExact(text: string): unknown {
  if (!mayHoldLong(text)) return JSON.parse(text);
  let hasLong = false;
  const masked = text.replace(tokens, token => {
    const isHeld = /^-?\d{16,}$/.test(token) ? Number.isSafeInteger(Number(token)) : Math.abs(Number(token)) !== Infinity;
    if (isHeld || !number.test(token)) return token;
    hasLong = true;
    return `"\\u0001long ${token}"`;
  });
  if (!hasLong) return JSON.parse(text);
  return JSON.parse(masked, (_, value: unknown) => (typeof value === 'string' && value.startsWith(mark) && number.test(value.slice(mark.length)) ? new LongNumber(value.slice(mark.length)) : value));
}

/** Whether sixteen digits stand together, or a power of ten that a double may not reach: one of them has a place that sixteen divides, so that of a million rows only these places are looked at. */
function mayHoldLong(text: string): boolean {
  for (let at = 0; at < text.length; at += 16) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39 && /\d{16}/.test(text.slice(Math.max(0, at - 15), at + 16))) return true;
  }
  return /\d[eE]\+?\d{3}/.test(text);
}

/** `JSON.stringify`, but that a `LongNumber` is written as the number that it is. `within`: the part of the value that may hold one. */
export function exactJson(value: unknown, within: unknown = value): string {
  if (!holdsLong(within)) return JSON.stringify(value);
  return JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key, written: unknown) {
    const held = this[key];
    return held instanceof LongNumber ? mark + held.digits : written;
  }).replace(written, '$1');
}

function holdsLong(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return false;
  return value instanceof LongNumber || Object.values(value).some(holdsLong);
}
