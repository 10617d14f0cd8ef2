import type { CheckState, LaunchCheck } from '../../src/core/launch/launchCheck';
import { checks, doing, fix, form, found } from './launchModel';

const icons: Readonly<Record<CheckState, string>> = { ok: 'pass', warning: 'warning', error: 'error', skipped: 'circle-slash' };
const words: Readonly<Record<CheckState, string>> = { ok: 'passed', warning: 'warning', error: 'error', skipped: 'not looked at' };

/** What was looked at before the run: what stands in its way first, each with what to do. */
export function Checks() {
  const all = checks.value;
  if (form.value?.isValid === false) return <aside class="checks" aria-label="Checks before the run"><h2>Before the run</h2><p class="error" role="status">A value cannot be used; it is told beside its field.</p></aside>;
  const count = (state: CheckState): number => all.filter(check => check.state === state).length;
  return (
    <aside class="checks" aria-label="Checks before the run">
      <h2>Before the run</h2>
      <p class="dim" role="status">
        {counted(count('error'), 'error')} · {counted(count('warning'), 'warning')} · {count('ok')} passed
        {doing.value !== null && ' · looking…'}
        {found.value === null && ' · machine, data and rewards are looked at with Check or Start'}
      </p>
      <ul>{all.filter(check => check.state !== 'ok').map(check => <Check key={check.id} check={check} />)}</ul>
      {count('ok') > 0 && (
        <details>
          <summary>{count('ok')} passed</summary>
          <ul>{all.filter(check => check.state === 'ok').map(check => <Check key={check.id} check={check} />)}</ul>
        </details>
      )}
    </aside>
  );
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function Check({ check: { id, title, state, message, remedy, fix: button } }: { readonly check: LaunchCheck }) {
  return (
    <li class={`check check-${state}`} data-check={id}>
      <i class={`codicon codicon-${icons[state]}`} role="img" aria-label={words[state]} />
      <div>
        <div><b>{title}</b> {message}</div>
        {remedy && <div class="dim">{remedy}</div>}
        {button && <vscode-button appearance="secondary" onClick={() => fix(button)}>{button.title}</vscode-button>}
      </div>
    </li>
  );
}
