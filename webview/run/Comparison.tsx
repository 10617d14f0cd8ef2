import { signal } from '@preact/signals';
import type { Host } from '../shared/connect';
import { compareMetrics, differingSettings } from '../../src/core/runs/compareRuns';
import type { RunContract } from '../../src/protocol/run';
import { inUnit } from './chartSpecs';
import { metricOf } from '../../src/core/engines/metricNames';
import { LineSample } from './LineSample';
import { header, others, series, seriesVersion } from './runModel';

const fewSettings = 8;
const showsAll = signal(false);

/** The runs in the charts as numbers: last and best values, and what was set otherwise. */
export function Comparison({ host }: { readonly host: Host<RunContract> }) {
  void seriesVersion.value;
  if (others.value.length === 0) return null;
  const runs = [{ config: header.value?.config ?? {}, series }, ...others.value];
  const settings = differingSettings(runs);
  const shown = showsAll.value ? settings : settings.slice(0, fewSettings);
  return (
    <section aria-label="Comparison">
      <h2>Comparison</h2>
      <ul class="compared">
        <li><LineSample color={0} run={0} />this run</li>
        {others.value.map((run, index) => (
          <li key={run.folder}>
            <LineSample color={index + 1} run={index + 1} /><span class="grow">{run.name}</span>
            <vscode-button appearance="icon" title={`Take ${run.name} out of the charts`} aria-label={`Take ${run.name} out of the charts`} onClick={() => host.send('stopComparing', { folder: run.folder })}><span class="codicon codicon-close" /></vscode-button>
          </li>
        ))}
      </ul>
      <table class="evaluation">
        <thead><tr><th scope="col">last (best)</th>{runs.map((_, index) => <th key={index} scope="col" class="number"><LineSample color={index} run={index} label={nameOf(index)} /></th>)}</tr></thead>
        <tbody>
          {compareMetrics(runs).map(({ metric, title, values }) => (
            <tr key={metric}>
              <th scope="row">{title}</th>
              {values.map((value, index) => <td key={index} class="number">{value === null ? '–' : <>{inUnit(value.last, metricOf(metric)?.unit ?? 'number')}{value.best !== null && <span class="dim"> ({inUnit(value.best, metricOf(metric)?.unit ?? 'number')})</span>}</>}</td>)}
            </tr>
          ))}
        </tbody>
      </table>
      {settings.length === 0 ? <p class="dim">The configurations are the same.</p> : (
        <table class="evaluation settings">
          <thead><tr><th scope="col">set otherwise</th>{runs.map((_, index) => <th key={index} scope="col"><LineSample color={index} run={index} label={nameOf(index)} /></th>)}</tr></thead>
          <tbody>{shown.map(({ key, values }) => <tr key={key}><th scope="row">{key}</th>{values.map((value, index) => <td key={index} class="mono">{value}</td>)}</tr>)}</tbody>
        </table>
      )}
      {settings.length > shown.length && <button class="link" onClick={() => (showsAll.value = true)}>{settings.length - shown.length} more</button>}
    </section>
  );
}

function nameOf(index: number): string {
  return index === 0 ? 'this run' : (others.value[index - 1]?.name ?? '');
}
