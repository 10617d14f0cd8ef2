/** An escape that may be half of a character; only a text with one is looked through. */
const escape = /\\u[dD][89a-fA-F]/;

/** Whether a text of a JSON value is a broken one: it has one half of a surrogate pair without the other, which has no UTF-8. `text`: the JSON that it was read from. */
export function hasHalfCharacter(text: string, value: unknown): boolean {
  return escape.test(text) && isHalf(value);
}

function isHalf(value: unknown): boolean {
  if (typeof value === 'string') return /\p{Surrogate}/u.test(value); // with "u", a whole pair is one character
  return typeof value === 'object' && value !== null && Object.entries(value).some(([key, inner]) => isHalf(key) || isHalf(inner));
}
