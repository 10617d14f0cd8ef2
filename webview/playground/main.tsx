import './playground.css';
import { render } from 'preact';
import { sentence } from '../../src/core/sentence';
import { listenToPlainKeys } from '../shared/plainKeys';
import { AttackTable } from './AttackTable';
import { Controls } from './Controls';
import { ForecastPane } from './ForecastPane';
import { GroupTable } from './GroupTable';
import { Numbers } from './Numbers';
import { addCase, commonError, debug, editSelected, failure, isScoring, openPlace, openSample, options, result, run, scored, start, tab } from './playgroundModel';
import { ErrorNote, ResponsePane, Why } from './ResponsePane';
import { SamplePane } from './SamplePane';
import { ScoreTable } from './ScoreTable';
import { Summary } from './Summary';
import { moveGroup, moveSelection } from './tableModel';
import { Tabs } from './Tabs';

function PlaygroundView() {
  if (failure.value) return <div class="empty error" role="alert">{failure.value}</div>;
  if (!options.value) return <div class="empty"><vscode-progress-ring aria-label="Opening the playground" /></div>;
  const isStale = result.value?.kind === 'failed';
  return (
    <div class="playground">
      <Controls />
      <Notice />
      {scored.value ? (
        <main class={`main ${isStale ? 'is-stale' : ''}`}>
          <Summary />
          <Numbers />
          <Tabs />
          {tab.value === 'forecast' ? <ForecastPane /> : (
            <div class="panes" role="tabpanel" aria-labelledby={`tab-${tab.value}`}>
              {tab.value === 'responses' ? <ScoreTable /> : tab.value === 'groups' ? <GroupTable /> : <AttackTable />}
              <div class="detail"><ResponsePane /><SamplePane /><Why /></div>
            </div>
          )}
        </main>
      ) : isScoring.value && !isStale ? <div class="empty"><vscode-progress-ring aria-label="Scoring" /></div> : null}
    </div>
  );
}

/** Why there are no scores, or only old ones, and what to do about it. */
function Notice() {
  const current = result.value;
  switch (current?.kind) {
    case 'failed': {
      const { message, remedy, file, line } = current;
      return (
        <div class="note-box is-error banner" role="alert">
          <i class="codicon codicon-error" aria-hidden="true" />
          <span>{remedy ? `${sentence(message)} ${remedy}` : message}{file && <> <button class="link" onClick={() => openPlace(file, line)}>{file.split(/[\\/]/).at(-1)}{line === undefined ? '' : `, line ${line}`}</button></>}
            {scored.value && <span class="dim"> The scores below are those of the version before.</span>}</span>
        </div>
      );
    }
    case 'untrusted':
      return (
        <div class="empty">
          <p><i class="codicon codicon-workspace-untrusted big" aria-hidden="true" /></p>
          <p>Rewards are code of this folder. They run once you trust it.</p>
          <vscode-button onClick={() => run('trust')}>Manage Workspace Trust</vscode-button>
        </div>
      );
    case 'empty': {
      const { message, action } = current;
      return <div class="empty"><p>{message}</p>{action && <vscode-button onClick={() => run(action)}>{actionNames[action]}</vscode-button>}</div>;
    }
    case 'scored': {
      const common = commonError.value;
      return (
        <>
          {common && <div class="banner"><ErrorNote error={common} prefix="Every response fails. " /></div>}
          {current.left.length > 0 && <div class="note-box banner"><i class="codicon codicon-info" aria-hidden="true" /><span>Not scored: {current.left.join('; ')}.</span></div>}
        </>
      );
    }
    case undefined: return null;
  }
}

const actionNames = { createProject: 'Create Project', openConfig: 'Edit pebr.json', train: 'Train' } as const;
const move = (by: number): void => (tab.value === 'groups' ? moveGroup(by) : moveSelection(by));
const keys: Readonly<Record<string, () => void>> = { j: () => move(1), k: () => move(-1), f: openSample, e: editSelected, m: addCase, b: debug };

listenToPlainKeys(keys);

const root = document.getElementById('root');
if (root) render(<PlaygroundView />, root);
void start();
