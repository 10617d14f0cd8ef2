const [newline, openList, openObject] = [0x0a, 0x5b, 0x7b];

/** The start of the first line, but the first one, of `column` blanks and an opening brace; -1 where there is none. */
export function lineWith(bytes: Uint8Array, column: number): number {
  for (let at = bytes.indexOf(newline); at !== -1; at = bytes.indexOf(newline, at + 1)) {
    const start = at + 1;
    let blanks = 0;
    while (bytes[start + blanks] === 0x20 || bytes[start + blanks] === 0x09) blanks++;
    if (blanks === column && bytes[start + blanks] === openObject) return start;
  }
  return -1;
}

/** The end of the bytes without the blanks at their end. */
export function lastText(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] ?? 0) <= 0x20) end--;
  return end;
}

/** Whether it ends with the bracket that closes its first one; both brackets are two codes apart. */
export function isBracketed(bytes: Uint8Array): boolean {
  const [first] = bytes;
  return (first === openObject || first === openList) && bytes[lastText(bytes) - 1] === first + 2;
}

/** How often a byte is in the bytes. */
export function countOf(bytes: Uint8Array, byte: number): number {
  let count = 0;
  for (let at = bytes.indexOf(byte); at !== -1; at = bytes.indexOf(byte, at + 1)) count++;
  return count;
}
