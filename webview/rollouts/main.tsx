import './rollouts.css';
import { render } from 'preact';
import { listenToPlainKeys } from '../shared/plainKeys';
import { FilterBar } from './FilterBar';
import { GroupList } from './GroupList';
import { GroupPane } from './GroupPane';
import { failure, list, moveResponse, openPlayground, openSample, place, selectAt, stages, start } from './rolloutsModel';

function RolloutsView() {
  if (failure.value) return <div class="empty error" role="alert">{failure.value}</div>;
  if (!list.value) return <div class="empty"><vscode-progress-ring aria-label="Reading the rollouts" /></div>;
  if (stages.value.length === 0) return <div class="empty">This run has no rollouts yet. The first ones come with its sampling stage.</div>;
  return (
    <div class="rollouts">
      <FilterBar />
      <div class="rollouts-main">
        <GroupList />
        <GroupPane />
      </div>
    </div>
  );
}

const keys: Readonly<Record<string, () => void>> = {
  j: () => void selectAt(place.value + 1),
  k: () => void selectAt(place.value - 1),
  h: () => moveResponse(-1),
  l: () => moveResponse(1),
  f: openSample,
  p: openPlayground,
};

listenToPlainKeys(keys);

start().catch((error: unknown) => (failure.value = error instanceof Error ? error.message : String(error)));
const root = document.getElementById('root');
if (root) render(<RolloutsView />, root);
