/** Browsers lay out nothing taller than some 33 million px, and lose single pixels before; a taller list scrolls on a smaller scale. */
export const tallestPx = 8_000_000;

/** Height of the scrolled body for a list that is `total` px tall. */
export function bodyHeight(total: number): number {
  return Math.min(total, tallestPx);
}

/** Where the list stands (px from its top, 0 … total − view) when the body is scrolled to `scrollTop`. */
export function listTop(scrollTop: number, total: number, view: number): number {
  const range = bodyHeight(total) - view;
  if (range <= 0 || total <= tallestPx) return clampTop(scrollTop, total, view);
  return clampTop((scrollTop / range) * (total - view), total, view);
}

/** The opposite: where the body stands while the list stands at `top`. */
export function scrollTopOf(top: number, total: number, view: number): number {
  if (total <= tallestPx) return top;
  return (top / (total - view)) * (bodyHeight(total) - view);
}

export function clampTop(top: number, total: number, view: number): number {
  return Math.max(0, Math.min(top, total - view));
}
