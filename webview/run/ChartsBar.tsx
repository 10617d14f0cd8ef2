import { durationInWords } from '../../src/core/runs/duration';
import type { Host } from '../shared/connect';
import type { RunContract } from '../../src/protocol/run';
import { zoomed } from './chartData';
import { axisKind, cursorPosition, smoothing, wholeAxis, zoom } from './chartView';
import type { AxisKind, RunCurves, StageSpan } from './runCurves';

/** What holds for all charts: the place under the cursor, the part that is seen, what lies on the axis, smoothing, other runs. */
export function ChartsBar({ host, spans, own }: { readonly host: Host<RunContract>; readonly spans: readonly StageSpan[]; readonly own: RunCurves | undefined }) {
  return (
    <div class="charts-bar">
      <Place spans={spans} own={own} />
      <span class="grow" />
      <Zoom />
      <label class="charts-choice">Axis <select value={axisKind.value} aria-label="What lies on the axis" onChange={event => chooseAxis(event.currentTarget.value as AxisKind)}>
        <option value="step">step</option>
        <option value="time">time</option>
      </select></label>
      <Smoothing />
      <vscode-button appearance="secondary" title="Draw other runs of the project in these charts" onClick={() => host.send('compare', null)}>
        Compare…<span slot="start" class="codicon codicon-diff" />
      </vscode-button>
    </div>
  );
}

function chooseAxis(kind: AxisKind): void {
  zoom.value = null; // its numbers are of the other axis
  cursorPosition.value = null;
  axisKind.value = kind;
}

function Zoom() {
  const by = (factor: number) => (): void => {
    const shown = zoom.value ?? wholeAxis.value;
    zoom.value = zoomed(shown, factor, (shown[0] + shown[1]) / 2, wholeAxis.value);
  };
  return (
    <span class="row" role="group" aria-label="Zoom">
      <vscode-button appearance="icon" title="Zoom in (drag over a chart, Ctrl+wheel, or +)" aria-label="Zoom in" onClick={by(0.5)}><span class="codicon codicon-zoom-in" /></vscode-button>
      {zoom.value && <>
        <vscode-button appearance="icon" title="Zoom out (Ctrl+wheel, or −)" aria-label="Zoom out" onClick={by(2)}><span class="codicon codicon-zoom-out" /></vscode-button>
        <vscode-button appearance="icon" title="Show all (double click, or 0)" aria-label="Show all" onClick={() => (zoom.value = null)}><span class="codicon codicon-screen-full" /></vscode-button>
      </>}
    </span>
  );
}

function Smoothing() {
  const words = smoothing.value === 0 ? 'off' : smoothing.value.toFixed(2);
  return (
    <label class="charts-choice" title="Weight of the mean so far against the next value; what was measured stays visible behind">
      Smoothing <input type="range" min={0} max={0.99} step={0.01} value={smoothing.value} aria-valuetext={words} onInput={event => (smoothing.value = Number(event.currentTarget.value))} /> <span class="number charts-smooth">{words}</span>
    </label>
  );
}

/** Step and time under the cursor. A component of its own: the charts are not drawn anew when the cursor moves. */
function Place({ spans, own }: { readonly spans: readonly StageSpan[]; readonly own: RunCurves | undefined }) {
  const at = cursorPosition.value;
  const isTime = axisKind.value === 'time';
  const place = at === null ? undefined : own?.stepAt(isTime ? at : Math.round(at));
  const words = place ? `${place.stage}, step ${place.step}${isTime && at !== null ? ` · ${durationInWords(at)}` : ''}` : spans.map(each => each.name).join(' → ');
  return <span class="dim charts-place">{words}</span>;
}
