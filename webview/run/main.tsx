import './run.css';
import { render } from 'preact';
import { connect } from '../shared/connect';
import type { RunContract } from '../../src/protocol/run';
import { RunView } from './RunView';
import { failure, header, isActive, now, takeEvents, takeLog } from './runModel';

const host = connect<RunContract>();

host.on('events', ({ isReset, events }) => takeEvents(isReset, events));
host.on('header', next => (header.value = next));
host.on('log', takeLog);
host.request('load', null).then(
  loaded => {
    host.setState({ folder: loaded.header.folder }); // a reloaded window opens this run again
    takeEvents(true, loaded.events);
    takeLog(loaded.log);
    header.value = loaded.header;
  },
  (error: unknown) => (failure.value = error instanceof Error ? error.message : String(error)),
);
setInterval(() => {
  if (isActive.value && document.visibilityState === 'visible') now.value = Date.now() / 1000;
}, 1000);

const root = document.getElementById('root');
if (root) render(<RunView host={host} />, root);
