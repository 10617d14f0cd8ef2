// Control characters are what is looked for
const controls = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** Text as it is, on one line of Markdown: no character of it begins anything, neither Markdown nor HTML. Escapes only what could, so that the source stays readable. */
export function markdownLine(text: string): string {
  return text.replace(controls, '\ufffd').replace(/\s+/g, ' ').trim()
    .replace(/[\\`*_{}[\]!|~@$:]/g, '\\$&') // emphasis, code, links, tables, mail and web addresses
    .replace(/\bwww\./gi, found => `${found.slice(0, -1)}\\.`)
    .replace(/^[-+=#>]/, '\\$&').replace(/^(\d{1,9})([.)])/, '$1\\$2') // lists, headings, quotations
    .replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

/** Text as it is, as a block of code: its fence is longer than any in it. */
export function markdownBlock(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text.replace(/\r\n?/g, '\n').replace(controls, '\ufffd')}\n${fence}`;
}
