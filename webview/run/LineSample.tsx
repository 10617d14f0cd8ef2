import { dashOf, seriesColor } from './plot';

/** The line of a curve as the charts draw it; `label` for what is told by the line alone. */
export function LineSample({ color, run, label }: { readonly color: number; readonly run: number; readonly label?: string }) {
  return (
    <svg class="line-sample" width="22" height="8" viewBox="0 0 22 8" role={label ? 'img' : undefined} aria-label={label} aria-hidden={label ? undefined : 'true'}>
      {label && <title>{label}</title>}
      <line x1="0" y1="4" x2="22" y2="4" style={{ stroke: seriesColor(color), strokeWidth: 2, strokeDasharray: dashOf(run).join(' ') }} />
    </svg>
  );
}
