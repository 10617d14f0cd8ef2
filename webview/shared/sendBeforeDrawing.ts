import { options } from 'preact';
import type { Contract } from '../../src/protocol/rpc';
import type { Host } from './connect';

/** Before these the page has to be as it is. Not `input`: its field is ahead of the page, which would set it back. */
const inputs = ['keydown', 'keyup', 'beforeinput', 'pointerdown', 'pointermove', 'pointerup', 'mousedown', 'mouseup', 'click', 'wheel', 'message'] as const;

/**
 * A channel whose messages leave the page before it draws what goes with them. They pass through the frame around the page, which runs in the same thread:
 * drawn first, a gesture would be on the disk only tens of milliseconds later. Whatever a person does next is never told to a page that is not drawn yet.
 */
export function sendBeforeDrawing<C extends Contract>(host: Host<C>): Host<C> {
  let isLeaving = false;
  let draw: (() => void) | undefined;
  const drawNow = (): void => {
    const work = draw;
    isLeaving = false;
    draw = undefined;
    work?.();
  };
  const leave = (): void => {
    if (!isLeaving) setTimeout(drawNow);
    isLeaving = true;
  };
  options.debounceRendering = work =>
    queueMicrotask(() => {
      if (isLeaving) draw = work;
      else work();
    });
  for (const type of inputs) window.addEventListener(type, drawNow, { capture: true });
  return {
    ...host,
    request: (method, params) => {
      leave();
      return host.request(method, params);
    },
    send: (name, value) => {
      leave();
      host.send(name, value);
    },
  };
}
