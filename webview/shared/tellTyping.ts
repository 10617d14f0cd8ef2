import { isTextField } from './isTextField';

/** Tells whether keys are typing, and keeps them from being taken for commands until the host knows. */
export function tellTyping(tell: (isTyping: boolean) => void): void {
  const now = (): void => tell(isTextField(document.activeElement));
  document.addEventListener('focusin', now);
  document.addEventListener('focusout', () => setTimeout(now)); // the next element has the focus only after the event
  document.body.addEventListener('keydown', event => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isPlain && isTextField(document.activeElement) && !/^F\d+$/.test(event.key)) event.stopPropagation();
  });
}
