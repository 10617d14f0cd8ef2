import { useRef } from 'preact/hooks';
import type { Row } from '../../src/core/dataset/row';
import type { RowView } from '../../src/protocol/datasetEditor';
import { AnswerField } from './answerField';
import { BoxList } from './boxList';
import { useCommittedField } from './committedField';
import { CurationFields } from './curationFields';
import type { EditorStore } from './editorStore';
import { ImageMarksLine } from './imageMarksLine';
import { KeyWords } from './keyWords';
import { ProposalPanel } from './proposalPanel';
import { PromptPreview } from './promptPreview';
import { Responses } from './responses';
import { SecondLabelsPart } from './secondLabelsPart';

/** The fields of the shown sample. */
export function SidePanel({ store, view }: { readonly store: EditorStore; readonly view: RowView }): preact.JSX.Element {
  const isBlind = store.blind.isOn.value;
  return (
    <div class="side">
      <Problems store={store} view={view} />
      {view.row ? (
        <>
          <Fields key={`${view.index} ${isBlind}`} store={store} row={view.row} />
          {!isBlind && <ProposalPanel store={store} view={view} />}
          {!isBlind && <Responses store={store} row={view.row} />}
          {!isBlind && <PromptPreview key={`prompt ${view.index}`} store={store} view={view} />}
          {!isBlind && <SecondLabelsPart key={`second ${view.index}`} store={store} view={view} />}
          {!isBlind && <CurationFields key={`curation ${view.index}`} store={store} view={view} />}
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
            {problem.fix && <> <button class="link" onClick={() => void store.gestures.fix(problem.rule)}>{problem.fix}</button></>}
          </div>
        </li>
      ))}
    </ul>
  );
}

function Fields({ store, row }: { readonly store: EditorStore; readonly row: Row }): preact.JSX.Element {
  const isBlind = store.blind.isOn.value;
  const caret = useRef<number | undefined>(undefined);
  const problem = useCommittedField(store, row.problem, value => void store.gestures.change({ type: 'setText', field: 'problem', value }));
  const keepCaret = (event: Event): void => void (caret.current = (event.currentTarget as HTMLElement).shadowRoot?.querySelector('textarea')?.selectionStart);
  return (
    <>
      <div class="field">
        <label class="field-name" for="problem">Problem</label>
        <vscode-text-area
          id="problem" class="wide" rows={4} resize="vertical" value={problem.text} aria-label="Problem" readonly={isBlind}
          onInput={event => problem.onInput((event.target as HTMLInputElement).value)} onBlur={problem.commit} onKeyUp={keepCaret} onClick={keepCaret} onFocusOut={keepCaret}
          onKeyDown={event => event.key === 'Escape' && problem.discard()}
        />
        {!isBlind && <ImageMarksLine store={store} row={row} caret={() => caret.current} />}
      </div>
      <AnswerField store={store} row={row} />
      <KeyWords store={store} row={row} />
      <BoxList store={store} row={row} />
    </>
  );
}
