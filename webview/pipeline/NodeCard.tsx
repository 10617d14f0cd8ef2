import { durationInWords } from '../../src/core/runs/duration';
import { type NodeState, nodeStateWords, type NodeView } from '../../src/core/pipeline/nodeViews';
import { host, run } from './pipelineModel';

const icons: Readonly<Record<NodeState, string>> = {
  reusable: 'pass-filled', stale: 'refresh', never: 'circle-large-outline', waiting: 'circle-large-outline', running: 'loading codicon-modifier-spin', done: 'pass-filled', failed: 'error', stopped: 'debug-pause',
};

/** One node: its state and why, what goes in and comes out, what it cost, and what can be done with it. */
export function NodeCard({ node, isBusy }: { readonly node: NodeView; readonly isBusy: boolean }) {
  const isRun = node.kind !== 'split';
  return (
    <li class={`node node-${node.state}`} data-node={node.id} tabIndex={-1} aria-current={node.state === 'running' ? 'step' : undefined}>
      <h2><i class={`codicon codicon-${icons[node.state]}`} aria-hidden="true" />{node.id}</h2>
      <p class="node-state"><b>{nodeStateWords[node.state]}{node.state === 'running' && node.total !== null && ` ${node.done}/${node.total}`}{node.reason !== '' && ':'}</b> <span class="node-reason">{node.reason}</span></p>
      {node.state === 'running' && node.total !== null && <progress value={node.done} max={node.total} aria-label={`${node.id}: ${node.done} of ${node.total}`} />}
      <p class="dim">{node.words}</p>
      {node.counts.map(counts => <Counts key={counts.dataset} {...counts} />)}
      {node.inputs.length > 0 && <Files title="In">{node.inputs.map(({ path }) => <File key={path} name={path} onOpen={() => host.send('openInput', { node: node.id, path })} />)}</Files>}
      {node.outputs.length > 0 && <Files title="Out">{node.outputs.map(({ label, run: from }, index) => <File key={label} name={label} title={`${label} of ${from}`} onOpen={() => host.send('openOutput', { node: node.id, index })} />)}</Files>}
      {isRun && <p class="dim node-cost">{costOf(node)}</p>}
      {isRun && (
        <div class="node-actions">
          <button class="link" disabled={isBusy} title={`Take over what stands before ${node.id}, run it and everything after it`} onClick={() => void run(node.id)}>Run from here</button>
          <button class="link" disabled={isBusy} title={`Take over what stands before ${node.id} and run it alone`} onClick={() => void run(node.id, true)}>{node.seconds === null ? 'Run' : 'Re-run'} this node</button>
        </div>
      )}
    </li>
  );
}

function costOf({ seconds, estimate, tokens }: NodeView): string {
  if (seconds === null) return 'Time is not known yet';
  const spent = `Last ${durationInWords(seconds)}${tokens === null ? '' : `, ${Math.round(tokens).toLocaleString('en')} tokens`}`;
  return estimate === null || Math.round(estimate) === Math.round(seconds) ? spent : `${spent} · next about ${durationInWords(estimate)}`;
}

function Counts({ dataset, easy, medium, hard }: NodeView['counts'][number]) {
  return (
    <div class="counts">
      <div>{dataset}</div>
      <div class="counts-bar" aria-hidden="true"><span class="easy" style={{ flexGrow: easy }} /><span class="medium" style={{ flexGrow: medium }} /><span class="hard" style={{ flexGrow: hard }} /></div>
      <div class="dim">{easy} easy · {medium} medium · {hard} hard</div>
    </div>
  );
}

function Files({ title, children }: { readonly title: string; readonly children: preact.ComponentChildren }) {
  return <div class="files"><span class="dim">{title}</span><div>{children}</div></div>;
}

function File({ name, title = name, onOpen }: { readonly name: string; readonly title?: string; readonly onOpen: () => void }) {
  return <button class="link file" title={`Open ${title}`} onClick={onOpen}>{name.split(/(?<=\/)|(?=\.)/).map((part, index) => (index === 0 ? part : <><wbr />{part}</>))}</button>;
}
