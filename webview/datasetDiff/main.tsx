import './datasetDiff.css';
import { render } from 'preact';
import { listenToPlainKeys } from '../shared/plainKeys';
import { ChangeList } from './ChangeList';
import { ChangePane } from './ChangePane';
import { compareAgain, failure, isStale, openSample, openText, overview, place, selectAt, side, start } from './diffModel';
import { Header } from './Header';

function DatasetDiffView() {
  const current = overview.value;
  if (failure.value) return <div class="empty error" role="alert">{failure.value}</div>;
  if (!current) return <div class="empty"><vscode-progress-ring aria-label="Comparing" /></div>;
  const { added, removed, changed, rewritten } = current.counts;
  return (
    <div class="diff">
      <Header />
      {isStale.value && <div class="stale row" role="status"><i class="codicon codicon-info" />The file changed since it was compared.<button class="link" onClick={compareAgain}>Compare again</button></div>}
      {added + removed + changed + rewritten === 0
        ? <div class="empty">No row differs{current.oldRows > 0 ? `: all ${current.oldRows.toLocaleString('en')} rows are as they were. Order and line ends are not compared.` : '.'}</div>
        : <div class="diff-main"><ChangeList /><ChangePane /></div>}
    </div>
  );
}

const keys: Readonly<Record<string, () => void>> = {
  j: () => void selectAt(place.value + 1),
  k: () => void selectAt(place.value - 1),
  o: () => (side.value = side.value === 'old' ? 'both' : 'old'),
  n: () => (side.value = side.value === 'now' ? 'both' : 'now'),
  f: openSample,
  t: openText,
};

listenToPlainKeys(keys);

start().catch((error: unknown) => (failure.value = error instanceof Error ? error.message : String(error)));
const root = document.getElementById('root');
if (root) render(<DatasetDiffView />, root);
