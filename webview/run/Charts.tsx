import { computed, signal } from '@preact/signals';
import type { Host } from '../shared/connect';
import type { RunContract } from '../../src/protocol/run';
import { onThemeChange } from '../shared/canvasColors';
import { Chart, type ChartRun } from './Chart';
import { positionsOf, type StageSpan, stageSpans } from './chartData';
import { chartsFor } from './chartSpecs';
import { cursorPosition, isSmooth, zoom } from './chartView';
import { alarms, isActive, others, series, seriesVersion, state } from './runModel';

/** Rises when the theme changes: a canvas keeps the old theme's colours. */
const themeVersion = signal(0);
onThemeChange(() => themeVersion.value++);

/** All runs of the charts on their common axis; the panel's own is the first. */
const scene = computed(() => {
  void seriesVersion.value;
  const all = [series, ...others.value.map(run => run.series)];
  const spans = stageSpans(state.value.stages, all);
  const runs = all.map((run, index): ChartRun => ({ series: run, name: index === 0 ? 'this run' : (others.value[index - 1]?.name ?? ''), positions: positionsOf(run, spans) }));
  const starts = new Map(spans.map(span => [span.name, span.from]));
  const marks = alarms.value.map(alarm => ({ metric: alarm.metric, message: alarm.message, position: (starts.get(alarm.stage) ?? 0) + alarm.step }));
  return { spans, runs, marks };
});

/** The metric curves as small multiples over one axis of steps. */
export function Charts({ host }: { readonly host: Host<RunContract> }) {
  const { spans, runs, marks } = scene.value;
  if (series.length === 0) {
    return <section class="charts empty">{isActive.value ? 'Curves appear with the first step.' : 'This run has no steps.'}</section>;
  }
  return (
    <section class="charts" aria-label="Metric curves">
      <div class="charts-bar">
        <Place spans={spans} />
        <span class="grow" />
        {zoom.value && <vscode-button appearance="icon" title="Show all steps" aria-label="Show all steps" onClick={() => (zoom.value = null)}><span class="codicon codicon-zoom-out" /></vscode-button>}
        <vscode-button appearance="secondary" title="Draw other runs of the project in these charts" onClick={() => host.send('compare', null)}>
          Compare…<span slot="start" class="codicon codicon-diff" />
        </vscode-button>
        <vscode-checkbox checked={isSmooth.value} onChange={(event: Event) => (isSmooth.value = (event.target as HTMLInputElement).checked)}>Smooth</vscode-checkbox>
      </div>
      <div class="chart-grid">
        {chartsFor(series).map(spec => (
          <Chart key={`${spec.title}:${spec.metrics.join(' ')}:${runs.map(run => run.name).join('|')}:${themeVersion.value}`} spec={spec} spans={spans} runs={runs}
            marks={marks.filter(mark => spec.metrics.includes(mark.metric))} />
        ))}
      </div>
    </section>
  );
}

/** The step under the cursor. A component of its own: the charts are not drawn anew when the cursor moves. */
function Place({ spans }: { readonly spans: readonly StageSpan[] }) {
  const at = cursorPosition.value === null ? null : Math.round(cursorPosition.value);
  const span = at === null ? undefined : spans.find(each => at > each.from && at <= each.to);
  return <span class="dim charts-place">{span && at !== null ? `${span.name}, step ${at - span.from}` : spans.map(each => each.name).join(' → ')}</span>;
}
