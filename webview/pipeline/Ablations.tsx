import { useEffect, useRef } from 'preact/hooks';
import { ablate, chosen, isStarting, view } from './pipelineModel';

/** Which runs to do, each different from pebr.json in one factor. */
export function Ablations() {
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.scrollIntoView({ block: 'nearest' }), []);
  const ids = chosen.value ?? new Set<string>();
  const toggle = (id: string, isOn: boolean): void => void (chosen.value = new Set([...ids].filter(other => other !== id).concat(isOn ? [id] : [])));
  return (
    <section class="ablations" ref={section} aria-labelledby="ablations-title">
      <h2 id="ablations-title">Ablations</h2>
      <p class="dim">Each run differs from pebr.json in one factor. They are done one after the other, go on when this window closes, and take over what they have in common.</p>
      <div class="ablation-list">
        {view.value?.ablations.map(({ id, title, detail }, index) => (
          <label class="ablation" key={id}>
            <input type="checkbox" ref={index === 0 ? input => input?.focus() : undefined} checked={ids.has(id)} onChange={event => toggle(id, event.currentTarget.checked)} />
            <span><b>{title}</b> <span class="dim">{detail}</span></span>
          </label>
        ))}
      </div>
      <div class="row">
        <vscode-button disabled={ids.size === 0 || isStarting.value} onClick={() => void ablate()}>{`Start ${ids.size} ${ids.size === 1 ? 'Run' : 'Runs'}`}</vscode-button>
        <vscode-button appearance="secondary" onClick={() => (chosen.value = null)}>Cancel</vscode-button>
      </div>
    </section>
  );
}
