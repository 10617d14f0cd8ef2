import { type FSWatcher, watch } from 'node:fs';
import type { Disposable } from '../../core/lifecycle';

/**
 * Calls `onChange` soon after something in a folder changed. The system's notices are quick but get lost (network drives, a folder
 * that is made later), so it also calls every `checkMs`; `onChange` must be cheap when nothing is new, and tells its failures itself.
 * Calls never overlap.
 */
export function watchFolder(folder: string, onChange: () => Promise<void>, { settleMs = 60, checkMs = 1000 } = {}): Disposable {
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isBusy = false;
  let isDue = false;
  let isDisposed = false;

  const call = async (): Promise<void> => {
    clearTimeout(timer);
    isDue = false;
    isBusy = true;
    attach();
    try {
      await onChange();
    } finally {
      isBusy = false;
      if (!isDisposed) timer = setTimeout(() => void call(), isDue ? settleMs : checkMs);
    }
  };
  const attach = (): void => {
    if (watcher || isDisposed) return;
    try {
      watcher = watch(folder, { persistent: false }, () => {
        if (isDue) return;
        isDue = true;
        if (isBusy) return;
        clearTimeout(timer);
        timer = setTimeout(() => void call(), settleMs);
      });
      watcher.on('error', detach);
    } catch {
      watcher = undefined; // not there yet; the timer looks again
    }
  };
  const detach = (): void => {
    watcher?.close();
    watcher = undefined;
  };

  timer = setTimeout(() => void call(), 0);
  return {
    dispose: () => {
      isDisposed = true;
      clearTimeout(timer);
      detach();
    },
  };
}
