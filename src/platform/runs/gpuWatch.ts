import type { Gpu } from '../../core/launch/gpu';
import type { Disposable } from '../../core/lifecycle';
import { readGpus } from '../launch/readMachineFacts';

/** Asks for the GPUs of this machine every `everyMs` while `isWanted`; where there is no driver it asks once. */
export function watchGpus(isWanted: () => boolean, onGpus: (gpus: readonly Gpu[]) => void, everyMs = 2000): Disposable {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const ask = async (): Promise<void> => {
    const gpus = isWanted() ? await readGpus(abort.signal) : [];
    if (abort.signal.aborted || gpus === undefined) return;
    if (gpus.length > 0) onGpus(gpus);
    timer = setTimeout(() => void ask(), everyMs);
  };
  void ask();
  return {
    dispose: () => {
      abort.abort();
      clearTimeout(timer);
    },
  };
}
