/** A text as a literal of SQL; the database takes a statement to end at a NUL, so that one is spelt out. */
export function sqlText(text: string): string {
  const quoted = text.split('\0').map(part => `'${part.replaceAll("'", "''")}'`);
  return quoted.length === 1 ? (quoted[0] ?? '') : `(${quoted.join(' || chr(0) || ')})`;
}

/** A name as an identifier of SQL. */
export function sqlName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
