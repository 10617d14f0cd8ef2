import { type AdvantageRule, advantageRules, groupAdvantages } from '../../src/core/rollouts/advantage';
import type { GroupDetail } from '../../src/protocol/rollouts';
import { ComparePane } from './ComparePane';
import { HistoryPane } from './HistoryPane';
import { ImagesPane } from './ImagesPane';
import { Picture } from './Picture';
import { ResponseCard } from './ResponseCard';
import { act, copyLink, detail, isDetailLoading, isScoring, nextTokens, notice, openTab, place, rescore, rescored, response, rule, share, showsTokens, tab, type GroupTab } from './rolloutsModel';

const tabs: readonly { readonly tab: GroupTab; readonly title: string; readonly key: string }[] = [
  { tab: 'responses', title: 'Responses', key: '' }, { tab: 'compare', title: 'Compare', key: 'D' }, { tab: 'history', title: 'Same sample', key: 'S' }, { tab: 'images', title: 'Images', key: 'I' },
];

/** The selected group: its picture with label and predictions, and below it what the tab says. */
export function GroupPane() {
  const group = detail.value;
  if (tab.value === 'images') return <section class="group"><Tabs /><ImagesPane /></section>;
  if (!group) return <section class="group empty">{isDetailLoading.value || place.value >= 0 ? 'Reading…' : 'Select a group.'}</section>;
  return (
    <section class="group" aria-label={`Group ${group.row.group}`}>
      <Head group={group} />
      <div class="group-top">
        <Picture group={group} />
        <Label group={group} />
      </div>
      <Tabs />
      {tab.value === 'responses' && <Responses group={group} />}
      {tab.value === 'compare' && <ComparePane rollouts={group.rollouts} />}
      {tab.value === 'history' && <HistoryPane />}
    </section>
  );
}

function Head({ group: { row, difficulty, curation } }: { readonly group: GroupDetail }) {
  const facts = [row.dataset, row.stage, row.step > 0 ? `step ${row.step}` : '', row.policyStage ? `after ${row.policyStage}` : '', row.mode ?? '', difficulty ?? ''];
  return (
    <div class="row group-bar">
      <h1>{row.sampleId}</h1>
      <span class="dim">{facts.filter(Boolean).join(' · ')}</span>
      {curation?.stage && <span class="badge" title="Where a person sends the sample">{curation.stage}</span>}
      {curation?.tags.map(tag => <span key={tag} class="badge">{tag}</span>)}
      <span class="grow" />
      <span class="dim" role="status">{notice.value}</span>
      <div class="row actions" role="toolbar" aria-label="Actions">
        <Action icon="edit" label="Fix gold" keyCap="F" run={() => void act('fixGold')} />
        <Action icon="tag" label="Tag" keyCap="T" run={() => void act('tag')} />
        <Action icon="flame" label="To warm-up" keyCap="W" run={() => void act('toWarmUp')} />
        <Action icon="circle-slash" label="Exclude" keyCap="X" run={() => void act('exclude')} />
        <Action icon="arrow-swap" label="Move to a stage" keyCap="V" run={() => void act('moveStage')} />
        <Action icon="checklist" label="Make a reward case" keyCap="M" run={() => void act('makeCase')} />
        <Action icon="beaker" label="Playground" keyCap="P" run={() => void act('playground')} />
        <Action icon="debug-rerun" label="Re-score with the reward as it is now" keyCap="R" run={() => void rescore()} />
        <Action icon="output" label="Log at this step" keyCap="O" run={() => void act('openLog')} />
        <Action icon="export" label="Export" keyCap="Shift+E" run={share} />
        <Action icon="link" label="Copy link" keyCap="Y" run={copyLink} />
      </div>
    </div>
  );
}

function Action({ icon, label, keyCap, run }: { readonly icon: string; readonly label: string; readonly keyCap: string; readonly run: () => void }) {
  return <button class="icon-button" aria-label={label} title={`${label} (${keyCap})`} onClick={run}><i class={`codicon codicon-${icon}`} aria-hidden="true" /></button>;
}

