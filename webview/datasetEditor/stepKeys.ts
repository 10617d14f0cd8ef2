import type { WorkbenchCommand } from '../../src/protocol/editorCommand';
import type { EditorStore } from './editorStore';

/**
 * Holds keys of undo, redo and saving back where VS Code would take them too soon. Straight after a gesture they would reach it before the gesture has: another step
 * would be undone, and nothing saved. Straight after another undo, as when the key is held, it would drop them.
 */
export function stepKeys(store: EditorStore): (event: KeyboardEvent) => void {
  const { gestures, host } = store;
  let underWay = 0;
  const follow = (step: Promise<unknown>): void => {
    underWay++;
    void step.catch((error: unknown) => store.fail(error)).finally(() => underWay--);
  };
  return event => {
    const command = commandOf(event);
    if (!command) return;
    const taken = gestures.taken();
    if (taken || underWay > 0) {
      event.preventDefault();
      event.stopPropagation();
      follow((taken ?? Promise.resolve()).then(() => host.request('workbench', { command })));
    } else if (command !== 'workbench.action.files.save') follow(host.request('moved', { command })); // VS Code takes this one itself
  };
}

function commandOf({ key, altKey, shiftKey }: KeyboardEvent): WorkbenchCommand | undefined {
  const letter = key.toLowerCase();
  if (altKey || (shiftKey && letter !== 'z')) return undefined;
  const commands: Readonly<Record<string, WorkbenchCommand>> = { z: shiftKey ? 'redo' : 'undo', y: 'redo', s: 'workbench.action.files.save' };
  return commands[letter];
}
