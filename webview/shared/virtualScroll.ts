import { type ReadonlySignal, useSignal } from '@preact/signals';
import { type RefObject } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { bodyHeight, clampTop, listTop, scrollTopOf } from './scrollScale';

export interface VirtualScroll {
  /** The element that scrolls. In it stands a body of `bodyHeight` px, and in that a layer that sticks to the top and draws what is in view. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly bodyHeight: number;
  /** What is in view: px from the list's top, and the size of the scroller. */
  readonly top: ReadonlySignal<number>;
  readonly view: ReadonlySignal<{ readonly width: number; readonly height: number }>;
  /** Scrolls as little as shows `from` to `to` (px). */
  reveal(from: number, to: number): void;
}

const lineOfWheel = 40;

/** Scrolls through a list of any height: every row is reached, by wheel and keys pixel by pixel, by the scroll bar as finely as it is long. */
export function useVirtualScroll(total: number): VirtualScroll {
  const scroller = useRef<HTMLDivElement>(null);
  const top = useSignal(0);
  const view = useSignal({ width: 0, height: 0 });
  const latest = useRef(total);
  latest.current = total;
  /** Where the body was put by us: the event that follows says nothing new. */
  const placed = useRef(0);
  const goTo = (wanted: number): void => {
    const element = scroller.current;
    if (!element) return;
    top.value = clampTop(wanted, latest.current, view.value.height);
    element.scrollTop = scrollTopOf(top.value, latest.current, view.value.height);
    placed.current = element.scrollTop;
  };
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const measure = (): void => {
      view.value = { width: element.clientWidth, height: element.clientHeight };
      goTo(top.value);
    };
    const scrolled = (): void => {
      if (Math.abs(element.scrollTop - placed.current) < 1) return;
      placed.current = element.scrollTop;
      top.value = listTop(element.scrollTop, latest.current, view.value.height);
    };
    const turned = (event: WheelEvent): void => {
      if (event.ctrlKey || Math.abs(event.deltaY) < Math.abs(event.deltaX)) return;
      event.preventDefault();
      goTo(top.value + event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? lineOfWheel : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? view.value.height : 1));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', scrolled, { passive: true });
    element.addEventListener('wheel', turned, { passive: false });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', scrolled);
      element.removeEventListener('wheel', turned);
    };
  }, []);
  useLayoutEffect(() => goTo(top.value), [total]);
  return useMemo(() => ({
    scroller, top, view, bodyHeight: bodyHeight(total),
    reveal: (from, to) => {
      const { height } = view.value;
      if (from < top.value) goTo(from);
      else if (to > top.value + height) goTo(to - height);
    },
  }), [total]);
}