function Tabs() {
  return (
    <div class="row responses-bar" role="tablist" aria-label="What is shown of the group">
      {tabs.map(({ tab: name, title, key }) => (
        <button key={name} class="stage-tab" role="tab" aria-selected={tab.value === name} title={key === '' ? title : `${title} (${key})`} onClick={() => name !== tab.value && void openTab(name)}>
          {title}{name === 'responses' && detail.value ? ` ${detail.value.rollouts.length}` : ''}
        </button>
      ))}
      <span class="grow" />
      {tab.value === 'responses' && detail.value?.rollouts.some(rollout => rollout.tokenLog) && (
        <button class="finder" aria-pressed={showsTokens.value !== 'off'} title="Tokens coloured by probability, then by entropy, then plain (E)" onClick={nextTokens}>{showsTokens.value === 'off' ? 'Tokens' : showsTokens.value === 'logprob' ? 'Tokens: probability' : 'Tokens: entropy'}</button>
      )}
      <label class="choice dim">
        Advantage
        <select value={rule.value} title={advantageRules[rule.value].formula} onChange={event => (rule.value = event.currentTarget.value as AdvantageRule)}>
          {Object.entries(advantageRules).map(([name, { label }]) => <option key={name} value={name}>{label}</option>)}
        </select>
      </label>
    </div>
  );
}

function Responses({ group: { row, rollouts } }: { readonly group: GroupDetail }) {
  const recomputed = groupAdvantages(rollouts.map(rollout => rollout.overall), rule.value);
  const again = rescored.value;
  const now = again && groupAdvantages(again.scores.map(score => score.overall), rule.value);
  return (
    <>
      {isScoring.value && <p class="dim said" role="status">Scoring…</p>}
      {again && <p class="said" role="status">{again.reward} {again.hash.slice(0, 8)}{again.isSame ? ': the reward that scored the run' : ': another version than the run had'}. <button class="link" onClick={() => (rescored.value = null)}>Show the run’s scores alone</button></p>}
      <div class="responses">
        {rollouts.map((rollout, at) => (
          <ResponseCard
            key={`${row.number} ${rollout.index}`} rollout={rollout} isSelected={at === response.value} advantage={recomputed[at] ?? null} onSelect={() => (response.value = at)}
            now={again?.scores[at] ? { score: again.scores[at], advantage: now?.[at] ?? null } : undefined}
          />
        ))}
      </div>
    </>
  );
}

function Label({ group }: { readonly group: GroupDetail }) {
  const { sample } = group;
  const [first] = group.rollouts;
  return (
    <dl class="label">
      {sample && <>
        <dt>Problem</dt><dd>{sample.problem.replaceAll('<image>', '').trim()}</dd>
        <dt>Answer</dt><dd class="gold-text">{sample.answer || <span class="dim">none</span>}</dd>
        {sample.keyWords.length > 0 && <><dt>Key words</dt><dd>{sample.keyWords.map(word => <span key={word} class="word">{word}</span>)}</dd></>}
      </>}
      {group.missing && <><dt>Sample</dt><dd class="error">{group.missing}</dd></>}
      <dt>Rewards</dt>
      <dd class="tabular">{group.row.mean === null ? 'none was scored' : `mean ${group.row.mean.toFixed(3)}${group.row.std === null ? '' : `, std ${group.row.std.toFixed(3)}`}`}{spreadWords(group)}</dd>
      {first?.prompt && <><dt>Prompt</dt><dd><details><summary class="dim">{first.prompt.length} characters</summary><div class="mono prompt">{first.prompt}</div></details></dd></>}
      {first?.checkpoint && <><dt>Policy</dt><dd class="dim">{first.checkpoint}</dd></>}
    </dl>
  );
}

function spreadWords({ row }: GroupDetail): string {
  if (row.spread === 'zero') return ' · zero-std: teaches nothing';
  if (row.spread === 'dropped') return ' · zero-std, dropped by dynamic sampling: not trained on';
  return row.spread === 'near-zero' ? ' · near-zero std: noise' : '';
}
