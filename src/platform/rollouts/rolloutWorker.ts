import { RolloutStore } from './rolloutStore';
import { errorForHost, type FromWorker, type RolloutState, type ToWorker } from './workerMessages';

/**
 * A process that holds the store of one folder: a gigabyte of rollouts must neither fill nor stop the window's host. Started with the folder and the stages
 * in their order; it ends with the one that started it.
 */
async function main([folder = '', ...stages]: readonly string[]): Promise<void> {
  const store = await RolloutStore.open(folder, { stages });
  const running = new Map<number, AbortController>();
  const send = (message: FromWorker): void => void process.send?.(message);
  const state = (): RolloutState => ({ progress: store.progress, columns: store.columns, problems: store.problems });
  const run = (method: Exclude<ToWorker, { cancel: number }>['method'], args: readonly unknown[], signal: AbortSignal): Promise<unknown> => {
    if (method === 'refresh') return store.refresh(() => send({ state: state() }), args[0] as number | undefined);
    return (store[method] as (...all: unknown[]) => Promise<unknown>).call(store, ...args, ...(method === 'answer' || method === 'facet' ? [signal] : []));
  };
  process.on('message', (message: ToWorker) => {
    if ('cancel' in message) return running.get(message.cancel)?.abort();
    const { id, method, args } = message;
    const cancellation = new AbortController();
    running.set(id, cancellation);
    run(method, args, cancellation.signal).then(
      result => send({ id, result }),
      (error: unknown) => send({ id, error: errorForHost(error) }),
    ).finally(() => running.delete(id));
  });
  process.on('disconnect', () => void store.close().finally(() => process.exit(0)));
  send({ state: state() });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.send?.({ id: 0, error: errorForHost(error) } satisfies FromWorker, () => process.exit(1));
});
