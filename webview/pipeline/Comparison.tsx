import type { QueueView } from '../../src/protocol/pipeline';
import type { ReportTable } from '../../src/core/runs/report';
import { host, view } from './pipelineModel';

const icons: Readonly<Record<QueueView['runs'][number]['status'], string>> = { waiting: 'circle-large-outline', running: 'loading codicon-modifier-spin', completed: 'pass', stopped: 'debug-pause', failed: 'error' };

/** The queue's runs: where they are, and what they came to beside each other. */
export function Comparison() {
  const { queue, comparison } = view.value ?? {};
  if (!queue) return null;
  const isLeft = !queue.isWorked && queue.runs.some(({ status }) => status === 'waiting' || status === 'running');
  return (
    <section class="comparison" tabIndex={-1} aria-labelledby="comparison-title">
      <div class="row">
        <h2 id="comparison-title">Runs that differ in one factor</h2>
        <span class="grow" />
        {queue.runs.filter(({ run }) => run !== null).length > 1 && <vscode-button appearance="secondary" title="Draw the curves of these runs in the same charts" onClick={() => host.send('compareCurves', null)}>Curves</vscode-button>}
        {queue.isWorked && <vscode-button appearance="secondary" onClick={() => host.send('stopQueue', null)}>Stop All</vscode-button>}
        {isLeft && <vscode-button onClick={() => host.send('resumeQueue', null)}>Continue</vscode-button>}
      </div>
      {isLeft && <p role="status">Nobody works on these runs any more.</p>}
      <ul class="queue">
        {queue.runs.map(({ title, status, run, message }) => (
          <li key={title} class={`queue-${status}`}>
            <i class={`codicon codicon-${icons[status]}`} aria-hidden="true" /> {run === null ? title : <button class="link" onClick={() => host.send('openRun', run)}>{title}</button>} <span class="dim">{status}</span>
            {message !== '' && <span class="error"> {message}</span>}
          </li>
        ))}
      </ul>
      {comparison && <Table table={comparison} />}
    </section>
  );
}

function Table({ table: { columns, rows, texts, note } }: { readonly table: ReportTable }) {
  return (
    <div class="table-scroll" tabIndex={0} aria-label="Runs compared">
      <table>
        <thead><tr>{columns.map((name, column) => <th key={name} class={column < texts ? '' : 'number'}>{name}</th>)}</tr></thead>
        <tbody>{rows.map(row => <tr key={row.join()}>{row.map((cell, column) => <td key={columns[column]} class={column < texts ? '' : 'number'}>{cell}</td>)}</tr>)}</tbody>
      </table>
      <p class="dim">{note}</p>
    </div>
  );
}
