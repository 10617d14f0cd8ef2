/**
 * Replaces the bare words NaN, Infinity and -Infinity, which Python's `json.dumps` writes and JSON does not know, by zeros of the
 * same length (`0.0`), so that offsets stay. Words inside strings stay as they are. Returns the text itself when there is none.
 */
export function maskNonFinite(text: string): string {
  if (!text.includes('NaN') && !text.includes('Infinity')) return text;
  return text.replace(/"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g, found => (found.startsWith('"') ? found : `0.${'0'.repeat(found.length - 2)}`));
}
