import type { ChartSpec } from './chartSpecs';
import { largeCharts, logCharts, toggled } from './chartView';

/** What one chart can be told; shown while the pointer or the focus is in it. */
export function ChartTools({ spec, isLog, isLarge }: { readonly spec: ChartSpec; readonly isLog: boolean; readonly isLarge: boolean }) {
  const size = isLarge ? 'Make this chart as small as the others' : 'Give this chart a whole row';
  return (
    <span class="chart-tools">
      {spec.unit !== 'share' && (
        <button class="chart-tool" title="Logarithmic scale" aria-label={`Logarithmic scale for ${spec.title}`} aria-pressed={isLog} onClick={() => (logCharts.value = toggled(logCharts.value, spec.title))}>log</button>
      )}
      <button class="chart-tool" title={size} aria-label={`${size}: ${spec.title}`} aria-pressed={isLarge} onClick={() => (largeCharts.value = toggled(largeCharts.value, spec.title))}>
        <i class={`codicon codicon-${isLarge ? 'screen-normal' : 'screen-full'}`} aria-hidden="true" />
      </button>
    </span>
  );
}
