/** Whether keys belong to the element: the toolkit's fields hold their input in a shadow root, so their hosts count; a list of choices is searched by letters. */
export function isTextField(element: Element | null): boolean {
  return element !== null && /^(INPUT|TEXTAREA|SELECT|VSCODE-TEXT-FIELD|VSCODE-TEXT-AREA)$/.test(element.tagName);
}
