import * as vscode from 'vscode';
import { errorInWords } from '../core/errorWords';
import type { Disposable } from '../core/lifecycle';
import { type Contract, type Handlers, type Message, onEvent, type Port, serve } from '../protocol/rpc';

/** The host's end of a panel's channel, typed by the panel's contract. */
export interface WebviewLink<C extends Contract> {
  send<N extends keyof C['toWebview'] & string>(name: N, value: C['toWebview'][N]): void;
  on<N extends keyof C['toHost'] & string>(name: N, listener: (value: C['toHost'][N]) => void): Disposable;
  serve(handlers: Handlers<C>): Disposable;
}

export function linkTo<C extends Contract>(webview: vscode.Webview, log: vscode.LogOutputChannel): WebviewLink<C> {
  const port: Port = {
    post: message => void webview.postMessage(message), // false only when the panel is gone, and then nobody waits
    listen: listener => webview.onDidReceiveMessage((message: Message) => listener(message)),
  };
  return {
    send: (name, value) => port.post({ kind: 'event', name, value }),
    on: (name, listener) => onEvent(port, name, listener),
    serve: handlers =>
      serve<C>(port, handlers, (method, error) => {
        log.error(method, error instanceof Error ? (error.stack ?? error.message) : String(error));
        return errorInWords(error);
      }),
  };
}
