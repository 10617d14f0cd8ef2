import type { Host } from '../shared/connect';
import type { RunContract } from '../../src/protocol/run';
import { alarms, header } from './runModel';

/** What the curves warn of, the latest first; muting keeps an alarm here and stops its notifications. */
export function Alarms({ host }: { readonly host: Host<RunContract> }) {
  const all = alarms.value;
  if (all.length === 0) return null;
  const muted = header.value?.muted ?? [];
  return (
    <section aria-label="Alarms">
      <h2>Alarms <span class="badge">{all.length}</span></h2>
      <ul class="problems">
        {[...all].reverse().map(alarm => {
          const isMuted = muted.includes(alarm.id);
          const words = isMuted ? 'Muted: raises no notification. Unmute' : 'Mute for this run';
          return (
            <li key={`${alarm.stage} ${alarm.metric} ${alarm.id}`} class="alarm">
              <i class={`codicon codicon-warning ${isMuted ? 'dim' : 'warning'}`} aria-hidden="true" />
              <div class="grow">
                <div>{alarm.message}</div>
                <div class="dim">{alarm.remedy}</div>
                <button class="link" title="Open the rollouts of the stage" onClick={() => host.send('rollouts', { stage: alarm.stage })}>{alarm.stage}, step {alarm.step}</button>
              </div>
              <vscode-button appearance="icon" title={words} aria-label={words} aria-pressed={isMuted} onClick={() => host.send('mute', { alarm: alarm.id, isMuted: !isMuted })}>
                <span class={`codicon codicon-${isMuted ? 'bell-slash' : 'bell'}`} />
              </vscode-button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
