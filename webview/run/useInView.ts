import type { RefObject } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** Whether any of an element can be seen: what is out of view costs nothing. */
export function useInView(element: RefObject<HTMLElement | null>): boolean {
  const [isInView, setInView] = useState(false);
  useLayoutEffect(() => {
    if (!element.current) return undefined;
    const { top } = element.current.getBoundingClientRect();
    const { bottom } = (element.current.closest('.charts') ?? document.body).getBoundingClientRect();
    setInView(top < Math.min(bottom, innerHeight)); // nothing is scrolled yet; the observer's first word comes a frame later
    const observer = new IntersectionObserver(entries => setInView(entries.at(-1)?.isIntersecting ?? false));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return isInView;
}
