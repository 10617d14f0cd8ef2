/** Whether keys belong to the element: the toolkit's fields hold their input in a shadow root, so their hosts count; a list of choices is searched by letters, and so are the options of an answer. */
export function isTextField(element: Element | null): boolean {
  return element !== null && (element.closest('.choices') !== null || /^(INPUT|TEXTAREA|SELECT|VSCODE-TEXT-FIELD|VSCODE-TEXT-AREA)$/.test(element.tagName));
}
