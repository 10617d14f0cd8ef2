const fields = /^(INPUT|TEXTAREA|SELECT|VSCODE-TEXT-FIELD|VSCODE-TEXT-AREA|VSCODE-DROPDOWN)$/;

/** Single keys of a whole page, by the letter; they are left alone while something is typed, and with Ctrl, Alt or Cmd. */
export function listenToPlainKeys(keys: Readonly<Record<string, () => void>>): void {
  window.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const isTyping = event.composedPath().some(node => node instanceof HTMLElement && fields.test(node.tagName));
    const action = isTyping ? undefined : keys[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** How far a key moves through a list: arrows, Page Up and Down, Home and End; undefined for other keys. */
export function stepOfKey({ key }: KeyboardEvent): number | undefined {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 20, PageUp: -20, Home: -Infinity, End: Infinity };
  return steps[key];
}
