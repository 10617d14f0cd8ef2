import './run.css';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { connect } from '../shared/connect';
import type { RunContract } from '../../src/protocol/run';
import { keptView, takeView } from './chartView';
import { afterDrawing } from './drawQueue';
import { clearLog, takeLog } from './logModel';
import { RunView } from './RunView';
import { failure, gpus, header, isActive, latest, now, others, takeCompared, takeEvents, takeSoFar } from './runModel';

const host = connect<RunContract>();

host.on('events', ({ events, alarms }) => takeEvents(events, alarms));
host.on('reset', soFar => takeSoFar(soFar, true));
host.on('header', next => (header.value = next));
host.on('log', takeLog);
host.on('latest', group => (latest.value = group));
host.on('compared', takeCompared);
host.on('comparedEvents', ({ folder, events }) => takeEvents(events, [], folder));
host.on('gpus', next => (gpus.value = next));
takeView(host.getState<{ view?: unknown }>()?.view);
host.request('load', { compared: comparedBefore(host.getState()) }).then(
  loaded => {
    clearLog();
    takeSoFar(loaded.soFar, false);
    takeLog(loaded.log);
    takeCompared(loaded.compared);
    latest.value = loaded.latest;
    header.value = loaded.header;
    afterDrawing(() => {
      performance.mark('curves drawn'); // as the benchmark sees it
      if (loaded.soFar.isOverview) host.send('everyStep', null);
    });
    effect(() => host.setState({ folder: loaded.header.folder, compared: others.value.map(({ folder }) => folder), view: keptView.value })); // a reloaded window opens this run again
  },
  (error: unknown) => (failure.value = error instanceof Error ? error.message : String(error)),
);
setInterval(() => {
  if (isActive.value && document.visibilityState === 'visible') now.value = Date.now() / 1000;
}, 1000);

function comparedBefore(state: unknown): readonly string[] {
  const compared = (state as { compared?: unknown } | undefined)?.compared;
  return Array.isArray(compared) ? compared.filter(folder => typeof folder === 'string') : [];
}

const root = document.getElementById('root');
if (root) render(<RunView host={host} />, root);
