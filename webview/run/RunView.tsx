import type { Host } from '../shared/connect';
import type { RunContract } from '../../src/protocol/run';
import { Charts } from './Charts';
import { Findings } from './Findings';
import { HeaderBar } from './HeaderBar';
import { LogPane } from './LogPane';
import { Pipeline } from './Pipeline';
import { failure, header } from './runModel';

/** The whole panel: header, pipeline, curves beside findings, log. */
export function RunView({ host }: { readonly host: Host<RunContract> }) {
  if (failure.value) return <div class="empty error" role="alert">{failure.value}</div>;
  if (!header.value) return <div class="empty"><vscode-progress-ring aria-label="Reading the run" /></div>;
  return (
    <div class="run">
      <HeaderBar host={host} />
      <Pipeline host={host} />
      <main class="run-main">
        <Charts host={host} />
        <Findings host={host} />
      </main>
      <LogPane host={host} />
    </div>
  );
}
