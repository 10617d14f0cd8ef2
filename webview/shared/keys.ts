/** A key of a panel. Keys of commands can be changed in VS Code; a test holds them against the manifest. */
export interface KeyRow {
  readonly keys: readonly string[];
  readonly what: string;
  /** Command of the manifest or of VS Code; absent where the page itself takes the key, which is told as fixed then. */
  readonly command?: string;
  /** Commands that do what fixed keys do, for keys of one's own. */
  readonly alsoBy?: readonly string[];
}

export interface KeyGroup {
  readonly title: string;
  readonly rows: readonly KeyRow[];
}

/** A key as it is printed on keyboards: `shift+/` is `?`. */
export function keyCap(key: string, isMac: boolean): string {
  if (key === 'shift+/') return '?';
  const names: Readonly<Record<string, string>> = {
    ctrl: isMac ? '⌘' : 'Ctrl', shift: isMac ? '⇧' : 'Shift', alt: isMac ? '⌥' : 'Alt', delete: 'Del', escape: 'Esc', tab: 'Tab', space: 'Space', arrows: '← ↑ ↓ →',
  };
  return key.split('+').map(part => names[part] ?? (part.length === 1 ? part.toUpperCase() : part)).join(isMac ? '' : ' ');
}
