import { randomBytes } from 'node:crypto';

/** A page without scripts of its own that remembers what it shows, so that a reloaded window can show it again. The one script that runs keeps `state`. */
export function keptPage(html: string, state: Readonly<Record<string, string>>): string {
  const nonce = randomBytes(16).toString('base64');
  const text = JSON.stringify(state).replace(/</g, '\\u003c');
  return html.replace("default-src 'none';", `default-src 'none'; script-src 'nonce-${nonce}';`)
    .replace('</body>', () => `<script nonce="${nonce}">acquireVsCodeApi().setState(${text})</script></body>`);
}
