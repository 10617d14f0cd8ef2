import { typedField } from './typedField';

/** Keeps what is typed into a field from being taken for commands. */
export function keepTyping(): void {
  document.body.addEventListener('keydown', event => {
    if (typedField(event)) event.stopPropagation();
  });
}
