import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

interface VirtualRowsProps {
  readonly count: number;
  /** Height of every row in px. */
  readonly rowHeight: number;
  /** Index of the row that is kept in view; -1 for none. */
  readonly selected: number;
  readonly label: string;
  readonly class?: string;
  /** Table rows of the table's head. */
  readonly head: ComponentChildren;
  /** Widths of the columns. */
  readonly columns: ComponentChildren;
  readonly row: (index: number) => ComponentChildren;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
}

/** A table of which only the rows in view are drawn: a thousand responses are repainted as fast as twenty. */
export function VirtualRows({ count, rowHeight, selected, label, class: className = '', head, columns, row, onKeyDown }: VirtualRowsProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 600 });
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    const measure = (): void => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);
  useEffect(() => {
    const element = scroller.current;
    if (!element || selected < 0) return;
    const headHeight = element.querySelector('thead')?.clientHeight ?? 0;
    const top = selected * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + rowHeight + headHeight > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight + headHeight - element.clientHeight;
  }, [selected, count, rowHeight]);
  const first = Math.max(0, Math.min(count, Math.floor(view.top / rowHeight) - 8));
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + 8);
  return (
    <div ref={scroller} class={`table-scroller ${className}`} tabIndex={0} role="group" aria-label={label} onKeyDown={onKeyDown}>
      <table aria-rowcount={count}>
        <colgroup>{columns}</colgroup>
        <thead>{head}</thead>
        <tbody>
          {first > 0 && <tr aria-hidden="true" style={{ height: `${first * rowHeight}px` }} />}
          {Array.from({ length: last - first }, (_, at) => row(first + at))}
          {last < count && <tr aria-hidden="true" style={{ height: `${(count - last) * rowHeight}px` }} />}
        </tbody>
      </table>
    </div>
  );
}
