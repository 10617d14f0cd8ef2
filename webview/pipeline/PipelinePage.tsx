import { Ablations } from './Ablations';
import { Comparison } from './Comparison';
import { NodeCard } from './NodeCard';
import { chooseAblations, chosen, failure, host, isStarting, load, notice, run, view } from './pipelineModel';

/** The pipeline of a project as a row of nodes, and its ablations beside each other. */
export function PipelinePage() {
  const now = view.value;
  if (!now) {
    if (failure.value === null) return <div class="empty"><vscode-progress-ring aria-label="Reading the project" /></div>;
    return <div class="empty error" role="alert"><p>{failure.value}</p><vscode-button onClick={() => void load()}>Try Again</vscode-button> <vscode-button appearance="secondary" onClick={() => host.send('openConfig', null)}>Open pebr.json</vscode-button></div>;
  }
  const isBusy = isStarting.value || now.active !== null || now.queue?.isWorked === true;
  return (
    <div class="page">
      <header class="page-header">
        <h1>Pipeline of {now.project}</h1>
        <span class="dim" role="status">{statusWords()}</span>
        <span class="grow" />
        {now.active !== null && <vscode-button appearance="secondary" onClick={() => host.send('stop', null)}>Stop</vscode-button>}
        <vscode-button appearance="secondary" disabled={isBusy} onClick={chooseAblations}>Run Ablations…</vscode-button>
        <vscode-button disabled={isBusy} title="Run everything that cannot be taken over" onClick={() => void run(null)}>{isStarting.value ? 'Checking…' : 'Run All'}</vscode-button>
      </header>
      {failure.value !== null && <div class="message error" role="alert">{failure.value}</div>}
      {notice.value !== null && <div class="message" role="status">{notice.value}</div>}
      <main class="page-main">
        {now.nodes.length === 0
          ? <p class="empty">pebr.json names no stages yet. <button class="link" onClick={() => host.send('openConfig', null)}>Add them under “pipeline”.</button></p>
          : <ol class="nodes" aria-label="Nodes of the pipeline">{now.nodes.map(node => <NodeCard key={node.id} node={node} isBusy={isBusy} />)}</ol>}
        {chosen.value !== null && <Ablations />}
        <Comparison />
      </main>
    </div>
  );
}

function statusWords(): string {
  const now = view.value;
  if (!now) return '';
  if (now.active !== null) return `${now.active} is under way`;
  if (!now.reuse) return 'Nothing can be taken over: a run does everything';
  const rest = now.nodes.filter(node => node.state !== 'reusable').length;
  return rest === 0 ? `Nothing has changed since ${now.reuse.run}` : `A run takes over everything up to ${now.reuse.until} from ${now.reuse.run}`;
}
