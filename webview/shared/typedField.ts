import { isTextField } from './isTextField';

/**
 * The field that a key is typed into and that VS Code, which listens at the window, must not take for a command: plain keys, and Ctrl+A, which the field does at
 * once and VS Code would do again when something else is typed already.
 */
export function typedField(event: KeyboardEvent): Element | undefined {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const isSelectAll = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'a';
  const field = event.target instanceof Element && isTextField(event.target) ? event.target : undefined; // it may have given the focus away by now
  return (isPlain || isSelectAll) && !/^F\d+$/.test(event.key) ? field : undefined;
}
