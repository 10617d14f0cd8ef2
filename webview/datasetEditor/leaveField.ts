/** Gives the keys back from a text field to the picture, or to nobody where none is shown: letters are keys of the editor again. */
export function leaveField(): void {
  const field = document.activeElement;
  const picture = document.querySelector<HTMLElement>('.canvas-viewport canvas');
  picture?.classList.add('is-quiet');
  picture?.focus({ preventScroll: true });
  if (document.activeElement === field && field instanceof HTMLElement) field.blur();
}
