import './rollouts.css';
import { render } from 'preact';
import type { RolloutsCommand } from '../../src/protocol/rollouts';
import { firstRolloutFacets, lastRolloutFacets } from '../../src/core/rollouts/rolloutColumns';
import { FacetPanel } from '../shared/facetPanel';
import { HelpOverlay } from '../shared/helpOverlay';
import { keepTyping } from '../shared/keepTyping';
import { GroupList } from './GroupList';
import { GroupPane } from './GroupPane';
import { keyTable } from './keyTable';
import { QuestionBar } from './QuestionBar';
import { act, asked, copyLink, detail, fail, failure, find, hasFacets, host, isHelpShown, list, moveResponse, nextTokens, openFacets, openTab, place, rescore, selectAt, share, showNew, start } from './rolloutsModel';

function RolloutsView() {
  if (!list.value) return failure.value ? <div class="empty error" role="alert">{failure.value}</div> : <div class="empty"><vscode-progress-ring aria-label="Reading the rollouts" /></div>;
  return (
    <div class="rollouts">
      <QuestionBar />
      {failure.value && <div class="row failure" role="alert"><i class="codicon codicon-error" aria-hidden="true" /> <span class="grow">{failure.value}</span><button class="icon-button" aria-label="Close" onClick={() => (failure.value = null)}><i class="codicon codicon-close" aria-hidden="true" /></button></div>}
      <div class="rollouts-main">
        {hasFacets.value && <FacetPanel query={asked} open={openFacets} first={firstRolloutFacets} last={lastRolloutFacets} />}
        <GroupList />
        <GroupPane />
      </div>
      <HelpOverlay isShown={isHelpShown} groups={keyTable} changeKeys={() => host.send('changeKeys', null)} />
    </div>
  );
}

const commands: Readonly<Record<RolloutsCommand, () => void>> = {
  nextGroup: () => void selectAt(place.value + 1),
  previousGroup: () => void selectAt(place.value - 1),
  nextResponse: () => moveResponse(1),
  previousResponse: () => moveResponse(-1),
  help: () => (isHelpShown.value = true),
  find,
  showNew: () => void showNew(),
  rescore: () => void rescore(),
  otherSteps: () => detail.value && void openTab('history'),
  compare: () => detail.value && void openTab('compare'),
  tokens: nextTokens,
  images: () => void openTab('images'),
  fixGold: () => void act('fixGold'),
  tag: () => void act('tag'),
  toWarmUp: () => void act('toWarmUp'),
  exclude: () => void act('exclude'),
  moveStage: () => void act('moveStage'),
  makeCase: () => void act('makeCase'),
  playground: () => void act('playground'),
  openLog: () => void act('openLog'),
  share,
  copyLink,
};

host.on('command', ({ name }) => commands[name]());
keepTyping();
start().catch(fail);
const root = document.getElementById('root');
if (root) render(<RolloutsView />, root);
