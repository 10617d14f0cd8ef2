import type { Disposable } from '../core/lifecycle';

/** What one panel and the host say to each other; one contract a panel, in this folder. */
export interface Contract {
  /** The webview asks, the host answers. */
  readonly requests: Record<string, { params: unknown; result: unknown }>;
  /** The host tells. Nothing is sent before the webview's first request. */
  readonly toWebview: Record<string, unknown>;
  /** The webview tells. */
  readonly toHost: Record<string, unknown>;
}

export type Message =
  | { readonly kind: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly kind: 'reply'; readonly id: number; readonly result?: unknown; readonly error?: string }
  | { readonly kind: 'event'; readonly name: string; readonly value: unknown };

/** One end of a message channel. */
export interface Port {
  post(message: Message): void;
  listen(listener: (message: Message) => void): Disposable;
}

export type Handlers<C extends Contract> = {
  readonly [M in keyof C['requests']]: (params: C['requests'][M]['params']) => C['requests'][M]['result'] | Promise<C['requests'][M]['result']>;
};

/** The answering half: a missing handler does not compile, and a throw becomes an error reply, so no asker waits for ever. */
export function serve<C extends Contract>(
  port: Port,
  handlers: Handlers<C>,
  onError: (method: string, error: unknown) => string,
): Disposable {
  return port.listen(message => {
    if (message.kind !== 'request') return;
    const { id, method, params } = message;
    const handler = Object.hasOwn(handlers, method) ? handlers[method as keyof C['requests']] : undefined;
    const answer = async (): Promise<unknown> => {
      if (!handler) throw new Error(`No handler for ${method}`);
      return await handler(params as never);
    };
    answer().then(
      result => port.post({ kind: 'reply', id, result }),
      (error: unknown) => port.post({ kind: 'reply', id, error: onError(method, error) }),
    );
  });
}

/** The asking half. Requests that are open when it is disposed are rejected. */
export class Caller<C extends Contract> implements Disposable {
  private nextId = 1;
  private readonly open = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  private readonly subscription: Disposable;

  constructor(private readonly port: Port) {
    this.subscription = port.listen(message => {
      if (message.kind !== 'reply') return;
      const waiting = this.open.get(message.id);
      this.open.delete(message.id);
      if (message.error !== undefined) waiting?.reject(new Error(message.error));
      else waiting?.resolve(message.result);
    });
  }

  request<M extends keyof C['requests'] & string>(method: M, params: C['requests'][M]['params']): Promise<C['requests'][M]['result']> {
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      this.open.set(id, { resolve: resolve as (value: unknown) => void, reject });
      this.port.post({ kind: 'request', id, method, params });
    });
  }

  dispose(): void {
    this.subscription.dispose();
    for (const waiting of this.open.values()) waiting.reject(new Error('The panel was closed'));
    this.open.clear();
  }
}

/** Listens to one named event. */
export function onEvent<E extends Record<string, unknown>, N extends keyof E & string>(
  port: Port,
  name: N,
  listener: (value: E[N]) => void,
): Disposable {
  return port.listen(message => {
    if (message.kind === 'event' && message.name === name) listener(message.value as E[N]);
  });
}
