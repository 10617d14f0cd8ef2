import { Caller, type Contract, type Message, onEvent, type Port } from '../../src/protocol/rpc';
import type { Disposable } from '../../src/core/lifecycle';

interface VsCodeApi {
  postMessage(message: Message): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** The webview's end of a panel's channel; the only code that touches `postMessage`. */
export interface Host<C extends Contract> {
  request<M extends keyof C['requests'] & string>(method: M, params: C['requests'][M]['params']): Promise<C['requests'][M]['result']>;
  send<N extends keyof C['toHost'] & string>(name: N, value: C['toHost'][N]): void;
  on<N extends keyof C['toWebview'] & string>(name: N, listener: (value: C['toWebview'][N]) => void): Disposable;
  /** Scroll, zoom and selection, kept while the panel is hidden. */
  getState<S>(): S | undefined;
  setState<S>(state: S): void;
}

export function connect<C extends Contract>(): Host<C> {
  const api = acquireVsCodeApi();
  const port: Port = {
    post: message => api.postMessage(message),
    listen: listener => {
      const receive = (event: MessageEvent<Message>): void => listener(event.data);
      window.addEventListener('message', receive);
      return { dispose: () => window.removeEventListener('message', receive) };
    },
  };
  const caller = new Caller<C>(port);
  return {
    request: (method, params) => caller.request(method, params),
    send: (name, value) => port.post({ kind: 'event', name, value }),
    on: (name, listener) => onEvent(port, name, listener),
    getState: <S>() => api.getState() as S | undefined,
    setState: state => api.setState(state),
  };
}
