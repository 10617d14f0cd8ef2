import { AsyncLocalStorage, createHook } from 'node:async_hooks';

/** Whose code started what runs now, so that a promise nobody awaits and a timer that throws can be told with their sample. */
export interface Owner {
  readonly index: number;
  readonly qid: string;
}

const begun = new AsyncLocalStorage<Owner | undefined>();
Object.freeze(AsyncLocalStorage.prototype); // ours is one of them

/** What starts from here on, at once or later, is the owner's. */
export function enter(owner: Owner | undefined): void {
  if (begun.getStore() !== owner) begun.enterWith(owner);
}

/** Of the callback that began last. */
let resumed: Owner | undefined;

/** Of what threw in a callback: where that was a microtask, its store is gone by the time it is told. */
export function ownerOfCallback(): Owner | undefined {
  return begun.getStore() ?? resumed;
}

/** Of what runs now; of a promise that was rejected and not awaited, where it is given: Node 20 keeps the store on it, and does not bring it back for the handler. */
export function ownerOf(promise: object): Owner | undefined {
  const { kResourceStore } = begun as unknown as { readonly kResourceStore?: symbol };
  return begun.getStore() ?? (kResourceStore ? (promise as Record<symbol, Owner | undefined>)[kResourceStore] : undefined);
}

/** Calls `onResume` whenever a promise or timer of an owner goes on. */
export function watchResumed(onResume: (owner: Owner) => void): void {
  createHook({
    before: () => {
      resumed = begun.getStore();
      if (resumed) onResume(resumed);
    },
  }).enable();
}
