/** A text of at most about `limit` characters that says how long it was: what a reward writes is kept, shown and sent, so it may not be of any size. */
export function shortened(text: string, limit = 2000): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}… (${text.length} characters)`;
}
