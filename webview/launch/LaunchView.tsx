import type { StageOrder } from '../../src/core/engines/trl';
import { Checks } from './Checks';
import { Fields } from './Fields';
import { canStart, changes, choice, choose, doing, failure, form, look, save, start } from './launchModel';

const orders: readonly (readonly [StageOrder, string])[] = [['two-stage', 'Perception, then reasoning'], ['reasoning-only', 'Reasoning only'], ['mixed', 'Both mixed'], ['swapped', 'Reasoning, then perception']];

/** The form of a run beside what was looked at before it. */
export function LaunchView() {
  const view = form.value;
  if (!view) return failure.value ? <div class="empty error" role="alert">{failure.value}</div> : <div class="empty"><vscode-progress-ring aria-label="Reading the project" /></div>;
  const count = changes.value;
  return (
    <div class="launch">
      <header class="launch-header">
        <h1>Train {view.project}</h1>
        <span class="dim">{count === 0 ? 'As in pebr.json' : `${count} ${count === 1 ? 'value differs' : 'values differ'} from pebr.json`}</span>
        <span class="grow" />
        {count > 0 && <vscode-button appearance="secondary" onClick={() => choose({ edits: {}, preset: 'project' })}>Reset</vscode-button>}
        {count > 0 && <vscode-button appearance="secondary" disabled={!view.isValid} onClick={() => void save()}>Save to pebr.json</vscode-button>}
        <vscode-button appearance="secondary" disabled={!view.isValid || doing.value !== null} onClick={() => void look()}>Check</vscode-button>
        <vscode-button disabled={!canStart.value} onClick={() => void start()}>{doing.value === 'start' ? 'Checking…' : 'Start'}</vscode-button>
      </header>
      {failure.value && <div class="failure error" role="alert">{failure.value}</div>}
      <main class="launch-main">
        <div class="launch-form">
          <Presets />
          <div class="launch-run">
            <label class="field"><span class="field-label">Order</span>
              <select class="control" value={choice.value.order} onChange={event => choose({ order: event.currentTarget.value as StageOrder })}>
                {orders.map(([id, words]) => <option key={id} value={id}>{words}</option>)}
              </select>
            </label>
            <label class="field"><span class="field-label">Seed</span>
              <input class="control" type="number" min={0} step={1} placeholder={String(view.seed)} value={choice.value.seed ?? ''} onChange={event => choose({ seed: seedOf(event.currentTarget.value) })} />
            </label>
          </div>
          {view.faults.map(fault => <p class="error" role="alert" key={fault}>{fault}</p>)}
          <Fields groups={view.groups} />
        </div>
        <Checks />
      </main>
    </div>
  );
}

function Presets() {
  return (
    <fieldset class="presets">
      <legend>Start from</legend>
      {form.value?.presets.map(({ id, title, detail }) => (
        <label class="preset" key={id}>
          <input type="radio" name="preset" checked={choice.value.preset === id} onChange={() => choose({ preset: id, edits: {} })} />
          <span><span class="preset-title">{title}</span><span class="dim">{detail}</span></span>
        </label>
      ))}
    </fieldset>
  );
}

function seedOf(text: string): number | null {
  const seed = Number(text);
  return text.trim() !== '' && Number.isInteger(seed) && seed >= 0 ? seed : null;
}
