import { isTextField } from './isTextField';

/** Keeps plain keys that are typed into a field from being taken for commands: VS Code listens at the window, and what decides is where the keyboard is as the key goes down. */
export function keepTyping(): void {
  document.body.addEventListener('keydown', event => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const isTyped = event.target instanceof Element && isTextField(event.target); // it may have given the focus away by now
    if (isPlain && isTyped && !/^F\d+$/.test(event.key)) event.stopPropagation();
  });
}
