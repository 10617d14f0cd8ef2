import { isTextField } from '../shared/isTextField';
import { typedField } from '../shared/typedField';
import type { EditorStore } from './editorStore';
import { leaveField } from './leaveField';
import { stepKeys } from './stepKeys';

/** Keeps keys that are typed from being taken for commands: plain ones never leave the page, and of those with Ctrl the editor is told whether somebody types. */
export function followTyping(store: EditorStore): void {
  const tell = (): void => store.host.send('typing', { isTyping: isTextField(document.activeElement) });
  const holdBack = stepKeys(store);
  document.addEventListener('focusin', tell);
  document.addEventListener('focusout', () => setTimeout(tell)); // the next element has the focus only after the event
  document.body.addEventListener('keydown', event => {
    const field = typedField(event);
    if (field) {
      event.stopPropagation();
      if (event.key === 'Escape' && document.activeElement === field) leaveField();
    } else if (event.altKey && /^[a-h]$/i.test(event.key)) event.preventDefault(); // keys of options, which a browser takes for its menus
    else if (event.ctrlKey || event.metaKey) {
      store.fields.flush(); // what is typed becomes a step before it is undone or saved
      holdBack(event);
    }
  });
}
