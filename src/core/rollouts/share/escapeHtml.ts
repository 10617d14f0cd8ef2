const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
// Characters that no page may hold are what is looked for
const special = /[&<>"'\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Text for an element or a quoted attribute of HTML and SVG. Control characters, which HTML does not allow, become U+FFFD. */
export function escapeHtml(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(special, found => entities[found] ?? '\ufffd');
}
