import type { WorkbenchCommand } from '../../src/protocol/editorCommand';
import { isTextField } from '../shared/isTextField';
import { typedField } from '../shared/typedField';
import type { EditorStore } from './editorStore';
import { leaveField } from './leaveField';

/** Keeps keys that are typed from being taken for commands: plain ones never leave the page, and of those with Ctrl the editor is told whether somebody types. */
export function followTyping(store: EditorStore): void {
  const tell = (): void => store.host.send('typing', { isTyping: isTextField(document.activeElement) });
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
      holdBack(store, event);
    }
  });
}

/**
 * Undo, redo or save straight after a gesture would reach VS Code before the gesture has: another step would be undone, and nothing saved. Straight after
 * another undo, as when the key is held, VS Code would drop it.
 */
function holdBack({ gestures, host }: EditorStore, event: KeyboardEvent): void {
  const commands: Readonly<Record<string, WorkbenchCommand>> = { z: event.shiftKey ? 'redo' : 'undo', y: 'redo', s: 'workbench.action.files.save' };
  const command = event.altKey || (event.shiftKey && event.key.toLowerCase() !== 'z') ? undefined : commands[event.key.toLowerCase()];
  if (!command) return;
  const taken = gestures.taken();
  if (taken) {
    event.preventDefault();
    event.stopPropagation();
    gestures.await(taken.then(() => host.request('workbench', { command })));
  } else if (command !== 'workbench.action.files.save') gestures.await(host.request('moved', null)); // VS Code takes this one itself
}
