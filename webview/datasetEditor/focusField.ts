/** Puts the keyboard into the first of these fields that is there. */
export function focusField(...ids: readonly string[]): void {
  const field = ids.map(id => document.getElementById(id)).find(element => element !== null);
  const input = field instanceof HTMLInputElement ? field : field?.shadowRoot?.querySelector<HTMLInputElement | HTMLTextAreaElement>('input, textarea'); // the toolkit's fields keep theirs inside
  field?.focus();
  input?.select(); // typing replaces what is there, as it does after double-clicking it
}
