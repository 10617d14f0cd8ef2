import type { PlaygroundTab } from '../../src/protocol/playground';
import { attacks, choice, forecast, rows, showTab, tab } from './playgroundModel';
import { filter, groups, shownCount } from './tableModel';

/** What is shown of the scores: responses, groups, what a save changes in training, and what an attacker earns. */
export function Tabs() {
  const counts: Readonly<Record<PlaygroundTab, string>> = {
    responses: String(rows.value.length), groups: groups.value.length === 0 ? '' : String(groups.value.length), forecast: forecastBadge(), attacks: attackBadge(),
  };
  const isTable = tab.value === 'responses' || tab.value === 'groups';
  return (
    <div class="tabs">
      <div role="tablist" aria-label="Views" class="tablist" onKeyDown={moveTab}>
        {tabs.map(({ id, label, title }) => (
          <button key={id} role="tab" id={`tab-${id}`} aria-selected={tab.value === id} tabIndex={tab.value === id ? 0 : -1} title={title} class="tab" onClick={() => showTab(id)}>{label}{counts[id] && <span class="count">{counts[id]}</span>}</button>
        ))}
      </div>
      <span class="grow" />
      {isTable && choice.value?.source.kind !== 'typed' && (
        <label class="filter">
          <i class="codicon codicon-filter" aria-hidden="true" />
          <input type="text" value={filter.value} placeholder="Filter: clip<0.3 error changed text" aria-label="Filter the responses" title="Words that must all hold: a value (clip<0.3, overall=0), error, changed, or text of the id or the response" onInput={event => (filter.value = event.currentTarget.value)} />
          {filter.value !== '' && <><span class="dim number">{shownCount.value}</span><button class="tool" title="Clear the filter" aria-label="Clear the filter" onClick={() => (filter.value = '')}><i class="codicon codicon-close" /></button></>}
        </label>
      )}
    </div>
  );
}

const tabs: readonly { readonly id: PlaygroundTab; readonly label: string; readonly title: string }[] = [
  { id: 'responses', label: 'Responses', title: 'Each response with its components' },
  { id: 'groups', label: 'Groups', title: 'The responses of a sample together, with their advantages' },
  { id: 'forecast', label: 'Forecast', title: 'What the reward as it is now does to stored rollouts of the stages that train with it' },
  { id: 'attacks', label: 'Attacks', title: 'Known ways of being paid for nothing, tried on this reward' },
];

function moveTab(event: KeyboardEvent): void {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (by === 0) return;
  event.preventDefault();
  const next = tabs[(tabs.findIndex(({ id }) => id === tab.value) + by + tabs.length) % tabs.length];
  if (!next) return;
  showTab(next.id);
  document.getElementById(`tab-${next.id}`)?.focus();
}

/** Groups that gain and lose a signal by the last save. */
function forecastBadge(): string {
  const told = forecast.value;
  if (told?.kind !== 'forecast') return '';
  const gained = told.stages.reduce((sum, stage) => sum + stage.forecast.gained, 0);
  const lost = told.stages.reduce((sum, stage) => sum + stage.forecast.lost, 0);
  return gained + lost === 0 ? '' : `+${gained} −${lost}`;
}

function attackBadge(): string {
  const told = attacks.value;
  if (told?.kind !== 'report') return '';
  if (told.report.honest === null) return 'failed';
  const paying = told.report.results.filter(({ verdict }) => verdict === 'pays-more' || verdict === 'pays').length;
  return paying === 0 ? '✓' : `${paying} pay`;
}
