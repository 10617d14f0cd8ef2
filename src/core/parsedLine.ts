/** A line of a file that became a value, or the reason why it did not. A fault is shown as a problem with file and line, never thrown. */
export type Parsed<T> = { readonly value: T; readonly fault?: undefined } | { readonly value?: undefined; readonly fault: string };

/** An object of a JSON line, not yet checked. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads one line as a JSON object. `NaN` and infinities, which Python writes unless it is told not to, become null: the rest of the line is good.
 * A half line (a process that was killed while it wrote) is a fault.
 */
export function parseJsonObject(line: string): Parsed<JsonObject> {
  const text = line.endsWith('\r') ? line.slice(0, -1) : line;
  const parsed = tryParse(text) ?? tryParse(withoutNaN(text));
  if (parsed === undefined) return { fault: text.trimEnd().endsWith('}') ? 'This line is not JSON.' : 'This line ends in the middle (the writer was stopped while it wrote).' };
  if (typeof parsed.json !== 'object' || parsed.json === null || Array.isArray(parsed.json)) return { fault: 'This line is not a JSON object.' };
  return { value: parsed.json as JsonObject };
}

/** Whether the line is JSON only because `NaN` or an infinity in it became null. */
export function hasNaN(line: string): boolean {
  return tryParse(line) === undefined && tryParse(withoutNaN(line)) !== undefined;
}

function tryParse(text: string): { readonly json: unknown } | undefined {
  try {
    return { json: JSON.parse(text) as unknown };
  } catch {
    return undefined; // the caller tells the fault with its place
  }
}

/** Strings are matched first and kept, so that a response which talks about NaN stays as it is. */
function withoutNaN(text: string): string {
  return text.replace(/"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g, token => (token.startsWith('"') ? token : 'null'));
}

export const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
export const numberOf = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);

/** The finite numbers of an object; everything else is left out. */
export function numbersOf(value: unknown): Record<string, number> {
  const numbers: Record<string, number> = {};
  if (typeof value !== 'object' || value === null) return numbers;
  if (areNumbers(value as JsonObject)) return value as Record<string, number>; // the usual case: a copy of each step of a long run would cost more than reading it
  for (const [name, entry] of Object.entries(value)) {
    const number = numberOf(entry);
    if (number !== undefined && name !== '__proto__') numbers[name] = number;
  }
  return numbers;
}

function areNumbers(value: JsonObject): boolean {
  if (Array.isArray(value)) return false;
  for (const name in value) if (!Number.isFinite(value[name]) || name === '__proto__') return false;
  return true;
}

/** The strings of a list; everything else is left out. */
export function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}
