import type { Row } from '../../src/core/dataset/row';
import type { RowView } from '../../src/protocol/datasetEditor';
import { BoxList } from './boxList';
import { useCommittedField } from './committedField';
import { CurationFields } from './curationFields';
import type { EditorStore } from './editorStore';
import { KeyWords } from './keyWords';
import { ProposalPanel } from './proposalPanel';
import { PromptPreview } from './promptPreview';
import { Responses } from './responses';

/** The fields of the shown sample. */
export function SidePanel({ store, view }: { readonly store: EditorStore; readonly view: RowView }): preact.JSX.Element {
  return (
    <div class="side">
      <Problems store={store} view={view} />
      {view.row ? (
        <>
          <Fields key={view.index} store={store} row={view.row} />
          <ProposalPanel store={store} view={view} />
          <Responses store={store} row={view.row} />
          <PromptPreview key={`prompt ${view.index}`} store={store} view={view} />
          <CurationFields key={`curation ${view.index}`} store={store} view={view} />
        </>
      ) : (
        <div class="field">
          <span class="field-name">Line {view.line.toLocaleString('en')}</span>
          <pre class="raw-line mono">{view.text}</pre>
          <vscode-button appearance="secondary" onClick={() => store.host.send('openAsText', { line: view.line })}>Open as Text</vscode-button>
        </div>
      )}
    </div>
  );
}

/** What the linter found in this row, with what to do. */
function Problems({ store, view }: { readonly store: EditorStore; readonly view: RowView }): preact.JSX.Element | null {
  if (view.problems.length === 0) return null;
  return (
    <ul class="problems" aria-label="Problems of this sample">
      {view.problems.map(problem => (
        <li key={`${problem.rule}${problem.message}`}>
          <i class={`codicon codicon-${problem.severity} ${problem.severity === 'error' ? 'is-error' : 'is-warning'}`} aria-label={problem.severity} />
          <div>
            {problem.message} <span class="dim">{problem.remedy}</span>
            {problem.fix && <> <button class="link" onClick={() => void store.fix(problem.rule)}>{problem.fix}</button></>}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Fields({ store, row }: { readonly store: EditorStore; readonly row: Row }): preact.JSX.Element {
  const problem = useCommittedField(store, row.problem, value => void store.change({ type: 'setText', field: 'problem', value }));
  const answer = useCommittedField(store, row.answer, value => void store.change({ type: 'setText', field: 'answer', value }));
  const textOf = (event: Event): string => (event.target as HTMLInputElement).value;
  return (
    <>
      <div class="field">
        <label class="field-name" for="problem">Problem</label>
        <vscode-text-area
          id="problem" class="wide" rows={4} resize="vertical" value={problem.text} aria-label="Problem"
          onInput={event => problem.onInput(textOf(event))} onBlur={problem.commit}
          onKeyDown={event => event.key === 'Escape' && problem.discard()}
        />
      </div>
      <div class="field">
        <label class="field-name" for="answer">Answer</label>
        <vscode-text-field
          id="answer" class="wide" value={answer.text} placeholder="No answer yet" aria-label="Answer"
          onInput={event => answer.onInput(textOf(event))} onBlur={answer.commit}
          onKeyDown={event => {
            if (event.key === 'Enter') answer.commit();
            if (event.key === 'Escape') answer.discard();
          }}
        />
      </div>
      <KeyWords store={store} words={row.key_words} />
      <BoxList store={store} row={row} />
    </>
  );
}
